"""Attacks on one-time codes: guessing, racing, replaying, moving codes about, reading what is kept."""

from __future__ import annotations

import ast
import hmac
import inspect
import io
import json
import logging
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy

from kyc_service.domain.claims import Claims
from kyc_service.errors import KycError
from kyc_service.observability.logs import configure_logs
from kyc_service.outbound.failures import GatewayRefused, GatewayTimedOut
from kyc_service.storage.phone_codes import PhoneCodes
from kyc_service.storage.records import PhoneCodeDelivery
from kyc_service.storage.tables import Base
from kyc_service.verification import phone_codes
from kyc_service.verification.code_counting import PhoneCodePaused
from kyc_service.verification.phone_code_binding import TRIES, PhoneCodeMissing
from kyc_service.verification.phone_code_parts import draw_code
from kyc_service.verification.phone_code_sending import send_phone_code
from kyc_service.verification.phone_codes import (
    CodeChecked,
    check_phone_code,
    possession_of,
)
from kyc_service.verification.service import VerificationService
from kyc_service.verification.use_cases import list_events, put_claims
from tests.conftest import CALLER, OTHER_CLIENT
from tests.verification.phone_codes import LIMITS, OTHER, PHONE, Clock, NullSender, opened, with_codes

pytestmark = pytest.mark.integration


def _has_possession(service: VerificationService, verification_id: str, phone: str) -> bool:
    with service.database.transaction() as tx:
        record = tx.verifications.get(verification_id)
        return possession_of(service, tx, record, Claims(phone_number=phone)) is not None


def _guess(service: VerificationService, verification_id: str, typed: str) -> str:
    try:
        return "confirmed" if check_phone_code(service, verification_id, typed, CALLER).is_confirmed else "wrong"
    except KycError as refused:
        return refused.code


class TestGuessing:
    @pytest.mark.parametrize("verifications", [1, 3])
    def test_a_day_of_guessing_at_one_number_is_fifty_guesses(
        self, codes: VerificationService, sender: NullSender, clock: Clock, verifications: int
    ) -> None:
        """However many verifications: 10 codes of 5 tries each, a chance of 5 in 100,000 a day."""
        own = [opened(codes) for _ in range(verifications)]
        end, guesses = clock.at + timedelta(days=1), 0
        while clock.at < end:
            paused_s = []
            for verification_id in own:
                try:
                    send_phone_code(codes, verification_id, CALLER)
                except PhoneCodePaused as paused:
                    paused_s.append(paused.retry_after_s)
                    continue
                guesses += [_guess(codes, verification_id, sender.wrong) for _ in range(TRIES + 2)].count("wrong")
            clock.pass_by(seconds=min(paused_s, default=1))
        assert guesses == 50
        assert 1 - (1 - 1e-6) ** guesses < 5.1e-5

    def test_guesses_at_the_same_time_share_five_tries(self, codes: VerificationService, sender: NullSender) -> None:
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)
        wrong = sender.wrong
        with ThreadPoolExecutor(16) as pool:
            answers = Counter(pool.map(lambda _: _guess(codes, verification_id, wrong), range(48)))
        assert answers == {"wrong": TRIES, "phone_code_used_up": 48 - TRIES}

    def test_tries_are_bounded_by_the_row_alone(self, codes: VerificationService, sender: NullSender) -> None:
        """Also for one who does not lock the verification."""
        code_id = send_phone_code(codes, opened(codes), CALLER).record.id

        def burn(_: int) -> int | None:
            with codes.database.transaction() as tx:
                return tx.phone_codes.burn_try(code_id, TRIES)

        with ThreadPoolExecutor(16) as pool:
            assert sorted(used for used in pool.map(burn, range(48)) if used) == [1, 2, 3, 4, 5]

    def test_a_right_guess_among_many_at_the_same_time_confirms_once(
        self, codes: VerificationService, sender: NullSender
    ) -> None:
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)
        code = sender.code
        with ThreadPoolExecutor(8) as pool:
            answers = Counter(pool.map(lambda _: _guess(codes, verification_id, code), range(16)))
        assert answers == {"confirmed": 16}
        kinds = [event.type.value for event in list_events(codes, verification_id, CALLER)]
        assert kinds.count("phone_confirmed") == 1

    def test_a_try_is_burnt_before_anything_is_compared(
        self, codes: VerificationService, sender: NullSender, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)
        compared: list[tuple[int, int, int | None]] = []
        real_burn, real_compare, burnt = PhoneCodes.burn_try, hmac.compare_digest, []

        def burn(self: PhoneCodes, code: str, most: int) -> int | None:
            burnt.append(real_burn(self, code, most))
            return burnt[-1]

        def watched(ours: bytes, kept: bytes) -> bool:
            compared.append((len(ours), len(kept), burnt[-1]))
            return real_compare(ours, kept)

        monkeypatch.setattr(PhoneCodes, "burn_try", burn)

        monkeypatch.setattr(phone_codes.hmac, "compare_digest", watched)
        for typed in (sender.wrong, sender.code):
            check_phone_code(codes, verification_id, typed, CALLER)
        # Digests of one length, whatever was typed: the time says nothing of how much of it was right.
        assert compared == [(32, 32, 1), (32, 32, 2)]

    def test_codes_are_compared_in_constant_time_and_in_one_place(self) -> None:
        tree = ast.parse(inspect.getsource(phone_codes._check))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        names = [ast.unparse(call.func) for call in calls]
        assert names.count("hmac.compare_digest") == 1
        assert names.index("tx.phone_codes.burn_try") < names.index("hmac.compare_digest")
        compared = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Compare)]
        assert not [text for text in compared if "digest" in text and "phone_digest" not in text]
        assert not [text for text in compared if "typed" in text]

    def test_codes_are_spread_evenly(self) -> None:
        drawn = [draw_code() for _ in range(6000)]
        assert all(len(code) == 6 and code.isdecimal() for code in drawn)
        for place in range(6):
            seen = Counter(code[place] for code in drawn)
            # Chi-squared of 9 degrees: above 39 once in 100,000.
            assert sum((seen[str(digit)] - 600) ** 2 / 600 for digit in range(10)) < 39


class TestElsewhere:
    def test_a_code_is_of_no_use_to_another_verification(
        self, codes: VerificationService, sender: NullSender, clock: Clock
    ) -> None:
        mine, other = opened(codes), opened(codes)
        send_phone_code(codes, mine, CALLER)
        code = sender.code
        assert _guess(codes, other, code) == PhoneCodeMissing.code
        clock.pass_by(minutes=1)
        send_phone_code(codes, other, CALLER)
        if code != sender.code:
            assert _guess(codes, other, code) == "wrong"
        assert _guess(codes, mine, code) == "confirmed"
        assert not _has_possession(codes, other, PHONE)

    def test_a_digest_copied_to_another_row_fits_nothing(
        self, codes: VerificationService, sender: NullSender, clock: Clock
    ) -> None:
        mine, other = opened(codes), opened(codes)
        send_phone_code(codes, mine, CALLER)
        code = sender.code
        clock.pass_by(minutes=1)
        send_phone_code(codes, other, CALLER)
        with codes.database.engine.begin() as connection:
            connection.execute(
                sqlalchemy.text(
                    "UPDATE phone_codes SET digest = (SELECT digest FROM phone_codes WHERE verification_id = :mine)"
                    " WHERE verification_id = :other"
                ),
                {"mine": mine, "other": other},
            )
        assert _guess(codes, other, code) == "wrong"

    def test_a_replay_after_confirmation_changes_nothing(
        self, codes: VerificationService, sender: NullSender, clock: Clock
    ) -> None:
        mine, other = opened(codes), opened(codes)
        send_phone_code(codes, mine, CALLER)
        code = sender.code
        first = check_phone_code(codes, mine, code, CALLER)
        before = list_events(codes, mine, CALLER)
        clock.pass_by(minutes=30)
        assert check_phone_code(codes, mine, code, CALLER) == first == CodeChecked(is_confirmed=True, tries_left=4)
        assert list_events(codes, mine, CALLER) == before
        assert _guess(codes, other, code) == PhoneCodeMissing.code

    def test_another_number_claimed_before_the_code_is_typed(
        self, codes: VerificationService, sender: NullSender
    ) -> None:
        """A code to one's own phone confirms no other number."""
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)
        put_claims(codes, verification_id, Claims(phone_number=OTHER), CALLER)
        assert _guess(codes, verification_id, sender.code) == PhoneCodeMissing.code
        put_claims(codes, verification_id, Claims(), CALLER)
        assert _guess(codes, verification_id, sender.code) == PhoneCodeMissing.code
        assert not _has_possession(codes, verification_id, OTHER)

    def test_another_number_claimed_after_it_was_confirmed(
        self, codes: VerificationService, sender: NullSender
    ) -> None:
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)
        assert _guess(codes, verification_id, sender.code) == "confirmed"
        put_claims(codes, verification_id, Claims(phone_number=OTHER), CALLER)
        assert not _has_possession(codes, verification_id, OTHER)
        assert _guess(codes, verification_id, sender.code) == PhoneCodeMissing.code
        # Claimed again, it is the number that was confirmed.
        put_claims(codes, verification_id, Claims(phone_number="13800138000"), CALLER)
        assert _has_possession(codes, verification_id, PHONE)

    def test_a_number_that_only_looks_like_it(self, codes: VerificationService, sender: NullSender) -> None:
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)
        assert _guess(codes, verification_id, sender.code) == "confirmed"
        for phone in ("+8613800138001", "+852 13800138000", "+86 138 0013 800", "+1 380 013 8000"):
            assert not _has_possession(codes, verification_id, phone)


class TestFlooding:
    def test_of_requests_at_the_same_time_for_one_number_one_is_sent(
        self, codes: VerificationService, sender: NullSender
    ) -> None:
        own = [opened(codes) for _ in range(12)]

        def ask(verification_id: str) -> bool:
            try:
                send_phone_code(codes, verification_id, CALLER)
            except PhoneCodePaused:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(ask, own)) == 1
        assert len(sender.sent) == 1

    @pytest.mark.parametrize(
        ("phones", "address", "most"),
        [
            ([PHONE], None, 1),
            ([f"+86138001380{n:02d}" for n in range(20)], "203.0.113.7", 10),
            ([f"+86138001380{n:02d}" for n in range(20)], "2001:db8::{n:x}", 10),
        ],
    )
    def test_a_minute_has_so_many(
        self, codes: VerificationService, sender: NullSender, phones: list[str], address: str | None, most: int
    ) -> None:
        for n in range(20):
            claimed = None if address is None else address.format(n=n)
            verification_id = opened(codes, phones[n % len(phones)], ip_address=claimed)
            with suppress(PhoneCodePaused):
                send_phone_code(codes, verification_id, CALLER)
        assert len(sender.sent) == most

    def test_a_client_has_a_most_and_others_are_not_touched(
        self, codes: VerificationService, sender: NullSender, clock: Clock
    ) -> None:
        few = with_codes(codes, sender, clock, replace(LIMITS, per_client=LIMITS.per_number))
        send_phone_code(few, opened(few, PHONE), CALLER)
        with pytest.raises(PhoneCodePaused) as paused:
            send_phone_code(few, opened(few, OTHER), CALLER)
        assert paused.value.retry_after_s == 60
        send_phone_code(few, opened(few, OTHER, caller=OTHERS_CALLER), OTHERS_CALLER)

    def test_a_failing_gateway_is_not_hammered(
        self, codes: VerificationService, sender: NullSender, clock: Clock
    ) -> None:
        verification_id = opened(codes)
        sender.failures = [GatewayRefused(400) for _ in range(99)]
        asked = 0
        for _ in range(30):
            with suppress(PhoneCodePaused):
                send_phone_code(codes, verification_id, CALLER)
                asked += 1
        assert asked == sender.calls == 3

    def test_what_others_asked_for_is_not_told(
        self, codes: VerificationService, sender: NullSender, clock: Clock
    ) -> None:
        """The same answer and the same wait as for a number that nobody else ever asked a code for."""
        for _ in range(4):
            send_phone_code(codes, opened(codes, PHONE), CALLER)
            clock.pass_by(minutes=2)
        known = send_phone_code(codes, opened(codes, PHONE), CALLER)
        unknown = send_phone_code(codes, opened(codes, OTHER), CALLER)
        assert known.resend_after_s(clock.at) == unknown.resend_after_s(clock.at) == 60
        assert known.tries_left == unknown.tries_left


class TestKept:
    def test_neither_logs_nor_database_hold_a_code_or_a_number(
        self, codes: VerificationService, sender: NullSender, clock: Clock, everything: Callable[[], str]
    ) -> None:
        verification_id = opened(codes)
        typed: list[str] = []
        for failures in ([], [GatewayRefused(400)], [GatewayTimedOut(), GatewayTimedOut(), GatewayTimedOut()], []):
            sender.failures = list(failures)
            clock.pass_by(hours=1)
            send_phone_code(codes, verification_id, CALLER)
            if not failures:
                typed += [sender.wrong, sender.code]
                for guess in typed[-2:]:
                    check_phone_code(codes, verification_id, guess, CALLER)
        put_claims(codes, verification_id, Claims(phone_number=OTHER), CALLER)
        kept = everything()
        assert "phone_code_failed" in kept
        for secret in (*typed, *(message.code for message in sender.sent), "13800138000", "13912345678"):
            assert secret not in kept


@pytest.fixture
def everything(codes: VerificationService) -> Iterator[Callable[[], str]]:
    """All that was logged, at the most talkative level, and the whole database, as text."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers, root.level
    configure_logs("debug", stream)
    root.setLevel(logging.DEBUG)

    def read() -> str:
        rows: list[str] = [stream.getvalue()]
        with codes.database.engine.connect() as connection:
            for table in Base.metadata.tables:
                rows += connection.execute(sqlalchemy.text(f"SELECT t::text FROM {table} t")).scalars()  # noqa: S608
        # Digits in bytes shown as hexadecimal, in ids and in fractions of seconds are nobody's code.
        return re.sub(r"\\x[0-9a-f]+|(ver|phc|evt)_[0-9a-f]{32}|\.[0-9]{6}\b", "", "\n".join(rows))

    yield read
    root.handlers, root.level = before


OTHERS_CALLER = replace(CALLER, client_id=OTHER_CLIENT)
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from kyc_service.domain.claims import Claims
from kyc_service.notifications.code_senders import FileSender
from kyc_service.storage.database import Database
from kyc_service.storage.master_key import create_master_key
from kyc_service.verification.phone_code_sending import send_phone_code
from kyc_service.verification.service import VerificationService
from tests.conftest import CALLER
from tests.verification.phone_codes import with_codes
from kyc_service.observability.metrics import Metrics

class Dies(FileSender):
    def send(self, message):
        FileSender(self.path).send(message)
        os.kill(os.getpid(), signal.SIGKILL)

root = Path(sys.argv[1])
service = VerificationService(
    Database.connect(sys.argv[2]), None, create_master_key(root / "keys" / "master.key"), None, None, None, None,
    None, None, None, Metrics(), None,
)
service = with_codes(service, Dies(root / "codes.jsonl"), lambda: datetime.now(UTC))
send_phone_code(service, sys.argv[3], CALLER)
"""


@pytest.mark.e2e
def test_a_service_killed_between_sending_and_writing_it_down(
    codes: VerificationService, sender: NullSender, clock: Clock, data_dir: Path, postgres_url: str
) -> None:
    verification_id = opened(codes)
    arguments = [str(data_dir), postgres_url, verification_id]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False, timeout=60, cwd=Path.cwd())
    assert done.returncode == -9
    with codes.database.transaction() as tx:
        left = tx.phone_codes.current(verification_id)
    assert left is not None
    assert left.delivery is PhoneCodeDelivery.PENDING
    clock.at = left.created_at + timedelta(seconds=5)
    # It counts as sent, and works: the message is on its way.
    with pytest.raises(PhoneCodePaused):
        send_phone_code(codes, verification_id, CALLER)
    code = json.loads((data_dir / "codes.jsonl").read_text())["code"]
    assert check_phone_code(codes, verification_id, code, CALLER).is_confirmed

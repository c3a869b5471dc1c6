"""Client tokens: only the service makes them, for one verification and a while."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.access.keys import AuthenticationRequired
from kyc_service.access.tokens import TOKEN_PREFIX, caller_of_token, issue_token
from kyc_service.domain.clients import FIRST_CLIENT, ClientMode

NOW = datetime(2026, 11, 24, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=1)
VERIFICATION = "ver_" + "1" * 32


def ours(data: bytes) -> bytes:
    return hmac.digest(b"the service's own", data, hashlib.sha256)


def theirs(data: bytes) -> bytes:
    return hmac.digest(b"somebody else's", data, hashlib.sha256)


TOKEN = issue_token(ours, FIRST_CLIENT, ClientMode.LIVE, VERIFICATION, UNTIL)


def part(said: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def test_a_token_names_its_client_and_its_verification() -> None:
    caller = caller_of_token(ours, TOKEN.text, NOW)
    assert (caller.client_id, caller.mode, caller.verification_id) == (FIRST_CLIENT, ClientMode.LIVE, VERIFICATION)
    assert caller.is_applicant
    assert caller.actor == f"applicant:{VERIFICATION}"


def test_it_is_good_until_its_last_second_and_no_longer() -> None:
    assert caller_of_token(ours, TOKEN.text, UNTIL - timedelta(seconds=1)).is_applicant
    for late in (UNTIL, UNTIL + timedelta(days=1)):
        with pytest.raises(AuthenticationRequired):
            caller_of_token(ours, TOKEN.text, late)


def test_one_that_somebody_else_made_opens_nothing() -> None:
    forged = issue_token(theirs, FIRST_CLIENT, ClientMode.LIVE, VERIFICATION, UNTIL)
    with pytest.raises(AuthenticationRequired):
        caller_of_token(ours, forged.text, NOW)


@pytest.mark.parametrize(
    "said",
    [
        ["cli_" + "9" * 32, "live", VERIFICATION, int(UNTIL.timestamp())],
        [FIRST_CLIENT, "sandbox", VERIFICATION, int(UNTIL.timestamp())],
        [FIRST_CLIENT, "live", "ver_" + "2" * 32, int(UNTIL.timestamp())],
        [FIRST_CLIENT, "live", VERIFICATION, int(UNTIL.timestamp()) + 1],
    ],
    ids=["another client", "another mode", "another verification", "a later end"],
)
def test_what_it_says_cannot_be_changed(said: list[object]) -> None:
    signature = TOKEN.text.split(".")[1]
    with pytest.raises(AuthenticationRequired):
        caller_of_token(ours, f"{TOKEN_PREFIX}{part(said)}.{signature}", NOW)


def test_the_signature_is_of_tokens_alone() -> None:
    """A digest that the service made of the same bytes for something else is no signature."""
    said = TOKEN.text.removeprefix(TOKEN_PREFIX).split(".")[0]
    elsewhere = ours(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    signature = base64.urlsafe_b64encode(elsewhere).rstrip(b"=").decode()
    with pytest.raises(AuthenticationRequired):
        caller_of_token(ours, f"{TOKEN_PREFIX}{said}.{signature}", NOW)


def test_any_byte_changed_opens_nothing() -> None:
    body = TOKEN.text.removeprefix(TOKEN_PREFIX)
    said, signed = body.split(".")
    for index in range(len(said)):
        changed = said[:index] + ("A" if said[index] != "A" else "B") + said[index + 1 :]
        with pytest.raises(AuthenticationRequired):
            caller_of_token(ours, f"{TOKEN_PREFIX}{changed}.{signed}", NOW)
    # The last character of a signature carries bits that are not part of it.
    for index in range(len(signed) - 1):
        changed = signed[:index] + ("A" if signed[index] != "A" else "B") + signed[index + 1 :]
        with pytest.raises(AuthenticationRequired):
            caller_of_token(ours, f"{TOKEN_PREFIX}{said}.{changed}", NOW)


@given(st.text(max_size=60))
def test_no_text_crashes_it(text: str) -> None:
    for shown in (text, TOKEN_PREFIX + text, f"{TOKEN_PREFIX}{text}.{text}"):
        with pytest.raises(AuthenticationRequired):
            caller_of_token(ours, shown, NOW)


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    plain = hmac.compare_digest

    def compare(expected: bytes, shown: bytes) -> bool:
        compared.append((expected, shown))
        return plain(expected, shown)

    monkeypatch.setattr("kyc_service.access.tokens.hmac.compare_digest", compare)
    caller_of_token(ours, TOKEN.text, NOW)
    assert len(compared) == 1
    assert len(compared[0][0]) == len(compared[0][1]) == hashlib.sha256().digest_size


def test_a_token_does_not_show_itself_in_logs() -> None:
    assert TOKEN.text not in repr(TOKEN)

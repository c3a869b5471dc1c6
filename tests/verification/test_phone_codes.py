"""One-time codes: sent, repeated, counted as evidence; what a failing gateway and a killed service leave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kyc_service.domain.claims import Claims, Device
from kyc_service.domain.history import PhonePossession
from kyc_service.domain.outcome import Verdict
from kyc_service.notifications.phone_code import Language
from kyc_service.outbound.failures import (
    GatewayNotTrusted,
    GatewayRefused,
    GatewayTimedOut,
    GatewayUnreachable,
    OutboundFailed,
)
from kyc_service.storage.database import Transaction
from kyc_service.storage.idempotency import IdempotencyKeyInUse
from kyc_service.storage.records import EventRecord, EventType, PhoneCodeDelivery
from kyc_service.storage.verifications import VerificationNotFound
from kyc_service.verification.capacity import AtCapacity
from kyc_service.verification.code_counting import PhoneCodePaused
from kyc_service.verification.idempotency import Once
from kyc_service.verification.phone_code_binding import TRIES, PhoneCodeMissing
from kyc_service.verification.phone_code_sending import (
    INTERRUPTED,
    PhoneCodesNotConfigured,
    PhoneNumberMissing,
    PhoneNumberNotAccepted,
    send_phone_code,
)
from kyc_service.verification.phone_codes import (
    PhoneCodeExpired,
    PhoneCodeUsedUp,
    check_phone_code,
    possession_of,
)
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import InputNotExpected
from kyc_service.verification.use_cases import list_events, put_capture, put_claims
from tests.conftest import CALLER
from tests.deciding import decided
from tests.verification.phone_codes import OTHER, PHONE, UNLIMITED, Clock, NullSender, opened, with_codes
from tests.verification.test_use_cases import FRONT, SELFIE

pytestmark = pytest.mark.integration


def _events(service: VerificationService, verification_id: str) -> list[EventRecord]:
    return [event for event in list_events(service, verification_id, CALLER) if event.type.value.startswith("phone_")]


def _possession(service: VerificationService, verification_id: str, phone: str) -> PhonePossession | None:
    with service.database.transaction() as tx:
        record = tx.verifications.get(verification_id)
        return possession_of(service, tx, record, Claims(phone_number=phone))


def _once(key: bytes = b"key") -> Once[Any]:
    return Once(key, b"request", lambda _: b"answer")


class TestSending:
    def test_a_code_goes_to_the_claimed_number(self, codes: VerificationService, sender: NullSender) -> None:
        view = send_phone_code(codes, opened(codes, "138 0013 8000"), CALLER)
        (message,) = sender.sent
        assert (message.e164, message.id, message.language) == (PHONE, view.record.id, Language.CHINESE)
        assert len(message.code) == 6
        assert message.code.isdecimal()
        assert view.record.delivery is PhoneCodeDelivery.SENT
        assert view.tries_left == TRIES
        assert view.record.expires_at - view.record.created_at == timedelta(minutes=5)
        assert view.resend_after_s(codes.now()) == 60

    def test_the_text_is_in_the_language_of_the_device(self, codes: VerificationService, sender: NullSender) -> None:
        send_phone_code(codes, opened(codes, device=Device(locale="en-GB")), CALLER)
        assert sender.sent[0].language is Language.ENGLISH

    def test_events_tell_without_number_or_code(self, codes: VerificationService, sender: NullSender) -> None:
        verification_id = opened(codes)
        view = send_phone_code(codes, verification_id, CALLER)
        (event,) = _events(codes, verification_id)
        assert event.type is EventType.PHONE_CODE_SENT
        assert event.payload == {"phone_code_id": view.record.id, "delivery_tries": 1}

    @pytest.mark.parametrize(
        "phone",
        [
            "12345",
            "not a number",
            "+8610123456",
            "+861062630000",  # a landline
            "+864001234567",  # shared cost
            "+8616812345678",  # premium
            "+80012345678",  # freephone of no country
            "+19005551234",  # premium
            "+12025550123",  # a country that is not written to
            "+881612345678",  # a satellite
            "+447911123456",
        ],
    )
    def test_nothing_is_sent_where_it_costs_or_cannot_arrive(
        self, codes: VerificationService, sender: NullSender, phone: str
    ) -> None:
        with pytest.raises(PhoneNumberNotAccepted):
            send_phone_code(codes, opened(codes, phone), CALLER)
        assert sender.calls == 0

    def test_without_a_number_or_a_sender_nothing_is_sent(
        self, codes: VerificationService, service: VerificationService, clock: Clock
    ) -> None:
        with pytest.raises(PhoneNumberMissing):
            send_phone_code(codes, opened(codes, None), CALLER)
        for without in (service, with_codes(service, None, clock)):
            with pytest.raises(PhoneCodesNotConfigured):
                send_phone_code(without, opened(codes), CALLER)

    def test_of_a_stranger_nothing_is_told(self, codes: VerificationService) -> None:
        with pytest.raises(VerificationNotFound):
            send_phone_code(codes, "ver_" + "0" * 32, CALLER)
        with pytest.raises(VerificationNotFound):
            check_phone_code(codes, "ver_" + "0" * 32, "000000", CALLER)

    def test_the_gateway_is_called_without_a_transaction_or_a_lock(
        self, codes: VerificationService, sender: NullSender
    ) -> None:
        verification_id = opened(codes)
        seen: list[PhoneCodeDelivery] = []

        def look() -> None:
            with codes.database.transaction() as tx:
                tx.verifications.lock(verification_id)
                current = tx.phone_codes.current(verification_id)
                assert current is not None
                seen.append(current.delivery)

        sender.work = look
        send_phone_code(codes, verification_id, CALLER)
        assert seen == [PhoneCodeDelivery.PENDING]

    def test_a_full_house_sends_nobody_to_the_gateway(self, codes: VerificationService, sender: NullSender) -> None:
        begun, end = threading.Event(), threading.Event()

        def wait() -> None:
            begun.set()
            end.wait(10)

        sender.work = wait
        assert codes.phone_codes is not None
        codes.phone_codes.sending._limit = 1  # type: ignore[misc]
        thread = threading.Thread(target=send_phone_code, args=(codes, opened(codes), CALLER))
        thread.start()
        begun.wait(10)
        other = opened(codes, OTHER)
        with pytest.raises(AtCapacity):
            send_phone_code(codes, other, CALLER)
        end.set()
        thread.join()
        assert len(send_phone_code(codes, other, CALLER).record.id) == 36


class TestDelivery:
    def test_what_passes_is_tried_again_with_the_same_code(
        self, codes: VerificationService, sender: NullSender
    ) -> None:
        sender.failures = [GatewayUnreachable(), GatewayRefused(503)]
        view = send_phone_code(codes, opened(codes), CALLER)
        assert (view.record.delivery, view.record.delivery_tries, sender.calls) == (PhoneCodeDelivery.SENT, 3, 3)

    @pytest.mark.parametrize(
        ("failures", "delivery", "cause"),
        [
            ([GatewayUnreachable() for _ in range(3)], "failed", "outbound_unreachable"),
            ([GatewayNotTrusted()], "failed", "outbound_not_trusted"),
            ([GatewayRefused(400)], "failed", "outbound_refused: 400"),
            ([GatewayTimedOut() for _ in range(3)], "uncertain", "outbound_timed_out"),
            ([GatewayTimedOut(), GatewayNotTrusted()], "uncertain", "outbound_not_trusted"),
        ],
    )
    def test_a_failure_is_visible(
        self,
        codes: VerificationService,
        sender: NullSender,
        failures: list[OutboundFailed],
        delivery: str,
        cause: str,
    ) -> None:
        verification_id, tries = opened(codes), len(failures)
        sender.failures = failures
        view = send_phone_code(codes, verification_id, CALLER)
        assert (view.record.delivery.value, view.record.delivery_error) == (delivery, cause)
        (event,) = _events(codes, verification_id)
        assert event.type is EventType.PHONE_CODE_FAILED
        assert event.payload == {
            "phone_code_id": view.record.id,
            "delivery": delivery,
            "cause": cause,
            "delivery_tries": tries,
        }
        assert f'kyc_phone_codes_total{{delivery="{delivery}"}} 1.0' in codes.metrics.render().decode()

    def test_what_was_not_sent_can_be_asked_for_again_at_once_and_cannot_be_repeated(
        self, codes: VerificationService, sender: NullSender
    ) -> None:
        verification_id = opened(codes)
        sender.failures = [GatewayRefused(400)]
        failed = send_phone_code(codes, verification_id, CALLER)
        assert (failed.tries_left, failed.resend_after_s(codes.now())) == (0, 0)
        with pytest.raises(PhoneCodeMissing):
            check_phone_code(codes, verification_id, "000000", CALLER)
        assert send_phone_code(codes, verification_id, CALLER).record.delivery is PhoneCodeDelivery.SENT

    def test_what_may_have_arrived_counts_and_can_be_repeated(
        self, codes: VerificationService, sender: NullSender
    ) -> None:
        verification_id = opened(codes)
        drawn = iter(["314159"])
        codes = replace(codes, phone_codes=replace(codes.phone_codes, draw=lambda: next(drawn)))  # type: ignore[type-var]
        sender.failures = [GatewayTimedOut() for _ in range(3)]
        view = send_phone_code(codes, verification_id, CALLER)
        assert view.resend_after_s(codes.now()) == 60
        with pytest.raises(PhoneCodePaused):
            send_phone_code(codes, verification_id, CALLER)
        assert check_phone_code(codes, verification_id, "314159", CALLER).is_confirmed

    def test_guesses_at_a_code_that_then_fails_do_not_come_on_top(
        self, codes: VerificationService, sender: NullSender
    ) -> None:
        verification_id = opened(codes)
        sender.failures = [GatewayNotTrusted()]
        sender.work = lambda: check_phone_code(codes, verification_id, "000000", CALLER)  # type: ignore[assignment,return-value]
        assert send_phone_code(codes, verification_id, CALLER).record.delivery is PhoneCodeDelivery.UNCERTAIN
        sender.work = lambda: None
        with pytest.raises(PhoneCodePaused):
            send_phone_code(codes, verification_id, CALLER)

    def test_a_service_that_dies_while_sending_leaves_a_code_that_counts(
        self, codes: VerificationService, sender: NullSender, clock: Clock
    ) -> None:
        verification_id = opened(codes)
        said: list[str] = []

        def die() -> None:
            raise KeyboardInterrupt

        drawn = iter(["271828", "141421"])
        codes = replace(codes, phone_codes=replace(codes.phone_codes, draw=lambda: next(drawn)))  # type: ignore[type-var]
        sender.work = die
        with pytest.raises(KeyboardInterrupt):
            send_phone_code(codes, verification_id, CALLER, _once())
        sender.work = lambda: said.append("sent")
        # The same request again: first it may still be under way, then it is known to have been cut off.
        with pytest.raises(IdempotencyKeyInUse):
            send_phone_code(codes, verification_id, CALLER, _once())
        clock.pass_by(minutes=1)
        view = send_phone_code(codes, verification_id, CALLER, _once())
        assert (view.record.delivery, view.record.delivery_error) == (PhoneCodeDelivery.UNCERTAIN, INTERRUPTED)
        assert said == []
        assert check_phone_code(codes, verification_id, "271828", CALLER).is_confirmed
        # Answered by now: the answer that was kept is what a third sending gets.
        with pytest.raises(IdempotencyKeyInUse):
            send_phone_code(codes, verification_id, CALLER, _once())

    def test_a_new_code_tells_of_an_earlier_one_that_was_cut_off(
        self, codes: VerificationService, sender: NullSender, clock: Clock
    ) -> None:
        verification_id = opened(codes)

        def die() -> None:
            raise KeyboardInterrupt

        sender.work = die
        with pytest.raises(KeyboardInterrupt):
            send_phone_code(codes, verification_id, CALLER)
        assert _events(codes, verification_id) == []
        sender.work = lambda: None
        clock.pass_by(minutes=1)
        send_phone_code(codes, verification_id, CALLER)
        failed, sent = _events(codes, verification_id)
        assert (failed.type, failed.payload["cause"]) == (EventType.PHONE_CODE_FAILED, INTERRUPTED)
        assert sent.type is EventType.PHONE_CODE_SENT


class TestChecking:
    def test_the_right_code_confirms_and_is_evidence(
        self, codes: VerificationService, sender: NullSender, clock: Clock
    ) -> None:
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)
        clock.pass_by(seconds=20)
        assert _possession(codes, verification_id, PHONE) is None
        checked = check_phone_code(codes, verification_id, sender.code, CALLER)
        assert (checked.is_confirmed, checked.tries_left) == (True, TRIES - 1)
        assert _possession(codes, verification_id, PHONE) == PhonePossession(PHONE, clock.at)
        assert _possession(codes, verification_id, "138-0013-8000") == PhonePossession(PHONE, clock.at)
        assert _possession(codes, verification_id, OTHER) is None
        assert _possession(codes, verification_id, "nothing") is None
        _, confirmed = _events(codes, verification_id)
        assert confirmed.type is EventType.PHONE_CONFIRMED
        assert set(confirmed.payload) == {"phone_code_id", "tries"}

    def test_a_wrong_code_is_an_answer_and_takes_a_try(self, codes: VerificationService, sender: NullSender) -> None:
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)
        left = [check_phone_code(codes, verification_id, sender.wrong, CALLER) for _ in range(TRIES)]
        assert [(one.is_confirmed, one.tries_left) for one in left] == [(False, n) for n in (4, 3, 2, 1, 0)]
        with pytest.raises(PhoneCodeUsedUp):
            check_phone_code(codes, verification_id, sender.code, CALLER)
        assert _possession(codes, verification_id, PHONE) is None

    def test_the_last_try_may_be_right(self, codes: VerificationService, sender: NullSender) -> None:
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)
        for _ in range(TRIES - 1):
            check_phone_code(codes, verification_id, sender.wrong, CALLER)
        assert check_phone_code(codes, verification_id, sender.code, CALLER).is_confirmed

    @pytest.mark.parametrize(("seconds", "is_in_time"), [(299, True), (300, False), (-1, False)])
    def test_a_code_lives_five_minutes(
        self, codes: VerificationService, sender: NullSender, clock: Clock, seconds: int, *, is_in_time: bool
    ) -> None:
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)
        clock.pass_by(seconds=seconds)
        if is_in_time:
            assert check_phone_code(codes, verification_id, sender.code, CALLER).is_confirmed
        else:
            with pytest.raises(PhoneCodeExpired):
                check_phone_code(codes, verification_id, sender.code, CALLER)

    def test_nothing_was_sent(self, codes: VerificationService) -> None:
        with pytest.raises(PhoneCodeMissing):
            check_phone_code(codes, opened(codes), "000000", CALLER)

    def test_a_new_code_ends_the_old_one_whatever_the_clock_does(
        self, codes: VerificationService, sender: NullSender, clock: Clock
    ) -> None:
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)
        old = sender.code
        clock.pass_by(minutes=2)
        send_phone_code(codes, verification_id, CALLER)
        assert old == sender.code or not check_phone_code(codes, verification_id, old, CALLER).is_confirmed
        assert check_phone_code(codes, verification_id, sender.code, CALLER).is_confirmed

    def test_of_several_codes_one_lives_on_a_clock_that_was_set_back(
        self, codes: VerificationService, sender: NullSender, clock: Clock
    ) -> None:
        unlimited = with_codes(codes, sender, clock, UNLIMITED)
        verification_id = opened(codes)
        for _ in range(3):
            send_phone_code(unlimited, verification_id, CALLER)
            clock.pass_by(hours=-1)
        clock.pass_by(hours=1)
        assert check_phone_code(codes, verification_id, sender.code, CALLER).is_confirmed

    def test_the_same_request_takes_one_try(self, codes: VerificationService, sender: NullSender) -> None:
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)
        check_phone_code(codes, verification_id, sender.wrong, CALLER, _once())
        with pytest.raises(IdempotencyKeyInUse):
            check_phone_code(codes, verification_id, sender.wrong, CALLER, _once())
        assert check_phone_code(codes, verification_id, sender.wrong, CALLER).tries_left == TRIES - 2

    def test_evidence_goes_to_the_pipeline_with_the_submission(
        self, codes: VerificationService, sender: NullSender, clock: Clock, pipeline: Any, picture: Callable[..., bytes]
    ) -> None:
        verification_id = opened(codes)
        for kind in (FRONT, SELFIE):
            put_capture(codes, verification_id, kind, picture(), CALLER)
        pipeline.verdict = Verdict.RETAKE
        decided(codes, pipeline, verification_id)
        send_phone_code(codes, verification_id, CALLER)
        check_phone_code(codes, verification_id, sender.code, CALLER)
        decided(codes, pipeline, verification_id)
        put_claims(codes, verification_id, Claims(phone_number=OTHER), CALLER)
        pipeline.verdict = Verdict.REVIEW
        decided(codes, pipeline, verification_id)
        assert [seen.possession for seen in pipeline.seen] == [None, PhonePossession(PHONE, clock.at), None]
        with pytest.raises(InputNotExpected):
            send_phone_code(codes, verification_id, CALLER)
        with pytest.raises(InputNotExpected):
            check_phone_code(codes, verification_id, sender.code, CALLER)

    def test_what_is_kept_goes_with_the_verifications_key(self, codes: VerificationService, sender: NullSender) -> None:
        verification_id = opened(codes)
        send_phone_code(codes, verification_id, CALLER)

        def count(tx: Transaction) -> int:
            return int(
                tx.phone_codes.session.connection().exec_driver_sql("SELECT count(*) FROM phone_codes").scalar_one()
            )

        with codes.database.transaction() as tx:
            assert count(tx) == 1
            tx.phone_codes.session.connection().exec_driver_sql("DELETE FROM data_keys")
            assert count(tx) == 0

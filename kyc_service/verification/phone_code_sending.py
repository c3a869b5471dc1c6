"""Sending a one-time code to the claimed number.

A code is written down before it is sent, as a keyed digest, and what came of sending
afterwards: nothing is held while the gateway is waited for, and a service that is killed
in between leaves a code that may have arrived and counts as one that did.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import Caller
from kyc_service.errors import Conflict, Unavailable
from kyc_service.notifications.phone_code import PhoneCodeMessage, PhoneCodeSender, language_for
from kyc_service.observability.logs import get_logger
from kyc_service.outbound.failures import OutboundFailed
from kyc_service.outbound.retries import RetryPlan, Tried, repeat
from kyc_service.storage.database import Transaction
from kyc_service.storage.idempotency import IdempotencyKeyInUse
from kyc_service.storage.ids import new_id
from kyc_service.storage.records import EventType, PhoneCodeDelivery, PhoneCodeRecord, VerificationRecord
from kyc_service.verification.code_counting import Counted, address_digest, check_not_too_many, next_allowed
from kyc_service.verification.idempotency import Once
from kyc_service.verification.phone_code_binding import (
    LIFETIME,
    TRIES,
    PhoneCodeMissing,
    claims_of,
    code_digest,
    phone_digest,
)
from kyc_service.verification.phone_code_parts import PhoneCodeParts
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import append_event, open_for_input

INTERRUPTED: Final = "interrupted"
"""The cause where the service ended between sending and writing down what came of it."""

_SENDING: Final = timedelta(minutes=1)
"""Longer than any sending takes: what is pending since then is not being sent any more."""
_LOG: Final = get_logger(__name__)


class PhoneCodesNotConfigured(Unavailable):
    """This service has no way to send codes; whoever runs it can configure one."""

    code = "phone_codes_not_configured"


class PhoneNumberMissing(Conflict):
    """No phone number is claimed; claim one first."""

    code = "phone_number_missing"


class PhoneNumberNotAccepted(Conflict):
    """No code can be sent to the claimed number: it is not valid, no mobile line, or of a country not written to."""

    code = "phone_number_not_accepted"


@dataclass(frozen=True, slots=True)
class PhoneCodeView:
    """A code as it is told of, without the code; ``next_allowed_at`` is when another may be asked for."""

    record: PhoneCodeRecord
    next_allowed_at: datetime

    @property
    def tries_left(self) -> int:
        """How many tries remain."""
        return 0 if self.record.delivery is PhoneCodeDelivery.FAILED else TRIES - self.record.tries

    def resend_after_s(self, now: datetime) -> int:
        """Seconds until another one may be asked for."""
        return max(0, math.ceil((self.next_allowed_at - now).total_seconds()))


@dataclass(frozen=True, slots=True)
class _Written:
    """A code that was written down, with its message, which is here alone; without one, it was sent or lost before."""

    record: PhoneCodeRecord
    message: PhoneCodeMessage | None


def send_phone_code(
    service: VerificationService, verification_id: str, caller: Caller, once: Once[PhoneCodeView] | None = None
) -> PhoneCodeView:
    """Send a code to the claimed number; it takes the place of the verification's earlier one.

    Raises:
        PhoneCodesNotConfigured: there is no sender.
        VerificationNotFound: there is none of that id.
        InputNotExpected: it is past the point where claims can change.
        PhoneNumberMissing: no number is claimed.
        PhoneNumberNotAccepted: nothing can be sent there.
        PhoneCodePaused: too many codes were asked for.
        AtCapacity: the gateway keeps as many waiting as may wait.
        IdempotencyKeyInUse: the same request is being answered at the moment.
    """
    parts = service.phone_codes
    if parts is None or parts.sender is None:
        raise PhoneCodesNotConfigured
    with parts.sending.place():
        with service.database.transaction() as tx:
            written = _write(service, parts, tx, verification_id, caller, once)
        tried = None if written.message is None else _hand_over(parts.sender, written.message, parts.plan)
        with service.database.transaction() as tx:
            view = _note(service, parts, tx, written.record, tried, caller.actor)
            if once:
                once.finish(tx, service.key_of(tx, verification_id), view)
    service.metrics.phone_code_delivered(view.record.delivery.value)
    return view


def _write(
    service: VerificationService,
    parts: PhoneCodeParts,
    tx: Transaction,
    verification_id: str,
    caller: Caller,
    once: Once[PhoneCodeView] | None,
) -> _Written:
    record, now = open_for_input(tx, verification_id, caller), service.now()
    if once and _is_begun(tx, once):
        return _Written(_interrupted(tx, record, now), None)
    claims = claims_of(service, tx, record)
    e164 = _sendable(parts, claims)
    # A number is protected from all clients together; behind one address there are many people, of each client apart.
    whose = service.master_key.of_client(caller.client_id)
    phone, address = phone_digest(service, e164), address_digest(claims.ip_address, whose)
    counted = Counted(record.id, phone, caller.client_id, address)
    check_not_too_many(tx.phone_codes, parts.limits, counted, now, service.master_key)
    _close_earlier(tx, record, caller.actor, now)
    if once:
        once.begin(tx, record.id, now)
    code_id, code = new_id("phc"), parts.draw()
    added = PhoneCodeRecord(
        id=code_id,
        verification_id=record.id,
        phone=phone,
        digest=code_digest(service, code_id, record.id, e164, code),
        client=caller.client_id,
        address=address,
        created_at=now,
        expires_at=now + LIFETIME,
        tries=0,
        confirmed_at=None,
        delivery=PhoneCodeDelivery.PENDING,
        delivery_tries=0,
        delivery_error=None,
    )
    tx.phone_codes.add(added)
    locale = claims.device.locale if claims.device else None
    message = PhoneCodeMessage(code_id, e164, code, language_for(locale, e164), LIFETIME)
    return _Written(added, message)


def _is_begun(tx: Transaction, once: Once[PhoneCodeView]) -> bool:
    """Whether the request was begun and cut off before its answer stood."""
    earlier = tx.idempotency.find(once.key)
    if earlier is not None and earlier.response is not None:
        raise IdempotencyKeyInUse
    return earlier is not None


def _interrupted(tx: Transaction, record: VerificationRecord, now: datetime) -> PhoneCodeRecord:
    """The code of a request that is repeated: it may be on its way, and what it was nobody knows any more."""
    current = tx.phone_codes.current(record.id)
    if current is None:
        raise PhoneCodeMissing
    if current.delivery is PhoneCodeDelivery.PENDING and now - current.created_at < _SENDING:
        raise IdempotencyKeyInUse
    return current


def _close_earlier(tx: Transaction, record: VerificationRecord, actor: str, now: datetime) -> None:
    """Write down what became of an earlier code whose sending nobody lived to tell of."""
    earlier = tx.phone_codes.current(record.id)
    if earlier is not None and earlier.delivery is PhoneCodeDelivery.PENDING:
        _note_interrupted(tx, record, earlier, actor, now)


def _note_interrupted(
    tx: Transaction, record: VerificationRecord, code: PhoneCodeRecord, actor: str, now: datetime
) -> None:
    tx.phone_codes.note_delivery(code.id, PhoneCodeDelivery.UNCERTAIN, code.delivery_tries, INTERRUPTED)
    uncertain = replace(code, delivery=PhoneCodeDelivery.UNCERTAIN, delivery_error=INTERRUPTED)
    _append_delivery(tx, record, uncertain, actor, now)


def _hand_over(sender: PhoneCodeSender, message: PhoneCodeMessage, plan: RetryPlan) -> Tried[None]:
    return repeat(lambda: sender.send(message), plan)


def _note(
    service: VerificationService,
    parts: PhoneCodeParts,
    tx: Transaction,
    code: PhoneCodeRecord,
    tried: Tried[None] | None,
    actor: str,
) -> PhoneCodeView:
    """Write down what came of sending; without ``tried`` it was interrupted."""
    record, now = tx.verifications.lock(code.verification_id), service.now()
    if tried is not None:
        delivery, error = _delivery(tried, was_tried=(tx.phone_codes.find(code.id) or code).tries > 0)
        tx.phone_codes.note_delivery(code.id, delivery, tried.tries, error)
        sent = replace(code, delivery=delivery, delivery_tries=tried.tries, delivery_error=error)
        _append_delivery(tx, record, sent, actor, now)
    elif code.delivery is PhoneCodeDelivery.PENDING:
        _note_interrupted(tx, record, code, actor, now)
    kept = tx.phone_codes.find(code.id) or code
    return PhoneCodeView(kept, next_allowed(tx.phone_codes, parts.limits, kept))


def _delivery(tried: Tried[None], *, was_tried: bool) -> tuple[PhoneCodeDelivery, str | None]:
    if not isinstance(tried.outcome, OutboundFailed):
        return PhoneCodeDelivery.SENT, None
    # What was guessed at while it was being sent counts as sent: or its tries would come on top of the number's.
    counts = tried.may_have_arrived or was_tried
    return PhoneCodeDelivery.UNCERTAIN if counts else PhoneCodeDelivery.FAILED, tried.outcome.cause


def _append_delivery(
    tx: Transaction, record: VerificationRecord, code: PhoneCodeRecord, actor: str, now: datetime
) -> None:
    payload = {"phone_code_id": code.id, "delivery_tries": code.delivery_tries}
    if code.delivery is PhoneCodeDelivery.SENT:
        append_event(tx, EventType.PHONE_CODE_SENT, record, actor, at=now, payload=payload)
        return
    why = {"delivery": code.delivery.value, "cause": code.delivery_error}
    append_event(tx, EventType.PHONE_CODE_FAILED, record, actor, at=now, payload={**payload, **why})
    _LOG.warning("phone_code_failed", verification_id=record.id, phone_code_id=code.id, **why)


def _sendable(parts: PhoneCodeParts, claims: Claims) -> str:
    """The claimed number in E.164, if a code may be sent there."""
    fact = parts.look_up(claims)
    if fact is None:
        raise PhoneNumberMissing
    if fact.e164 is None or not parts.may_be_sent_to(fact):
        raise PhoneNumberNotAccepted
    return fact.e164

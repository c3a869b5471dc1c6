"""Use cases of one-time codes: a code is repeated within five minutes and five tries, and that is evidence.

Every try is counted before it is compared, in one statement on one row: however many try
at the same time, five is all there are.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import Caller
from kyc_service.domain.history import PhonePossession
from kyc_service.errors import Conflict
from kyc_service.storage.database import Transaction
from kyc_service.storage.records import EventType, VerificationRecord
from kyc_service.verification.idempotency import Once
from kyc_service.verification.phone_code_binding import (
    TRIES,
    PhoneCodeMissing,
    claimed_number,
    claims_of,
    code_digest,
    phone_digest,
)
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import append_event, open_for_input


class PhoneCodeExpired(Conflict):
    """The code has expired; ask for a new one."""

    code = "phone_code_expired"


class PhoneCodeUsedUp(Conflict):
    """All tries of the code were used; ask for a new one."""

    code = "phone_code_used_up"


@dataclass(frozen=True, slots=True)
class CodeChecked:
    """What came of one try."""

    is_confirmed: bool
    tries_left: int


def check_phone_code(
    service: VerificationService,
    verification_id: str,
    typed: str,
    caller: Caller,
    once: Once[CodeChecked] | None = None,
) -> CodeChecked:
    """See whether ``typed`` is the code that was sent. Every try counts, before it is looked at.

    A code that was confirmed stays so: whatever is typed then is answered with that.

    Raises:
        VerificationNotFound: there is none of that id.
        InputNotExpected: it is past the point where claims can change.
        PhoneCodeMissing: no code was sent to the number claimed now.
        PhoneCodeExpired: it is too late.
        PhoneCodeUsedUp: all tries were used.
        IdempotencyKeyInUse: the same request was answered in the meantime.
    """
    with service.database.transaction() as tx:
        record = open_for_input(tx, verification_id, caller)
        if once:
            once.begin(tx, record.id, service.now())
        e164 = claimed_number(service, claims_of(service, tx, record))
        checked = _check(service, tx, record, e164, typed, caller.actor)
        if once:
            once.finish(tx, service.key_of(tx, record.id), checked)
    service.metrics.phone_code_tried("confirmed" if checked.is_confirmed else "wrong")
    return checked


def possession_of(
    service: VerificationService, tx: Transaction, record: VerificationRecord, claims: Claims
) -> PhonePossession | None:
    """That a code was repeated in this verification, sent to the number that ``claims`` name; or ``None``."""
    e164 = claimed_number(service, claims)
    if e164 is None:
        return None
    confirmed_at = tx.phone_codes.confirmed_at(record.id, phone_digest(service, e164))
    return None if confirmed_at is None else PhonePossession(e164, confirmed_at)


def _check(
    service: VerificationService,
    tx: Transaction,
    record: VerificationRecord,
    e164: str | None,
    typed: str,
    actor: str,
) -> CodeChecked:
    code, now = tx.phone_codes.current(record.id), service.now()
    if code is None or e164 is None or code.phone != phone_digest(service, e164):
        raise PhoneCodeMissing
    if code.confirmed_at is not None:
        return CodeChecked(is_confirmed=True, tries_left=TRIES - code.tries)
    if not code.created_at <= now < code.expires_at:
        raise PhoneCodeExpired
    used = tx.phone_codes.burn_try(code.id, TRIES)
    if used is None:
        raise PhoneCodeUsedUp
    is_right = hmac.compare_digest(code_digest(service, code.id, record.id, e164, typed), code.digest)
    if is_right:
        tx.phone_codes.confirm(code.id, now)
        payload = {"phone_code_id": code.id, "tries": used}
        append_event(tx, EventType.PHONE_CONFIRMED, record, actor, at=now, payload=payload)
    return CodeChecked(is_right, TRIES - used)

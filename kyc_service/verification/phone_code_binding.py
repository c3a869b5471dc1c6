"""What a one-time code is bound to: the number that is claimed, this verification, and nothing it can be read from."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from kyc_service.domain.claims import Claims
from kyc_service.errors import Conflict
from kyc_service.storage.database import Transaction
from kyc_service.storage.records import VerificationRecord
from kyc_service.verification.claims_document import claims_from_bytes
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import CLAIMS

LIFETIME: Final = timedelta(minutes=5)
TRIES: Final = 5


class PhoneCodeMissing(Conflict):
    """No code was sent to the number that is claimed now; ask for one."""

    code = "phone_code_missing"


def claimed_number(service: VerificationService, claims: Claims) -> str | None:
    """The claimed number in E.164, if it is one, read as the checks read it."""
    fact = None if service.phone_codes is None else service.phone_codes.look_up(claims)
    return fact.e164 if fact is not None and fact.is_valid else None


def claims_of(service: VerificationService, tx: Transaction, record: VerificationRecord) -> Claims:
    """The claims of a verification, opened."""
    if record.claims is None:
        return Claims()
    return claims_from_bytes(service.key_of(tx, record.id).open(record.claims, CLAIMS))


def phone_digest(service: VerificationService, e164: str) -> bytes:
    """The keyed digest a number is counted and compared by."""
    return service.master_key.digest(f"phone_code|number|{e164}".encode())


def code_digest(service: VerificationService, code_id: str, verification_id: str, e164: str, code: str) -> bytes:
    """The keyed digest that is all there is kept of a code: of no use for another code, verification or number."""
    return service.master_key.digest(f"phone_code|{code_id}|{verification_id}|{e164}|{code}".encode())

"""Ownership: a client sees its own verifications, an applicant one of them, and nobody learns of the others."""

from __future__ import annotations

from kyc_service.domain.clients import Caller
from kyc_service.storage.records import VerificationRecord
from kyc_service.storage.verifications import VerificationNotFound


def owned(record: VerificationRecord, caller: Caller) -> VerificationRecord:
    """``record``, if it is the caller's.

    Raises:
        VerificationNotFound: it is not; that it exists is not said either.
    """
    if record.client_id != caller.client_id or caller.verification_id not in {None, record.id}:
        raise VerificationNotFound
    return record

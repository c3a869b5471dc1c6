"""Canceling: the client or the applicant gives up; nothing is decided any more."""

from __future__ import annotations

from kyc_service.domain.clients import Caller
from kyc_service.domain.verification import VerificationStatus, check_transition
from kyc_service.storage.records import EventType
from kyc_service.verification.idempotency import Once
from kyc_service.verification.ownership import owned
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import append_event, changed, check_not_expired
from kyc_service.verification.use_cases import VerificationView, view_of
from kyc_service.verification.versions import IfMatch, version_guard


def cancel_verification(
    service: VerificationService,
    verification_id: str,
    caller: Caller,
    once: Once[VerificationView] | None = None,
    if_match: IfMatch | None = None,
) -> VerificationView:
    """Cancel a verification that waits for input. Of this and a submission at the same time, one wins.

    Raises:
        VerificationNotFound: the caller has none of that id.
        VerificationExpired: its time is over.
        TransitionNotAllowed: it is being processed, or was decided or canceled already.
        VersionMismatch: it was changed since the caller read it.
        IdempotencyKeyInUse: the same request is being done at the moment.
    """
    with service.database.transaction() as tx:
        before = owned(tx.verifications.lock(verification_id), caller)
        check_not_expired(tx, before)
        check_transition(before.status, VerificationStatus.CANCELED)
        version_guard(before, if_match)
        record = changed(before, service.now(), status=VerificationStatus.CANCELED)
        tx.verifications.save(record)
        append_event(
            tx, EventType.VERIFICATION_CANCELED, record, caller.actor, at=record.updated_at, before=before.status
        )
        view = view_of(service, tx, record)
        if once:
            once.begin(tx, record.id, record.updated_at)
            once.finish(tx, service.key_of(tx, record.id), view)
    return view

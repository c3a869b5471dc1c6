"""Submissions: captures and claims handed over to be decided.

One transaction marks the verification as processing, writes the submission and defers the
job that decides it (:mod:`kyc_service.verification.deciding`): what was accepted is
decided, whatever dies in between, and what was refused left no trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from kyc_service.decision.verdict import UnknownTier
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.clients import Caller
from kyc_service.domain.verification import VerificationStatus, check_transition
from kyc_service.errors import Conflict
from kyc_service.storage.blobs import BlobKey
from kyc_service.storage.database import Transaction
from kyc_service.storage.ids import new_id
from kyc_service.storage.queue import LIVE_PRIORITY, Queue
from kyc_service.storage.records import CaptureRecord, EventType, VerificationRecord
from kyc_service.storage.submissions import SubmissionRecord, SubmissionState
from kyc_service.verification.consent import check_consent, is_consent_required
from kyc_service.verification.idempotency import Once
from kyc_service.verification.ownership import owned
from kyc_service.verification.searching import index_for_search
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import (
    NewVerification,
    Upload,
    append_capture_event,
    append_event,
    changed,
    check_not_expired,
    check_picture,
    check_tier,
    discard,
    keep_capture,
    open_verification,
    received,
)
from kyc_service.verification.use_cases import REQUIRED_CAPTURES, VerificationView
from kyc_service.verification.versions import IfMatch, version_guard

DECIDE: Final = "decide_submission"
"""The job that decides a submission."""

_S = VerificationStatus


class CapturesMissing(Conflict):
    """The front of the document and the selfie are needed before the verification can be submitted."""

    code = "captures_missing"


class SubmissionUnderWay(Conflict):
    """The verification is being processed at the moment."""

    code = "submission_under_way"


def submit(
    service: VerificationService,
    verification_id: str,
    caller: Caller,
    once: Once[VerificationView] | None = None,
    *,
    is_awaited: bool = False,
    if_match: IfMatch | None = None,
) -> VerificationView:
    """Hand a verification's captures and claims over to be decided; ``is_awaited`` where somebody waits on the line.

    Raises:
        AtCapacity: the service has its hands full; the verification is as it was.
        VerificationNotFound: the caller has none of that id.
        SubmissionUnderWay: it is being processed at the moment.
        VersionMismatch: it was changed since the caller read it.
        VerificationExpired: its time is over.
        ConsentMissing: consent is required and not on record.
        CapturesMissing: a required capture was not uploaded.
        TransitionNotAllowed: it was decided, canceled or expired already.
        UnknownTier: the policy now in use has its tier no longer; the verification is as it was.
        PolicyUnavailable: the policy in use cannot be read; the verification is as it was.
    """
    # Without a policy nothing can be decided: said before the verification is touched.
    tiers = service.tiers()
    with service.database.transaction() as tx:
        before = owned(tx.verifications.lock(verification_id), caller)
        if before.status is _S.PROCESSING:
            raise SubmissionUnderWay
        check_not_expired(tx, before)
        check_transition(before.status, _S.PROCESSING)
        version_guard(before, if_match)
        check_consent(before, is_consent_required(service, caller))
        if (before.use_case, before.tier) not in tiers:
            raise UnknownTier.among(tiers, before.use_case)
        service.admission.admit(tx, is_awaited=is_awaited)
        record, captures = enqueue(service, tx, before, caller)
        if once:
            once.begin(tx, verification_id, record.updated_at)
    return VerificationView(record, captures, None)


def verify_at_once(
    service: VerificationService,
    new: NewVerification,
    captures: Mapping[CaptureKind, bytes],
    once: Once[VerificationView] | None = None,
) -> VerificationView:
    """Create a verification, keep its captures and hand it over to be decided, in one call.

    Raises:
        CapturesMissing: the front of the document or the selfie is not there.
        UnknownTier: the policy has no such tier for the use case.
        ImageRefused: a picture cannot be used; nothing was kept.
        AtCapacity: the service has its hands full; nothing was kept.
    """
    check_tier(service, new)
    # Before any work: the device's clock is compared with this time.
    new = replace(new, claims=received(service, new.claims))
    if not captures.keys() >= REQUIRED_CAPTURES:
        raise CapturesMissing
    uploads = [Upload(kind, 1, data, check_picture(service, kind, data)) for kind, data in captures.items()]
    written: list[BlobKey] = []
    with ExitStack() as undo:
        undo.callback(lambda: discard(service, written))
        view = _open_and_enqueue(service, new, uploads, written, once)
        undo.pop_all()
    return view


def _open_and_enqueue(
    service: VerificationService,
    new: NewVerification,
    uploads: list[Upload],
    written: list[BlobKey],
    once: Once[VerificationView] | None,
) -> VerificationView:
    with service.database.transaction() as tx:
        record, key = open_verification(service, tx, new, new_id("ver"))
        index_for_search(service, tx, record, new.claims)
        for upload in uploads:
            capture, _ = keep_capture(service, tx, key, upload, written)
            append_capture_event(tx, record, capture, new.caller.actor)
        check_consent(record, is_consent_required(service, new.caller))
        if once:
            once.begin(tx, record.id, record.created_at)
        # Last: the lock that keeps the count is held for as little as can be.
        service.admission.admit(tx, is_awaited=True)
        record, captures = enqueue(service, tx, record, new.caller)
        return VerificationView(record, captures, None)


def enqueue(
    service: VerificationService, tx: Transaction, before: VerificationRecord, caller: Caller
) -> tuple[VerificationRecord, Mapping[CaptureKind, CaptureRecord]]:
    """Mark a locked verification as processing, with its submission and its job.

    Raises:
        CapturesMissing: a required capture was not uploaded.
    """
    captures = tx.captures.latest(before.id)
    if not captures.keys() >= REQUIRED_CAPTURES:
        raise CapturesMissing
    attempt = before.attempt + 1
    at = service.now()
    record = changed(before, at, status=_S.PROCESSING, attempt=attempt, last_error=None)
    tx.verifications.save(record)
    submission = SubmissionRecord(
        record.id, attempt, SubmissionState.QUEUED, caller.actor, LIVE_PRIORITY, tries=0, queued_at=at
    )
    tx.submissions.add(submission)
    defer_decision(tx, record.id, attempt, LIVE_PRIORITY)
    append_event(
        tx,
        EventType.VERIFICATION_SUBMITTED,
        record,
        caller.actor,
        at=at,
        before=before.status,
        payload={"attempt": attempt},
    )
    return record, captures


def defer_decision(tx: Transaction, verification_id: str, attempt: int, priority: int) -> None:
    """Have a submission decided."""
    args: dict[str, str | int] = {"verification_id": verification_id, "attempt": attempt}
    tx.jobs.defer(DECIDE, Queue.SUBMISSIONS, args, priority=priority)

"""Submissions: from the captures of a verification to its verdict.

A submission is begun in one transaction and completed in another; between them the
pipeline works, outside any. Verdict, report, status and event are written together: a
crash leaves a verification that is processing and has no report, and submitting it
again takes the same attempt up anew. A lock held by the database for as long as its
holder lives keeps two submissions of one verification apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from kyc_service.decision.report import Report, ShadowVerdict, report_to_json
from kyc_service.decision.verdict import UnknownTier
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.history import PhonePossession
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import is_retake
from kyc_service.domain.verification import VerificationStatus, check_transition, next_status
from kyc_service.errors import Conflict
from kyc_service.storage.blobs import BlobKey
from kyc_service.storage.database import Transaction
from kyc_service.storage.ids import new_id
from kyc_service.storage.keys import DataKey
from kyc_service.storage.policies import ShadowRecord, said_of
from kyc_service.storage.records import CaptureRecord, EventType, ReportRecord, VerificationRecord
from kyc_service.storage.reports import report_purpose
from kyc_service.verification.challenges import challenge_of
from kyc_service.verification.claims_document import claims_from_bytes
from kyc_service.verification.idempotency import Once, find_earlier
from kyc_service.verification.phone_codes import possession_of
from kyc_service.verification.remembering import remember
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import (
    CLAIMS,
    NewVerification,
    Upload,
    append_capture_event,
    append_event,
    check_picture,
    check_tier,
    discard,
    keep_capture,
    open_capture,
    open_verification,
    received,
)
from kyc_service.verification.stored_memory import StoredMemory
from kyc_service.verification.submission import ChallengeAnswer, Submission
from kyc_service.verification.use_cases import REQUIRED_CAPTURES, VerificationView

RETAKE_REQUIRED: Final = "retake_required"
SUBMISSION_FAILED: Final = "submission_failed"

_S = VerificationStatus


class CapturesMissing(Conflict):
    """The front of the document and the selfie are needed before the verification can be submitted."""

    code = "captures_missing"


class SubmissionUnderWay(Conflict):
    """The verification is being processed at the moment."""

    code = "submission_under_way"


@dataclass(frozen=True, slots=True)
class _Begun:
    """A verification that is processing, with what its pipeline needs."""

    record: VerificationRecord
    captures: Mapping[CaptureKind, CaptureRecord]
    claims: Claims
    key: DataKey
    actor: str
    answer: ChallengeAnswer | None
    possession: PhonePossession | None


def submit(
    service: VerificationService, verification_id: str, actor: str, once: Once[VerificationView] | None = None
) -> VerificationView:
    """Decide on a verification's captures and claims.

    Raises:
        AtCapacity: the service has its hands full; the verification is as it was.
        VerificationNotFound: there is none of that id.
        SubmissionUnderWay: it is being processed at the moment.
        CapturesMissing: a required capture was not uploaded.
        TransitionNotAllowed: it was decided, canceled or expired already.
        UnknownTier: the policy now in use has its tier no longer; the verification is as it was.
        PolicyUnavailable: the policy in use cannot be read; the verification is as it was.
    """

    def begin(tx: Transaction) -> _Begun:
        return _begin(service, tx, verification_id, actor)

    with service.submissions.place():
        return _submit(service, verification_id, begin, once)


def verify_at_once(
    service: VerificationService,
    new: NewVerification,
    captures: Mapping[CaptureKind, bytes],
    once: Once[VerificationView] | None = None,
) -> VerificationView:
    """Create a verification, keep its captures and decide, in one call.

    Raises:
        CapturesMissing: the front of the document or the selfie is not there.
        UnknownTier: the policy has no such tier for the use case.
        ImageRefused: a picture cannot be used; nothing was kept.
        AtCapacity: the service has its hands full; nothing was kept.
    """
    earlier = find_earlier(service, once) if once else None
    if earlier is not None:
        # Cut off after it was begun: the captures are kept, only the verdict is missing.
        return submit(service, earlier.verification_id, new.actor, once)
    check_tier(service, new)
    # Before any waiting for a place: the device's clock is compared with this time.
    new = replace(new, claims=received(service, new.claims))
    if not captures.keys() >= REQUIRED_CAPTURES:
        raise CapturesMissing
    with service.submissions.place():
        uploads = [Upload(kind, 1, data, check_picture(service, kind, data)) for kind, data in captures.items()]
        return _create_and_submit(service, new, uploads, once)


def _create_and_submit(
    service: VerificationService,
    new: NewVerification,
    uploads: list[Upload],
    once: Once[VerificationView] | None,
) -> VerificationView:
    verification_id = new_id("ver")
    written: list[BlobKey] = []

    def begin(tx: Transaction) -> _Begun:
        record, key = open_verification(service, tx, new, verification_id)
        for upload in uploads:
            capture, _ = keep_capture(service, tx, key, upload, written)
            append_capture_event(tx, record, capture, new.actor)
        return _begin(service, tx, verification_id, new.actor)

    with ExitStack() as undo:
        undo.callback(lambda: discard(service, written))
        return _submit(service, verification_id, begin, once, when_begun=undo.pop_all)


def _submit(
    service: VerificationService,
    verification_id: str,
    begin: Callable[[Transaction], _Begun],
    once: Once[VerificationView] | None,
    when_begun: Callable[[], object] = lambda: None,
) -> VerificationView:
    with service.database.submission_lock(verification_id) as is_ours:
        if not is_ours:
            raise SubmissionUnderWay
        # Without a policy nothing can be decided: said before the verification is touched.
        tiers = service.tiers()
        with service.database.transaction() as tx:
            begun = begin(tx)
            if (begun.record.use_case, begun.record.tier) not in tiers:
                raise UnknownTier.among(tiers, begun.record.use_case)
            if once:
                once.begin(tx, verification_id, begun.record.updated_at)
        when_begun()
        report = _run(service, begun)
        with service.database.transaction() as tx:
            view = _complete(service, tx, begun, report)
            if once:
                once.finish(tx, begun.key, view)
    service.metrics.verdict_reached(report.verdict.value, begun.record.use_case.value, report.timings_ms)
    if report.shadow is not None:
        service.metrics.shadow_answered(report.verdict.value, said_of(report.shadow.verdict))
    return view


def _begin(service: VerificationService, tx: Transaction, verification_id: str, actor: str) -> _Begun:
    before = tx.verifications.lock(verification_id)
    check_transition(before.status, _S.PROCESSING)
    captures = tx.captures.latest(verification_id)
    if not captures.keys() >= REQUIRED_CAPTURES:
        raise CapturesMissing
    # Found processing under our lock, its holder is dead: the same attempt once more.
    is_resumed = before.status is _S.PROCESSING
    attempt = before.attempt if is_resumed else before.attempt + 1
    record = replace(before, status=_S.PROCESSING, attempt=attempt, last_error=None, updated_at=service.now())
    tx.verifications.save(record)
    append_event(
        tx,
        EventType.VERIFICATION_SUBMITTED,
        record,
        actor,
        at=record.updated_at,
        before=before.status,
        payload={"attempt": attempt, "is_resumed": is_resumed},
    )
    answer = _answer(tx, captures.get(CaptureKind.LIVENESS))
    key = service.key_of(tx, verification_id)
    claims = claims_from_bytes(key.open(record.claims, CLAIMS)) if record.claims else Claims()
    possession = possession_of(service, tx, record, claims)
    return _Begun(record, captures, claims, key, actor, answer, possession)


def _answer(tx: Transaction, clip: CaptureRecord | None) -> ChallengeAnswer | None:
    challenge = None if clip is None else tx.challenges.answered_by(clip.id)
    if clip is None or challenge is None:
        return None
    return ChallengeAnswer(challenge_of(challenge), clip.created_at)


def _run(service: VerificationService, begun: _Begun) -> Report:
    try:
        return service.pipeline.run(_submission(service, begun))
    except BaseException:
        # Whatever it was: the verification must not look as if someone still worked on it.
        service.metrics.submission_failed()
        with service.database.transaction() as tx:
            _give_back(service, tx, begun)
        raise


def _submission(service: VerificationService, begun: _Begun) -> Submission:
    record = begun.record
    return Submission(
        verification_id=record.id,
        captures={kind: open_capture(service, begun.key, capture) for kind, capture in begun.captures.items()},
        claims=begun.claims,
        use_case=record.use_case,
        tier=record.tier,
        attempt=record.attempt,
        now=record.updated_at,
        answer=begun.answer,
        possession=begun.possession,
        memory=StoredMemory(
            database=service.database,
            master_key=service.master_key,
            known=service.known,
            verification_id=record.id,
            claims=begun.claims,
            now=record.updated_at,
            attempt=record.attempt,
        ),
    )


def _complete(service: VerificationService, tx: Transaction, begun: _Begun, report: Report) -> VerificationView:
    current = tx.verifications.lock(begun.record.id)
    check_transition(current.status, next_status(report.verdict))
    content = json.dumps(report_to_json(report), ensure_ascii=False, allow_nan=False).encode()
    now = service.now()
    tx.reports.add(
        ReportRecord(
            verification_id=current.id,
            attempt=begun.record.attempt,
            id=report.id,
            verdict=report.verdict,
            schema_version=report.schema_version,
            ciphertext=begun.key.seal(content, report_purpose(begun.record.attempt)),
            created_at=now,
        )
    )
    record = replace(
        current,
        status=next_status(report.verdict),
        policy_version=report.policy_version,
        last_error=_last_error(report),
        updated_at=now,
    )
    tx.verifications.save(record)
    if report.shadow is not None:
        tx.policies.add_shadow_verdict(_shadow_record(report, report.shadow, begun, now))
    remember(tx, report, begun.key, service.master_key, now)
    payload = {"attempt": record.attempt, "verdict": report.verdict.value, "report_id": report.id}
    append_event(
        tx,
        EventType.VERIFICATION_COMPLETED,
        record,
        begun.actor,
        at=now,
        before=current.status,
        payload={**payload, "policy_version": report.policy_version},
    )
    return VerificationView(record, begun.captures, content)


def _shadow_record(report: Report, shadow: ShadowVerdict, begun: _Begun, now: datetime) -> ShadowRecord:
    return ShadowRecord(
        verification_id=begun.record.id,
        attempt=begun.record.attempt,
        name=shadow.name,
        version=shadow.version,
        active_verdict=report.verdict,
        shadow_verdict=shadow.verdict,
        at=now,
    )


def _give_back(service: VerificationService, tx: Transaction, begun: _Begun) -> None:
    current = tx.verifications.lock(begun.record.id)
    # Our failure is none of the applicant's attempts.
    record = replace(
        current,
        status=_S.REQUIRES_INPUT,
        attempt=begun.record.attempt - 1,
        last_error={"code": SUBMISSION_FAILED, "captures": [], "reasons": []},
        updated_at=service.now(),
    )
    tx.verifications.save(record)
    append_event(tx, EventType.SUBMISSION_FAILED, record, begun.actor, at=record.updated_at, before=current.status)


def _last_error(report: Report) -> dict[str, Any] | None:
    if report.verdict is not Verdict.RETAKE:
        return None
    return {
        "code": RETAKE_REQUIRED,
        "captures": sorted(kind.value for kind in report.decision.unusable),
        "reasons": [reason.value for reason in report.decision.reasons if is_retake(reason)],
    }

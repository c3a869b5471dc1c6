"""Deciding: from a submission that was accepted to its verdict, exactly once.

The pipeline works outside any transaction; verdict, report, status, case, events and what
they announce are written together, guarded by the report's primary key. A worker that dies
leaves a submission without a report, and the next one takes the same attempt up where its
stages were left. A lock that the database holds for as long as its holder lives keeps two
workers off one verification.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from kyc_service.decision.report import Report, ShadowVerdict, report_to_json
from kyc_service.decision.verdict import UnknownTier
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import ClientMode
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import is_retake
from kyc_service.domain.verification import VerificationStatus, check_transition, next_status
from kyc_service.errors import KycError, Unavailable
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.observability.logs import get_logger
from kyc_service.storage.blobs import BlobMissing
from kyc_service.storage.database import Transaction
from kyc_service.storage.keys import DataKey, SealBroken
from kyc_service.storage.policies import ShadowRecord, said_of
from kyc_service.storage.records import CaptureRecord, EventType, ReportRecord, VerificationRecord
from kyc_service.storage.reports import report_purpose
from kyc_service.storage.submissions import SubmissionRecord, SubmissionState
from kyc_service.storage.verifications import DataKeyMissing
from kyc_service.verification.cases import open_case
from kyc_service.verification.challenges import challenge_of
from kyc_service.verification.checkpoints_stored import DEFAULT_STAGE_TIMEOUT_S, StoredCheckpoints
from kyc_service.verification.claims_document import claims_from_bytes
from kyc_service.verification.persons import enrol
from kyc_service.verification.phone_codes import possession_of
from kyc_service.verification.remembering import remember
from kyc_service.verification.searching import index_for_search
from kyc_service.verification.service import VerificationPipeline, VerificationService
from kyc_service.verification.steps import CLAIMS, append_event, changed, open_capture, waits_until
from kyc_service.verification.stored_memory import StoredMemory
from kyc_service.verification.submission import ChallengeAnswer, Submission

RETAKE_REQUIRED: Final = "retake_required"
SUBMISSION_FAILED: Final = "submission_failed"
CAPTURE_UNREADABLE: Final = "capture_unreadable"
MOST_TRIES: Final = 8
"""Workers that may die over one submission before it is given back: its stages are set aside long before."""

_WORKER: Final = "worker"
_S = VerificationStatus
_LOG: Final = get_logger(__name__)


class DecidedElsewhere(Unavailable):
    """Another worker has this submission in hand; it is looked at again later."""

    code = "decided_elsewhere"


class CaptureUnreadable(Unavailable):
    """A stored capture cannot be opened any more, and has to be taken again."""

    code = "capture_unreadable"

    def __init__(self, kind: CaptureKind) -> None:
        super().__init__()
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Decider:
    """What a worker decides with; ``of_sandbox`` makes of a sandbox client's submission one with a fixed outcome.

    A stage over its limit cannot be stopped: ``on_overrun`` ends the process, and the next worker skips the stage.
    """

    service: VerificationService
    pipeline: VerificationPipeline
    of_sandbox: Callable[[Submission], Submission] = lambda submission: submission
    stage_timeout_s: float = DEFAULT_STAGE_TIMEOUT_S
    on_overrun: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class _Taken:
    """A submission in hand."""

    record: VerificationRecord
    row: SubmissionRecord
    captures: dict[CaptureKind, CaptureRecord]
    key: DataKey
    submission: Submission


def decide_submission(decider: Decider, verification_id: str, attempt: int) -> None:
    """Decide one submission, unless that is done already.

    Raises:
        DecidedElsewhere: another worker has it in hand.
        Unavailable: something that is needed is away at the moment; the submission waits for it.
    """
    service = decider.service
    with service.database.submission_lock(verification_id) as is_ours:
        if not is_ours:
            raise DecidedElsewhere
        try:
            taken = _take(decider, verification_id, attempt)
            if taken is None:
                return
            report = decider.pipeline.run(taken.submission)
        except CaptureUnreadable as lost:
            _give_back(service, verification_id, attempt, CAPTURE_UNREADABLE, (lost.kind,))
        except ImageRefused as refused:
            kinds = () if refused.capture is None else (refused.capture,)
            _give_back(service, verification_id, attempt, CAPTURE_UNREADABLE, kinds)
        except (UnknownTier, DataKeyMissing):
            _give_back(service, verification_id, attempt, SUBMISSION_FAILED)
        except KycError:
            raise
        except Exception as error:
            if _tries(service, verification_id, attempt) < MOST_TRIES:
                raise
            _give_back(service, verification_id, attempt, SUBMISSION_FAILED)
            _LOG.error("submission_given_back", verification_id=verification_id, error=type(error).__name__)
        else:
            _complete(service, taken, report)


def _take(decider: Decider, verification_id: str, attempt: int) -> _Taken | None:
    service = decider.service
    with service.database.transaction() as tx:
        record = tx.verifications.lock(verification_id)
        row = tx.submissions.find(verification_id, attempt)
        if row is None or row.finished_at is not None or record.status is not _S.PROCESSING:
            return None
        row = replace(row, state=SubmissionState.RUNNING, tries=row.tries + 1, started_at=service.now())
        tx.submissions.save(row)
        captures = dict(tx.captures.latest(verification_id))
        key = service.key_of(tx, verification_id)
        claims = claims_from_bytes(key.open(record.claims, CLAIMS)) if record.claims else Claims()
        possession = possession_of(service, tx, record, claims)
        answer = _answer(tx, captures.get(CaptureKind.LIVENESS))
        mode = tx.clients.get(record.client_id).mode
    if row.tries > MOST_TRIES:
        raise _TriedTooOften
    submission = Submission(
        verification_id=verification_id,
        captures={kind: _opened(service, key, capture) for kind, capture in captures.items()},
        claims=claims,
        use_case=record.use_case,
        tier=record.tier,
        attempt=attempt,
        now=row.queued_at,
        answer=answer,
        possession=possession,
        memory=_memory(service, record, claims, row),
        checkpoints=StoredCheckpoints(
            service.database, key, verification_id, attempt, decider.on_overrun, decider.stage_timeout_s
        ),
    )
    if mode is ClientMode.SANDBOX:
        submission = decider.of_sandbox(submission)
    return _Taken(record, row, captures, key, submission)


class _TriedTooOften(Exception):
    """Every worker that took the submission up died of it."""


def _memory(
    service: VerificationService, record: VerificationRecord, claims: Claims, row: SubmissionRecord
) -> StoredMemory:
    return StoredMemory(
        database=service.database,
        master_key=service.master_key.of_client(record.client_id),
        known=service.known.of_client(record.client_id),
        verification_id=record.id,
        claims=claims,
        now=row.queued_at,
        attempt=row.attempt,
    )


def _opened(service: VerificationService, key: DataKey, capture: CaptureRecord) -> bytes:
    try:
        return open_capture(service, key, capture)
    except (SealBroken, BlobMissing) as cause:
        _LOG.error("capture_unreadable", verification_id=capture.verification_id, capture=capture.id, code=cause.code)
        raise CaptureUnreadable(capture.kind) from cause


def _answer(tx: Transaction, clip: CaptureRecord | None) -> ChallengeAnswer | None:
    challenge = None if clip is None else tx.challenges.answered_by(clip.id)
    if clip is None or challenge is None:
        return None
    return ChallengeAnswer(challenge_of(challenge), clip.created_at)


def _tries(service: VerificationService, verification_id: str, attempt: int) -> int:
    with service.database.transaction() as tx:
        row = tx.submissions.find(verification_id, attempt)
        return MOST_TRIES if row is None else row.tries


def _complete(service: VerificationService, taken: _Taken, report: Report) -> None:
    with service.database.transaction() as tx:
        current = tx.verifications.lock(taken.record.id)
        row = tx.submissions.find(taken.record.id, taken.row.attempt)
        if row is None or row.finished_at is not None:
            return
        check_transition(current.status, next_status(report.verdict))
        _write(service, tx, current, taken, report)
        _finish(service, tx, row, SubmissionState.DECIDED)
    service.metrics.verdict_reached(report.verdict.value, taken.record.use_case.value, report.timings_ms)
    if report.shadow is not None:
        service.metrics.shadow_answered(report.verdict.value, said_of(report.shadow.verdict))


def _write(
    service: VerificationService, tx: Transaction, current: VerificationRecord, taken: _Taken, report: Report
) -> None:
    """Report, status and everything that follows from them."""
    attempt, now = taken.row.attempt, service.now()
    content = json.dumps(report_to_json(report), ensure_ascii=False, allow_nan=False).encode()
    tx.reports.add(
        ReportRecord(
            verification_id=current.id,
            attempt=attempt,
            id=report.id,
            verdict=report.verdict,
            schema_version=report.schema_version,
            ciphertext=taken.key.seal(content, report_purpose(attempt)),
            created_at=now,
        )
    )
    record = changed(
        current,
        now,
        status=next_status(report.verdict),
        policy_version=report.policy_version,
        last_error=_last_error(report),
        # The time it took to decide is not the applicant's.
        expires_at=waits_until(service, tx) if report.verdict is Verdict.RETAKE else current.expires_at,
    )
    record = replace(record, person_id=enrol(service, tx, record, report, now) or record.person_id)
    tx.verifications.save(record)
    if report.shadow is not None:
        tx.policies.add_shadow_verdict(_shadow_record(report, report.shadow, attempt, now))
    remember(tx, report, taken.key, service.master_key.of_client(record.client_id), now)
    append_event(
        tx,
        EventType.VERIFICATION_COMPLETED,
        record,
        _WORKER,
        at=now,
        before=current.status,
        payload={
            "attempt": attempt,
            "verdict": report.verdict.value,
            "report_id": report.id,
            "policy_version": report.policy_version,
        },
    )
    if report.verdict is Verdict.REVIEW:
        open_case(service, tx, record, report, now)
    index_for_search(service, tx, record, taken.submission.claims, report.traces.number)


def _finish(
    service: VerificationService,
    tx: Transaction,
    row: SubmissionRecord,
    state: SubmissionState,
    failure: str | None = None,
) -> None:
    tx.submissions.save(replace(row, state=state, finished_at=service.now(), failure=failure))
    tx.stages.forget(row.verification_id, row.attempt)
    tx.submissions.call_out(row.verification_id)


def _give_back(
    service: VerificationService,
    verification_id: str,
    attempt: int,
    code: str,
    captures: tuple[CaptureKind, ...] = (),
) -> None:
    """Our failure is none of the applicant's attempts: the verification takes input again."""
    with service.database.transaction() as tx:
        current = tx.verifications.lock(verification_id)
        row = tx.submissions.find(verification_id, attempt)
        if row is None or row.finished_at is not None:
            return
        record = changed(
            current,
            service.now(),
            status=_S.REQUIRES_INPUT,
            attempt=attempt - 1,
            expires_at=waits_until(service, tx),
            last_error={"code": code, "captures": [kind.value for kind in captures], "reasons": []},
        )
        tx.verifications.save(record)
        append_event(
            tx,
            EventType.SUBMISSION_FAILED,
            record,
            _WORKER,
            at=record.updated_at,
            before=current.status,
            payload={"attempt": attempt, "code": code},
        )
        _finish(service, tx, row, SubmissionState.GIVEN_BACK, code)
    service.metrics.submission_failed()


def _shadow_record(report: Report, shadow: ShadowVerdict, attempt: int, now: datetime) -> ShadowRecord:
    return ShadowRecord(
        verification_id=report.verification_id,
        attempt=attempt,
        name=shadow.name,
        version=shadow.version,
        active_verdict=report.verdict,
        shadow_verdict=shadow.verdict,
        at=now,
    )


def _last_error(report: Report) -> dict[str, Any] | None:
    if report.verdict is not Verdict.RETAKE:
        return None
    return {
        "code": RETAKE_REQUIRED,
        "captures": sorted(kind.value for kind in report.decision.unusable),
        "reasons": [reason.value for reason in report.decision.reasons if is_retake(reason)],
    }

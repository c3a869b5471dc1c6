"""What is kept of a decided attempt so that later ones can be compared with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kyc_service.decision.report import Report
from kyc_service.decision.verdict import Decision
from kyc_service.domain.checks import CheckName
from kyc_service.domain.history import Subject
from kyc_service.domain.outcome import Outcome
from kyc_service.domain.reasons import Reason
from kyc_service.liveness.integrity.fingerprint import METHOD
from kyc_service.storage.database import Transaction
from kyc_service.storage.keys import DataKey, MasterKey
from kyc_service.storage.records import TraceKind, TraceRecord
from kyc_service.verification.history import Attempt, note
from kyc_service.verification.known_traces import trace_purpose
from kyc_service.verification.lockout import note_failure, subjects_of
from kyc_service.verification.positions import MADE_BY, position_to_keep
from kyc_service.verification.stored_memory import file_digest, identity_digest
from kyc_service.verification.subjects import face_digest, subjects_of_attempt

_LIVENESS: Final = (CheckName.LIVENESS_PASSIVE, CheckName.LIVENESS_CHALLENGE)
_POOR_CAPTURE: Final = frozenset(
    {Reason.CAPTURE_UNUSABLE, Reason.CLIP_TOO_SHORT, Reason.CLIP_TOO_FEW_FRAMES, Reason.CLIP_FACE_LOST}
)


def remember(tx: Transaction, report: Report, key: DataKey, master_key: MasterKey, at: datetime) -> None:
    """Keep what the attempt is known again by: face, captures, position, subjects; and that its liveness failed."""
    _keep_captures(tx, report, key, master_key, at)
    _keep_face(tx, report, key, master_key, at)
    _keep_position(tx, report, key, at)
    _note_subjects(tx, report, master_key)
    if has_failed_liveness(report.decision):
        numbers = () if report.traces.number is None else (report.traces.number,)
        # Whoever claims nothing is still known by the attempt itself, and so by its face.
        itself = master_key.digest(f"verification|{report.verification_id}".encode())
        subjects = subjects_of(report.claims, numbers, master_key) | {itself}
        note_failure(tx, report.verification_id, report.question.attempt, subjects, at)


def has_failed_liveness(decision: Decision) -> bool:
    """Whether something was shown that is no living person before the camera, or not what was asked.

    A picture or clip that cannot be used, or a challenge that nobody answered, is no failure.
    """
    return any(
        check.outcome is Outcome.REJECTED and any(reason.code not in _POOR_CAPTURE for reason in check.reasons)
        for check in decision.checks
        if check.name in _LIVENESS
    )


def _keep_captures(tx: Transaction, report: Report, key: DataKey, master_key: MasterKey, at: datetime) -> None:
    for capture in report.captures:
        look = report.traces.fingerprints.get(capture.kind)
        if look is not None:
            digest = file_digest(capture.sha256, master_key)
            _keep(tx, report, key, _Trace(TraceKind(capture.kind.value), METHOD, look, digest), at)


def _keep_face(tx: Transaction, report: Report, key: DataKey, master_key: MasterKey, at: datetime) -> None:
    traces = report.traces
    if traces.face is not None:
        digest = None if traces.number is None else identity_digest(traces.number, master_key)
        _keep(tx, report, key, _Trace(TraceKind.FACE, traces.face_model_id, traces.face, digest), at)


def _keep_position(tx: Transaction, report: Report, key: DataKey, at: datetime) -> None:
    position = position_to_keep(report.claims, report.facts, report.created_at)
    if position is not None:
        _keep(tx, report, key, _Trace(TraceKind.POSITION, MADE_BY, position, None), at)


def _note_subjects(tx: Transaction, report: Report, master_key: MasterKey) -> None:
    """Whatever the look back has noted already stays as it is; the face is noted here, beside its trace."""
    phone = None if report.facts.phone is None else report.facts.phone.e164
    subjects = subjects_of_attempt(report.document, report.claims, phone, master_key)
    noted = list(subjects.noted())
    if report.traces.face is not None:
        noted.append((Subject.FACE, face_digest(report.verification_id, master_key)))
    note(tx, Attempt(report.verification_id, report.question.attempt, report.created_at), subjects, noted)


@dataclass(frozen=True, slots=True)
class _Trace:
    kind: TraceKind
    made_by: str
    numbers: bytes
    digest: bytes | None


def _keep(tx: Transaction, report: Report, key: DataKey, trace: _Trace, at: datetime) -> None:
    attempt = report.question.attempt
    sealed = key.seal(trace.numbers, trace_purpose(trace.kind, attempt))
    tx.traces.add(TraceRecord(report.verification_id, attempt, trace.kind, trace.made_by, sealed, trace.digest, at))

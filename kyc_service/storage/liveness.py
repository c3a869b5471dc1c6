"""The repository of failed liveness attempts, counted by subject over a few minutes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kyc_service.storage.records import LivenessFailureRecord, SealedTrace, TraceKind
from kyc_service.storage.tables import DataKeyRow, LivenessFailureRow, TraceRow, VerificationRow
from kyc_service.storage.traces import sealed_trace


@dataclass(frozen=True, slots=True)
class LivenessFailures:
    """Reads and writes inside one transaction."""

    session: Session

    def add(self, record: LivenessFailureRecord) -> None:
        """Write down a failed attempt of one subject; the same submission counts once."""
        self.session.execute(insert(LivenessFailureRow).values(**asdict(record)).on_conflict_do_nothing())

    def times(self, subjects: Collection[bytes], since: datetime) -> dict[bytes, list[datetime]]:
        """When each of ``subjects`` failed, from ``since`` on, oldest first."""
        statement = (
            select(LivenessFailureRow.subject, LivenessFailureRow.at)
            .where(LivenessFailureRow.subject.in_(list(subjects)), LivenessFailureRow.at >= since)
            .order_by(LivenessFailureRow.at)
        )
        found: dict[bytes, list[datetime]] = {}
        for subject, at in self.session.execute(statement):
            found.setdefault(subject, []).append(at)
        return found

    def faces(self, since: datetime, model_id: str, client_id: str) -> list[SealedTrace]:
        """The faces of all submissions to a client that failed from ``since`` on."""
        failed = (
            select(LivenessFailureRow.verification_id, LivenessFailureRow.attempt)
            .where(LivenessFailureRow.at >= since)
            .distinct()
        )
        statement = (
            select(TraceRow, DataKeyRow.wrapped)
            .join(DataKeyRow, DataKeyRow.verification_id == TraceRow.verification_id)
            .join(VerificationRow, VerificationRow.id == TraceRow.verification_id)
            .where(
                VerificationRow.client_id == client_id,
                TraceRow.kind == TraceKind.FACE.value,
                TraceRow.made_by == model_id,
                tuple_(TraceRow.verification_id, TraceRow.attempt).in_(failed),
            )
            .order_by(TraceRow.sequence)
        )
        return [sealed_trace(row, wrapped) for row, wrapped in self.session.execute(statement)]

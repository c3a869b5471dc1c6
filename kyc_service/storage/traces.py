"""The repository of traces: by which a face or an upload is known again in another verification; and the blocklist."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kyc_service.storage.records import FaceBlockRecord, SealedTrace, TraceKind, TraceRecord
from kyc_service.storage.tables import DataKeyRow, FaceBlockRow, TraceRow, VerificationRow


@dataclass(frozen=True, slots=True)
class Traces:
    """Reads and writes inside one transaction."""

    session: Session

    def add(self, record: TraceRecord) -> None:
        """Keep a trace of a submission; a second one of the same kind changes nothing."""
        self.session.execute(insert(TraceRow).values(**asdict(record)).on_conflict_do_nothing())

    def after(
        self, sequence: int, kind: TraceKind, made_by: str, known: Collection[int], client_id: str
    ) -> list[SealedTrace]:
        """A client's traces numbered above ``sequence`` that are not among ``known``, with their wrapped keys."""
        statement = (
            select(TraceRow, DataKeyRow.wrapped)
            .join(DataKeyRow, DataKeyRow.verification_id == TraceRow.verification_id)
            .join(VerificationRow, VerificationRow.id == TraceRow.verification_id)
            .where(TraceRow.sequence > sequence, TraceRow.kind == kind.value, TraceRow.made_by == made_by)
            .where(VerificationRow.client_id == client_id)
            .order_by(TraceRow.sequence)
        )
        if known:
            statement = statement.where(TraceRow.sequence.not_in(sorted(known)))
        return [sealed_trace(row, wrapped) for row, wrapped in self.session.execute(statement)]

    def is_kept(self, sequence: int) -> bool:
        """Whether a trace is still there, and can still be opened."""
        statement = (
            select(TraceRow.sequence)
            .join(DataKeyRow, DataKeyRow.verification_id == TraceRow.verification_id)
            .where(TraceRow.sequence == sequence)
        )
        return self.session.scalar(statement) is not None

    def has_digest(self, kind: TraceKind, digest: bytes, other_than: str) -> bool:
        """Whether another verification than ``other_than`` has a trace of ``kind`` with this digest."""
        statement = (
            select(TraceRow.sequence)
            .join(DataKeyRow, DataKeyRow.verification_id == TraceRow.verification_id)
            .where(TraceRow.kind == kind.value, TraceRow.digest == digest, TraceRow.verification_id != other_than)
            .limit(1)
        )
        return self.session.scalar(statement) is not None

    def blocked(self) -> frozenset[str]:
        """Verifications whose face is on the blocklist."""
        return frozenset(self.session.scalars(select(FaceBlockRow.verification_id)))

    def block(self, record: FaceBlockRecord) -> bool:
        """Put a verification's face on the blocklist; whether it was not there already."""
        statement = insert(FaceBlockRow).values(**asdict(record)).on_conflict_do_nothing()
        return self.session.execute(statement.returning(FaceBlockRow.verification_id)).scalar_one_or_none() is not None

    def unblock(self, verification_id: str) -> bool:
        """Take a verification's face off the blocklist; whether it was there."""
        statement = delete(FaceBlockRow).where(FaceBlockRow.verification_id == verification_id)
        return self.session.execute(statement.returning(FaceBlockRow.verification_id)).scalar_one_or_none() is not None


def sealed_trace(row: TraceRow, wrapped: bytes) -> SealedTrace:
    """``row`` with the wrapped key that opens it."""
    return SealedTrace(row.sequence, row.verification_id, row.attempt, row.sealed, row.digest, wrapped)

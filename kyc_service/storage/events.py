"""The repository of events: appended, never changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kyc_service.domain.verification import VerificationStatus
from kyc_service.storage.records import EventRecord, EventType
from kyc_service.storage.tables import EventRow


@dataclass(frozen=True, slots=True)
class Events:
    """Appends and reads inside one transaction."""

    session: Session

    def append(self, record: EventRecord) -> None:
        """Write one event after all others."""
        self.session.add(EventRow(**asdict(record)))
        self.session.flush()

    def count(self, verification_id: str) -> int:
        """How many events a verification has: the number of the one that was appended last."""
        statement = select(func.count()).select_from(EventRow).where(EventRow.verification_id == verification_id)
        return self.session.scalar(statement) or 0

    def of(self, verification_id: str) -> list[EventRecord]:
        """All events of a verification, in the order they happened."""
        statement = select(EventRow).where(EventRow.verification_id == verification_id).order_by(EventRow.sequence)
        return [_record(row) for row in self.session.scalars(statement)]


def _record(row: EventRow) -> EventRecord:
    return EventRecord(
        id=row.id,
        verification_id=row.verification_id,
        type=EventType(row.type),
        from_status=None if row.from_status is None else VerificationStatus(row.from_status),
        to_status=None if row.to_status is None else VerificationStatus(row.to_status),
        at=row.at,
        actor=row.actor,
        payload=row.payload,
    )

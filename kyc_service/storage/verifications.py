"""The repository of verifications and of their wrapped keys."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy
from sqlalchemy import select
from sqlalchemy.orm import Session

from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.errors import NotFound, Unavailable
from kyc_service.storage.keys import WrappedKey
from kyc_service.storage.records import VerificationRecord
from kyc_service.storage.tables import DataKeyRow, VerificationRow


class VerificationNotFound(NotFound):
    """There is no such verification."""

    code = "verification_not_found"


class DataKeyMissing(Unavailable):
    """The verification's key is gone, and with it everything that was sealed."""

    code = "data_key_missing"


@dataclass(frozen=True, slots=True)
class Verifications:
    """Reads and writes inside one transaction."""

    session: Session

    def add(self, record: VerificationRecord, key: WrappedKey) -> None:
        """Write a new verification and its key."""
        self.session.add(VerificationRow(**asdict(record)))
        self.session.flush()
        row = DataKeyRow(verification_id=record.id, wrapped=key.wrapped, master_key_id=key.master_key_id)
        self.session.add(row)
        self.session.flush()

    def get(self, verification_id: str) -> VerificationRecord:
        """Read one.

        Raises:
            VerificationNotFound: there is none of that id.
        """
        row = self.session.get(VerificationRow, verification_id)
        if row is None:
            raise VerificationNotFound
        return record_of(row)

    def lock(self, verification_id: str) -> VerificationRecord:
        """Read one and keep every other writer waiting until this transaction ends.

        Raises:
            VerificationNotFound: there is none of that id.
        """
        # Rows that point here, an event say, may be written meanwhile: only the verification itself is ours.
        mode = {"key_share": True}
        row = self.session.get(VerificationRow, verification_id, with_for_update=mode, populate_existing=True)
        if row is None:
            raise VerificationNotFound
        return record_of(row)

    def save(self, record: VerificationRecord) -> None:
        """Write every field of a verification that :meth:`lock` gave."""
        statement = sqlalchemy.update(VerificationRow).where(VerificationRow.id == record.id)
        self.session.execute(statement.values(**asdict(record)))

    def is_over(self, at: datetime) -> bool:
        """Whether ``at`` is past by the database's own clock: those of the machines may differ."""
        return bool(self.session.scalar(select(sqlalchemy.func.clock_timestamp() >= at)))

    def clock(self) -> datetime:
        """What the database's own clock shows."""
        now: datetime = self.session.scalars(select(sqlalchemy.func.clock_timestamp())).one()
        return now

    def lock_overdue(self, limit: int) -> list[VerificationRecord]:
        """Up to ``limit`` that wait for input past their time, locked; those that somebody else has locked are left."""
        statement = select(VerificationRow).where(
            VerificationRow.status == VerificationStatus.REQUIRES_INPUT.value,
            VerificationRow.expires_at <= sqlalchemy.func.clock_timestamp(),
        )
        statement = statement.order_by(VerificationRow.expires_at).limit(limit)
        return [record_of(row) for row in self.session.scalars(statement.with_for_update(skip_locked=True))]

    def wrapped_key(self, verification_id: str) -> bytes:
        """The wrapped data key.

        Raises:
            DataKeyMissing: it was destroyed.
        """
        row = self.session.get(DataKeyRow, verification_id)
        if row is None:
            raise DataKeyMissing
        return row.wrapped

    def outer_wrapped_keys(self) -> list[tuple[str, bytes]]:
        """The ids and wrapped data keys of the oldest and the newest verification that have one; none, one or two."""
        order = (VerificationRow.created_at, VerificationRow.id)
        statement = select(DataKeyRow.verification_id, DataKeyRow.wrapped).join(
            VerificationRow, VerificationRow.id == DataKeyRow.verification_id
        )
        ends = (statement.order_by(*order), statement.order_by(*(column.desc() for column in order)))
        rows = (self.session.execute(end.limit(1)).first() for end in ends)
        return list(dict.fromkeys((row.verification_id, row.wrapped) for row in rows if row is not None))


def record_of(row: VerificationRow) -> VerificationRecord:
    """A row as a plain value."""
    return VerificationRecord(
        id=row.id,
        client_id=row.client_id,
        version=row.version,
        status=VerificationStatus(row.status),
        use_case=UseCase(row.use_case),
        tier=row.tier,
        attempt=row.attempt,
        policy_version=row.policy_version,
        claims=row.claims,
        last_error=row.last_error,
        created_at=row.created_at,
        updated_at=row.updated_at,
        redacted_at=row.redacted_at,
        consent=row.consent,
        expires_at=row.expires_at,
        person_id=row.person_id,
        reference=row.reference,
    )

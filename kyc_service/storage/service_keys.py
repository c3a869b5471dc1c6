"""The repository of keys that belong to the service, and of what a rotation of the master key goes through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kyc_service.storage.keys import WrappedKey
from kyc_service.storage.tables import DataKeyRow, EnrolmentRow, ServiceKeyRow

DIGEST: Final = "digest"
"""The secret of the keyed digests."""


@dataclass(frozen=True, slots=True)
class ServiceKeys:
    """Reads and writes inside one transaction."""

    session: Session

    def find(self, name: str) -> bytes | None:
        """A wrapped key of the service."""
        row = self.session.get(ServiceKeyRow, name, populate_existing=True)
        return None if row is None else row.wrapped

    def add(self, name: str, key: WrappedKey) -> None:
        """Write one, unless it is there: of several processes that start, the first one's stays."""
        values = {
            "name": name,
            "wrapped": key.wrapped,
            "master_key_id": key.master_key_id,
            "created_at": func.now(),
        }
        self.session.execute(insert(ServiceKeyRow).values(values).on_conflict_do_nothing())

    def replace(self, name: str, key: WrappedKey) -> None:
        """The same key, wrapped anew."""
        statement = sqlalchemy.update(ServiceKeyRow).where(ServiceKeyRow.name == name)
        self.session.execute(statement.values(wrapped=key.wrapped, master_key_id=key.master_key_id))

    def wrapped_by_others(self, master_key_id: str, limit: int) -> list[tuple[str, bytes]]:
        """Data keys of verifications that another master key wrapped, locked against other rotations."""
        statement = (
            select(DataKeyRow.verification_id, DataKeyRow.wrapped)
            .where(DataKeyRow.master_key_id.is_distinct_from(master_key_id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [(row.verification_id, row.wrapped) for row in self.session.execute(statement)]

    def rewrap(self, verification_id: str, key: WrappedKey) -> None:
        """A verification's data key, wrapped anew."""
        statement = sqlalchemy.update(DataKeyRow).where(DataKeyRow.verification_id == verification_id)
        self.session.execute(statement.values(wrapped=key.wrapped, master_key_id=key.master_key_id))

    def enrolments_wrapped_by_others(self, master_key_id: str, limit: int) -> list[tuple[str, bytes]]:
        """The same for enrolments that have not ended."""
        statement = (
            select(EnrolmentRow.id, EnrolmentRow.wrapped_key)
            .where(EnrolmentRow.wrapped_key.is_not(None))
            .where(EnrolmentRow.master_key_id.is_distinct_from(master_key_id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [(row.id, row.wrapped_key) for row in self.session.execute(statement)]

    def rewrap_enrolment(self, enrolment_id: str, key: WrappedKey) -> None:
        """An enrolment's key, wrapped anew; one that ended in the meantime stays without."""
        statement = sqlalchemy.update(EnrolmentRow).where(
            EnrolmentRow.id == enrolment_id, EnrolmentRow.wrapped_key.is_not(None)
        )
        self.session.execute(statement.values(wrapped_key=key.wrapped, master_key_id=key.master_key_id))

    def counts(self) -> dict[str, int]:
        """How many keys each master key wraps, by its id; the oldest keys name none (``unnamed``)."""
        counts: dict[str, int] = {}
        enrolments = select(EnrolmentRow.master_key_id).where(EnrolmentRow.wrapped_key.is_not(None))
        for statement in (select(DataKeyRow.master_key_id), enrolments, select(ServiceKeyRow.master_key_id)):
            found = statement.subquery()
            column = found.c.master_key_id
            for key_id, count in self.session.execute(select(column, func.count()).group_by(column)):
                counts[key_id or "unnamed"] = counts.get(key_id or "unnamed", 0) + count
        return counts

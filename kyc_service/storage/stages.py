"""The repository of stages: which were begun, how often, and what they saw, sealed, until the verdict stands.

A row must survive its worker's death, not a power cut, and is written while somebody
waits: these transactions are committed without waiting for the disk.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kyc_service.storage.tables import StageResultRow


@dataclass(frozen=True, slots=True)
class StageRecord:
    """A stage that was begun ``starts`` times; ``sealed`` is what came of it, once something did."""

    starts: int
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Stages:
    """Reads and writes inside one transaction."""

    session: Session

    def of(self, verification_id: str, attempt: int) -> dict[str, StageRecord]:
        """The stages of one submission, by name."""
        statement = select(StageResultRow.stage, StageResultRow.starts, StageResultRow.sealed).where(
            StageResultRow.verification_id == verification_id, StageResultRow.attempt == attempt
        )
        return {row.stage: StageRecord(row.starts, row.sealed) for row in self.session.execute(statement)}

    def begin(self, verification_id: str, attempt: int, stage: str, starts: int) -> None:
        """Note that ``stage`` is begun for the ``starts``-th time; whatever was kept of it is gone."""
        self._without_waiting()
        row = {"starts": starts, "sealed": None, "at": func.now()}
        key = {"verification_id": verification_id, "attempt": attempt, "stage": stage}
        statement = insert(StageResultRow).values(**key, **row)
        self.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=row))

    def keep(self, verification_id: str, attempt: int, stage: str, sealed: bytes) -> None:
        """Keep what came of a stage that was begun; a later word on the same stage changes nothing."""
        self._without_waiting()
        self.session.execute(
            update(StageResultRow)
            .where(
                StageResultRow.verification_id == verification_id,
                StageResultRow.attempt == attempt,
                StageResultRow.stage == stage,
                StageResultRow.sealed.is_(None),
            )
            .values(sealed=sealed, at=func.now())
        )

    def forget(self, verification_id: str, attempt: int) -> None:
        """Delete all of one submission: its report stands, or it was given back."""
        self.session.execute(
            delete(StageResultRow).where(
                StageResultRow.verification_id == verification_id, StageResultRow.attempt == attempt
            )
        )

    def _without_waiting(self) -> None:
        self.session.execute(text("SET LOCAL synchronous_commit = off"))

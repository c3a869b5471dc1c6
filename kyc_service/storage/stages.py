"""The repository of stages: which were begun, how often, and what they saw, sealed, until the verdict stands.

A row must survive its worker's death, not a power cut, and is written while somebody
waits: these statements tell their transaction's commit not to wait for the disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from kyc_service.storage.tables import StageResultRow

_UNWAITED: Final = "FROM set_config('synchronous_commit', 'off', true)"
_BEGIN: Final = text(
    "INSERT INTO stage_results (verification_id, attempt, stage, starts, sealed, at)"
    f" SELECT :verification_id, :attempt, :stage, :starts, NULL, now() {_UNWAITED}"
    " ON CONFLICT (verification_id, attempt, stage)"
    " DO UPDATE SET starts = excluded.starts, sealed = NULL, at = excluded.at"
)
_KEEP: Final = text(
    f"UPDATE stage_results SET sealed = :sealed, at = now() {_UNWAITED}"  # noqa: S608 - a constant
    " WHERE verification_id = :verification_id AND attempt = :attempt AND stage = :stage AND sealed IS NULL"
)


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
        key = {"verification_id": verification_id, "attempt": attempt, "stage": stage}
        self.session.execute(_BEGIN, {**key, "starts": starts})

    def keep(self, verification_id: str, attempt: int, stage: str, sealed: bytes) -> None:
        """Keep what came of a stage that was begun; a later word on the same stage changes nothing."""
        key = {"verification_id": verification_id, "attempt": attempt, "stage": stage}
        self.session.execute(_KEEP, {**key, "sealed": sealed})

    def forget(self, verification_id: str, attempt: int) -> None:
        """Delete all of one submission: its report stands, or it was given back."""
        self.session.execute(
            delete(StageResultRow).where(
                StageResultRow.verification_id == verification_id, StageResultRow.attempt == attempt
            )
        )

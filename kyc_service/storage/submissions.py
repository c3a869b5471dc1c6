"""The repository of submissions on their way to a verdict, and what is known of those who decide them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kyc_service.storage.tables import SubmissionRow

DECIDED_CHANNEL: Final = "kyc_decided"
"""Where the id of a verification is called out once its submission is finished."""

_ADMISSION_LOCK: Final = 5
"""A space of its own among the two-number advisory locks."""


class SubmissionState(StrEnum):
    """Where a submission stands; the last two are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DECIDED = "decided"
    GIVEN_BACK = "given_back"


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """One submission; ``tries`` counts how often a worker took it up, ``failure`` is a code."""

    verification_id: str
    attempt: int
    state: SubmissionState
    actor: str
    priority: int
    tries: int
    queued_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Submissions:
    """Reads and writes inside one transaction."""

    session: Session

    def add(self, record: SubmissionRecord) -> None:
        """Write a new one, in the place of one of the same attempt that was given back."""
        self.session.merge(SubmissionRow(**asdict(record)))
        self.session.flush()

    def find(self, verification_id: str, attempt: int) -> SubmissionRecord | None:
        """One, locked until this transaction ends; ``None`` if there is none."""
        row = self.session.get(SubmissionRow, (verification_id, attempt), with_for_update=True, populate_existing=True)
        return None if row is None else _record(row)

    def save(self, record: SubmissionRecord) -> None:
        """Write every field of one that :meth:`find` gave."""
        key = (SubmissionRow.verification_id == record.verification_id, SubmissionRow.attempt == record.attempt)
        self.session.execute(sqlalchemy.update(SubmissionRow).where(*key).values(**asdict(record)))

    def one_at_a_time(self) -> None:
        """Keep others from being admitted until this transaction ends, so that a count holds until then."""
        self.session.execute(text("SELECT pg_advisory_xact_lock(:space, 0)"), {"space": _ADMISSION_LOCK})

    def unfinished(self) -> int:
        """How many wait or are being decided."""
        statement = select(sqlalchemy.func.count()).where(SubmissionRow.finished_at.is_(None))
        return self.session.scalar(statement.select_from(SubmissionRow)) or 0

    def call_out(self, verification_id: str) -> None:
        """Tell whoever waits for it, once this transaction is committed, that it is finished."""
        notify = text("SELECT pg_notify(:channel, :id)")
        self.session.execute(notify, {"channel": DECIDED_CHANNEL, "id": verification_id})

    def without_job(self, task: str, older_than_s: float, limit: int) -> list[tuple[str, int, int]]:
        """Unfinished ones that no job stands for: verification, attempt, priority. By the database's clock."""
        rows = self.session.execute(
            text(
                "SELECT s.verification_id, s.attempt, s.priority FROM submissions s WHERE s.finished_at IS NULL"
                " AND s.queued_at < now() - make_interval(secs => :age) AND NOT EXISTS (SELECT 1 FROM"
                " procrastinate_jobs j WHERE j.task_name = :task AND j.status IN ('todo', 'doing')"
                " AND j.args->>'verification_id' = s.verification_id AND (j.args->>'attempt')::int = s.attempt)"
                " ORDER BY s.queued_at LIMIT :limit"
            ),
            {"age": older_than_s, "task": task, "limit": limit},
        )
        return [(row.verification_id, row.attempt, row.priority) for row in rows]

    def call_in(self, task: str, put_off_s: float) -> None:
        """Have jobs of ``task`` that are put off for longer than ``put_off_s`` done now.

        No pause is that long: the clock of the machine that put them off was wrong.
        """
        self.session.execute(
            text(
                "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE task_name = :task AND status = 'todo'"
                " AND scheduled_at > now() + make_interval(secs => :most)"
            ),
            {"task": task, "most": put_off_s},
        )


def _record(row: SubmissionRow) -> SubmissionRecord:
    return SubmissionRecord(
        verification_id=row.verification_id,
        attempt=row.attempt,
        state=SubmissionState(row.state),
        actor=row.actor,
        priority=row.priority,
        tries=row.tries,
        queued_at=row.queued_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        failure=row.failure,
    )

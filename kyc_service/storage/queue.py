"""Jobs of the queue, deferred in the very transaction whose effects they belong to.

The queue is Procrastinate's; its SQL function is its documented way in for other
transactions than its own. Arguments are ids only: they can be read by whoever reads the
database, and stay in its logs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session


class Queue(StrEnum):
    """Which workers take a job: those that hold models, or any."""

    SUBMISSIONS = "submissions"
    WEBHOOKS = "webhooks"
    UPKEEP = "upkeep"


LIVE_PRIORITY: Final = 100
BATCH_PRIORITY: Final = 0
"""Higher goes first."""

_DEFER: Final = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, :priority, :lock, :queueing_lock,"
    " CAST(:args AS jsonb), CAST(:scheduled_at AS timestamptz))]::procrastinate_job_to_defer_v1[])"
)


@dataclass(frozen=True, slots=True)
class Jobs:
    """Defers inside one transaction."""

    session: Session

    def defer(
        self,
        task: str,
        queue: Queue,
        args: Mapping[str, str | int],
        *,
        priority: int = 0,
        lock: str | None = None,
        scheduled_at: datetime | None = None,
    ) -> None:
        """Have ``task`` done once this transaction is committed; jobs of one ``lock`` are done one at a time, in order."""
        self.session.execute(
            _DEFER,
            {
                "queue": queue.value,
                "task": task,
                "priority": priority,
                "lock": lock,
                "queueing_lock": None,
                "args": json.dumps(dict(args)),
                "scheduled_at": scheduled_at,
            },
        )

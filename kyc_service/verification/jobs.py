"""Jobs: what workers do, and how often what failed is tried again.

The queue is Procrastinate's. A job's arguments are ids; everything else is read when it
runs. Jobs of workers that died are found by their heartbeat and put back; submissions that
no job stands for, however that came about, are given one. All due times are the database's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import procrastinate
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from kyc_service.observability.logs import get_logger
from kyc_service.storage.queue import Queue
from kyc_service.verification.deciding import DecidedElsewhere, Decider, decide_submission
from kyc_service.verification.service import VerificationService
from kyc_service.verification.submissions import DECIDE, defer_decision

HEARTBEAT_S: Final = 2.0
STALLED_AFTER_S: Final = 12.0
"""A worker that gave no sign of life for so long is taken for dead; a live one is kept off by its lock."""

_LONGEST_PAUSE_S: Final = 60
_OVERLOOKED_AFTER_S: Final = 30.0
_AT_ONE_TIME: Final = 500
_SMALL_JOBS_AT_ONCE: Final = 8
"""Deliveries of webhooks mostly wait for somebody else's server."""
# Seconds are the last column here, not the first.
_EVERY_5_S: Final = "* * * * * */5"
_EVERY_15_S: Final = "* * * * * */15"
_LOG: Final = get_logger(__name__)


class TryAgain(BaseRetryStrategy):
    """Whatever failed is tried again, for ever, after ever longer pauses: what was accepted is not given up."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        """When."""
        pause_s = 1 if isinstance(exception, DecidedElsewhere) else min(2**job.attempts, _LONGEST_PAUSE_S)
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=pause_s))


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What is done once in a while, and what a delivery needs; each gives how much it did."""

    deliver_webhook: Callable[[str], None]
    sweep_webhooks: Callable[[], int]
    expire_verifications: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker: a queue for what models decide, one for all else, so that neither waits for the other."""

    deciding: procrastinate.App
    others: procrastinate.App
    submissions_at_work: int

    async def work(self, stopping: asyncio.Event) -> None:
        """Do jobs until ``stopping``; what is in hand then is finished first."""
        await asyncio.gather(
            keep_working(self.deciding, [Queue.SUBMISSIONS], self.submissions_at_work, stopping),
            keep_working(self.others, [Queue.WEBHOOKS, Queue.UPKEEP], _SMALL_JOBS_AT_ONCE, stopping),
        )


def worker_of(decider: Decider, upkeep: Upkeep, submissions_at_work: int) -> Worker:
    """A worker on the database of ``decider``."""
    url = decider.service.database.url
    worker = Worker(queue_app(url), queue_app(url), submissions_at_work)
    add_deciding(worker.deciding, decider)
    add_upkeep(worker.others, decider.service, upkeep)
    return worker


def add_upkeep(app: procrastinate.App, service: VerificationService, upkeep: Upkeep) -> None:
    """Register the jobs that need no models."""

    @app.task(name="deliver_webhook", queue=Queue.WEBHOOKS.value, retry=TryAgain())
    def deliver_webhook(delivery_id: str) -> None:
        with _failures_said("deliver_webhook"):
            upkeep.deliver_webhook(delivery_id)

    @app.periodic(cron=_EVERY_5_S)
    @app.task(name="rescue_jobs", queue=Queue.UPKEEP.value, queueing_lock="rescue_jobs")
    async def rescue_jobs(timestamp: int) -> None:
        del timestamp
        await rescue(app)

    @app.periodic(cron=_EVERY_15_S)
    @app.task(name="sweep", queue=Queue.UPKEEP.value, queueing_lock="sweep")
    def sweep(timestamp: int) -> None:
        del timestamp
        with _failures_said("sweep"):
            defer_overlooked(service)
            upkeep.sweep_webhooks()
            upkeep.expire_verifications()

    @app.periodic(cron="17 * * * *")
    @app.task(name="forget_jobs", queue=Queue.UPKEEP.value, queueing_lock="forget_jobs")
    async def forget_jobs(timestamp: int) -> None:
        del timestamp
        await app.job_manager.delete_old_jobs(nb_hours=24, include_failed=True, include_cancelled=True)


def add_deciding(app: procrastinate.App, decider: Decider) -> None:
    """Register the job that needs models."""

    @app.task(name=DECIDE, queue=Queue.SUBMISSIONS.value, retry=TryAgain())
    def decide(verification_id: str, attempt: int) -> None:
        with _failures_said(DECIDE):
            decide_submission(decider, verification_id, attempt)


async def rescue(app: procrastinate.App) -> int:
    """Put the jobs of workers that died back into the queue; how many there were."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S))
    for job in stalled:
        _LOG.warning("job_rescued", task=job.task_name, job=job.id)
        await app.job_manager.retry_job(job)
    return len(stalled)


def defer_overlooked(service: VerificationService) -> int:
    """Give submissions that no job stands for a job; how many there were."""
    with service.database.transaction() as tx:
        overlooked = tx.submissions.without_job(DECIDE, _OVERLOOKED_AFTER_S, _AT_ONE_TIME)
        tx.submissions.call_in(DECIDE, _LONGEST_PAUSE_S * 2)
        for verification_id, attempt, priority in overlooked:
            _LOG.warning("submission_overlooked", verification_id=verification_id, attempt=attempt)
            defer_decision(tx, verification_id, attempt, priority)
    return len(overlooked)


def queue_app(url: str) -> procrastinate.App:
    """The queue in the database at ``url``, with no jobs registered yet."""
    # Its own log lines quote exceptions in full, which may quote what was read of a document.
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL + 1)
    connector = procrastinate.PsycopgConnector(
        conninfo=url, min_size=1, max_size=4, timeout=10, kwargs={"options": "-c timezone=UTC", "connect_timeout": 10}
    )
    return procrastinate.App(connector=connector)


async def keep_working(app: procrastinate.App, queues: list[Queue], at_once: int, stopping: asyncio.Event) -> None:
    """Do the jobs of ``queues``, ``at_once`` at a time, until ``stopping``; what is in hand then is finished first.

    A database that goes away is waited for.
    """
    while not stopping.is_set():
        try:
            async with app.open_async():
                await _until_stopped(app, queues, at_once, stopping)
        except (ConnectorException, OSError) as error:
            _LOG.warning("queue_unreachable", error=type(error).__name__)
        if not stopping.is_set():
            await asyncio.sleep(1)


async def _until_stopped(app: procrastinate.App, queues: list[Queue], at_once: int, stopping: asyncio.Event) -> None:
    working = asyncio.create_task(
        app.run_worker_async(
            queues=[queue.value for queue in queues],
            concurrency=at_once,
            install_signal_handlers=False,
            delete_jobs="successful",
            fetch_job_polling_interval=1.0,
            abort_job_polling_interval=3600.0,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_AFTER_S,
        )
    )
    told = asyncio.create_task(stopping.wait())
    await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    # Cancelling is how it is asked to finish what it has in hand and stop.
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working


@contextlib.contextmanager
def _failures_said(task: str) -> Iterator[None]:
    """Log a failure's type and place, not its text, which may quote what was read; the queue tries again."""
    try:
        yield
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        _LOG.warning("job_failed", task=task, error=type(error).__name__, at=f"{last.filename}:{last.lineno}")
        raise

"""``kyc worker``: decides submissions and delivers webhooks, beside any number of its kind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kyc_service.cli.configured import read_settings
from kyc_service.cli.output import ERR

if TYPE_CHECKING:
    from kyc_service.verification.jobs import Worker

_POLITENESS: Final = 5
"""Computing leaves the processor to whoever answers requests on the same machine."""
_LOOK_S: Final = 1.0


def worker(
    parent: Annotated[int | None, typer.Option(hidden=True, help="Stop when this process is no longer ours.")] = None,
) -> None:
    """Decide submissions and deliver webhooks until told to stop (Ctrl-C, SIGTERM): what is in hand is finished."""
    settings = read_settings()

    from kyc_service.bootstrap import open_worker
    from kyc_service.observability.logs import configure_logs

    configure_logs(settings.log_level)
    os.nice(_POLITENESS)
    ERR.print("Loading models; then taking jobs", markup=False)
    with open_worker(settings) as opened:
        run_until_told(opened, lambda: parent is not None and os.getppid() != parent)


def run_until_told(worker: Worker, is_orphaned: Callable[[], bool]) -> None:
    """Do jobs until a signal asks to stop, or whoever started this process is gone."""
    asyncio.run(_run(worker, is_orphaned))


async def _run(worker: Worker, is_orphaned: Callable[[], bool]) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    watching = asyncio.create_task(_watch(is_orphaned, stopping))
    try:
        await worker.work(stopping)
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


async def _watch(is_orphaned: Callable[[], bool], stopping: asyncio.Event) -> None:
    while not stopping.is_set() and not is_orphaned():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), _LOOK_S)
    stopping.set()

"""A worker that runs beside a test, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from kyc_service.verification.deciding import Decider
from kyc_service.verification.jobs import Upkeep, worker_of

IDLE = Upkeep(lambda _: None, lambda: 0, lambda: 0)


@contextmanager
def working(decider: Decider, upkeep: Upkeep = IDLE, at_once: int = 2) -> Iterator[None]:
    """Jobs are done for as long as the block lasts."""
    worker = worker_of(decider, upkeep, at_once)
    started = threading.Event()
    held: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def run() -> None:
        stopping = asyncio.Event()
        held.append((asyncio.get_running_loop(), stopping))
        started.set()
        await worker.work(stopping)

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="worker of a test")
    thread.start()
    started.wait()
    try:
        yield
    finally:
        loop, stopping = held[0]
        loop.call_soon_threadsafe(stopping.set)
        thread.join()

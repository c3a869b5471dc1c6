"""The watchdog: sees stages that take longer than they may. Native code in a thread cannot be stopped, only noticed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Watchdog:
    """Calls ``bite(stage)`` from a thread of its own, once, for a stage that is not done within ``limit_s`` seconds.

    A stage that holds the interpreter's lock all the while keeps this thread waiting too.
    """

    limit_s: float
    bite: Callable[[str], None]

    @contextmanager
    def over(self, stage: str) -> Iterator[None]:
        """Watch over ``stage`` for as long as the block lasts."""
        timer = threading.Timer(self.limit_s, self.bite, (stage,))
        timer.name, timer.daemon = "watchdog", True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

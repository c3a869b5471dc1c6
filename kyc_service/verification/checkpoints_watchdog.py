"""The watchdog: sees stages that take longer than they may. Native code in a thread cannot be stopped, only noticed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Self

_LOOKS: Final = 20
"""How often it looks while a limit runs: it is late by one part in as many."""


class Watchdog:
    """Calls ``bite(stage)`` from a thread of its own, once, for a stage that is not done within ``limit_s`` seconds.

    One thread for all stages of a run: to start one for each, and wait until it runs, costs more than many a stage.
    A stage that holds the interpreter's lock all the while keeps this thread waiting too.
    """

    def __init__(self, limit_s: float, bite: Callable[[str], None]) -> None:
        self._limit_s = limit_s
        self._bite = bite
        self._until: dict[str, float] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watchdog", daemon=True)

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more."""
        self._is_over.set()

    @contextmanager
    def over(self, stage: str) -> Iterator[None]:
        """Watch over ``stage`` for as long as the block lasts."""
        self._until[stage] = time.monotonic() + self._limit_s
        try:
            yield
        finally:
            self._until.pop(stage, None)

    def _look(self) -> None:
        while not self._is_over.wait(self._limit_s / _LOOKS):
            now = time.monotonic()
            for stage, until in list(self._until.items()):
                if now > until and self._until.pop(stage, None) is not None:
                    self._bite(stage)

"""Capacity: how much heavy work is done at once, and how much may wait for it.

A full service says so, at once or after a bounded wait, instead of queueing without end: the client knows better
than a queue whether to come back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kyc_service.errors import Unavailable

DEFAULT_MAX_WAIT_S: Final = 30.0


class AtCapacity(Unavailable):
    """As much work as the service takes on is under way; try again after a moment."""

    code = "at_capacity"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


class Capacity:
    """Places for work: ``at_work`` run, ``waiting`` stand in line for ``max_wait_s``, the rest is sent away."""

    def __init__(
        self, *, at_work: int, waiting: int, retry_after_s: int, max_wait_s: float = DEFAULT_MAX_WAIT_S
    ) -> None:
        self._limit: Final = at_work
        self._line: Final = waiting
        self._retry_after_s: Final = retry_after_s
        self._max_wait_s: Final = max_wait_s
        self._changed = threading.Condition()
        self._at_work = 0
        self._waiting = 0

    @property
    def at_work(self) -> int:
        """How many work now."""
        return self._at_work

    @property
    def waiting(self) -> int:
        """How many stand in line now."""
        return self._waiting

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place while the block runs, after waiting in line for it where need be.

        Raises:
            AtCapacity: all places and the whole line are taken, or no place came free in time.
        """
        with self._changed:
            self._take()
        try:
            yield
        finally:
            with self._changed:
                self._at_work -= 1
                self._changed.notify()

    def _take(self) -> None:
        if self._at_work >= self._limit:
            if self._waiting >= self._line:
                raise AtCapacity(self._retry_after_s)
            self._waiting += 1
            try:
                is_free = self._changed.wait_for(lambda: self._at_work < self._limit, self._max_wait_s)
            finally:
                self._waiting -= 1
            if not is_free:
                raise AtCapacity(self._retry_after_s)
        self._at_work += 1

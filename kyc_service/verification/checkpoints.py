"""Checkpoints: what a run's costly stages saw, kept as they go, so that another run need not see it again.

A run passes each costly stage through them. They answer with what the stage saw, now or in
an earlier run of the same submission that was cut off, or that the stage is set aside.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SetAside:
    """A stage that is not run any more, and why; ``cause`` is technical and carries no personal data."""

    cause: str


class RunCheckpoints(Protocol):
    """The checkpoints of one run; both its branches use them."""

    def through(self, stage: str, work: Callable[[], T]) -> T | SetAside:
        """What ``stage`` sees: ``work()``, or what an earlier run kept of it. ``work`` does not raise.

        ``stage`` is begun once a run. What ``work`` gives can be kept: plain values, dataclasses, arrays.

        Raises:
            DatabaseUnreachable: it cannot be noted that the stage is begun.
        """


class Checkpoints(Protocol):
    """Where the stages of one submission are kept between its runs."""

    def opened(self, fingerprint: str) -> AbstractContextManager[RunCheckpoints]:
        """Checkpoints of one run; only what runs of the same ``fingerprint`` kept counts.

        Raises:
            DatabaseUnreachable: it cannot be read what was kept.
        """


class NoCheckpoints:
    """Keeps nothing: every stage is run."""

    def opened(self, fingerprint: str) -> AbstractContextManager[RunCheckpoints]:  # noqa: ARG002 - nothing is kept
        """Checkpoints that keep nothing."""
        return nullcontext(self)

    def through(self, stage: str, work: Callable[[], T]) -> T:  # noqa: ARG002 - all are alike
        """``work()``."""
        return work()


NO_CHECKPOINTS: Final = NoCheckpoints()


def fingerprint_of(parts: Mapping[str, object]) -> str:
    """SHA-256 of everything that makes results differ; ``parts`` are written as JSON, what has no form there as text.

    >>> fingerprint_of({"service": "1", "models": {"a": "00"}})[:16]
    'd74b7770963c185b'
    """
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()

"""Repeating a call that failed for a passing reason: a few times, within a bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from kyc_service.outbound.failures import OutboundFailed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryPlan:
    """``waits_s`` are the pauses between tries, one fewer than tries; none begins after ``total_s``."""

    waits_s: tuple[float, ...] = (0.3, 0.9)
    total_s: float = 15.0


@dataclass(frozen=True, slots=True)
class Tried(Generic[T]):
    """What came of it, after how many tries; ``may_have_arrived`` is of any of them."""

    outcome: T | OutboundFailed
    tries: int
    may_have_arrived: bool


def repeat(
    call: Callable[[], T],
    plan: RetryPlan,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Tried[T]:
    """Call until it works, fails for good, or the plan ends; never while holding a lock or a transaction."""
    ends = clock() + plan.total_s
    may_have_arrived = False
    for tries, wait_s in enumerate((*plan.waits_s, None), start=1):
        try:
            return Tried(call(), tries, may_have_arrived=True)
        except OutboundFailed as failure:
            may_have_arrived |= failure.may_have_arrived
            if wait_s is None or not failure.may_pass or clock() + wait_s >= ends:
                return Tried(failure, tries, may_have_arrived)
        sleep(wait_s)
    raise AssertionError("the last wait is none")

"""Calls are repeated for passing reasons, a few times, within a bounded time."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from kyc_service.outbound.failures import (
    GatewayNotTrusted,
    GatewayRefused,
    GatewayTimedOut,
    GatewayUnreachable,
    OutboundFailed,
)
from kyc_service.outbound.retries import RetryPlan, repeat


class Clock:
    def __init__(self) -> None:
        self.at = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def _failing(*failures: OutboundFailed) -> Callable[[], str]:
    left = iter(failures)

    def call() -> str:
        for failure in left:
            raise failure
        return "done"

    return call


def _tried(call: Callable[[], str], plan: RetryPlan, clock: Clock) -> tuple[object, int]:
    tried = repeat(call, plan, sleep=clock.sleep, clock=lambda: clock.at)
    return tried.outcome, tried.tries


def test_what_works_is_called_once() -> None:
    clock = Clock()
    assert _tried(_failing(), RetryPlan(), clock) == ("done", 1)
    assert clock.slept == []


def test_what_passes_is_repeated() -> None:
    clock = Clock()
    assert _tried(_failing(GatewayTimedOut(), GatewayRefused(503)), RetryPlan(), clock) == ("done", 3)
    assert clock.slept == [0.3, 0.9]


@pytest.mark.parametrize("failure", [GatewayNotTrusted(), GatewayRefused(401)])
def test_what_does_not_pass_is_not_repeated(failure: OutboundFailed) -> None:
    assert _tried(_failing(failure), RetryPlan(), Clock()) == (failure, 1)


def test_three_tries_are_the_most() -> None:
    failures = [GatewayTimedOut() for _ in range(5)]
    assert _tried(_failing(*failures), RetryPlan(), Clock()) == (failures[2], 3)


def test_no_try_begins_after_the_time_is_up() -> None:
    clock = Clock()
    counter = itertools.count()

    def slow() -> str:
        next(counter)
        clock.at += 8.0
        raise GatewayTimedOut

    assert _tried(slow, RetryPlan(total_s=15.0), clock)[1] == 2
    assert clock.at - 100.0 < 15.0 + 8.0


@pytest.mark.parametrize(
    ("failures", "may_have_arrived"),
    [
        ([GatewayUnreachable(), GatewayUnreachable(), GatewayUnreachable()], False),
        ([GatewayTimedOut(), GatewayUnreachable(), GatewayUnreachable()], True),
        ([GatewayRefused(503), GatewayRefused(401)], True),
        ([GatewayRefused(401)], False),
    ],
)
def test_any_try_may_have_arrived(failures: list[OutboundFailed], may_have_arrived: bool) -> None:  # noqa: FBT001
    clock = Clock()
    tried = repeat(_failing(*failures), RetryPlan(), sleep=clock.sleep, clock=lambda: clock.at)
    assert tried.may_have_arrived is may_have_arrived

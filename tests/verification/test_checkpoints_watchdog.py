"""A stage over its limit is noticed once, the others never."""

from __future__ import annotations

import queue
import threading

import pytest

from kyc_service.verification.checkpoints_watchdog import Watchdog


def test_a_stage_over_its_limit_is_noticed_once_while_it_still_runs() -> None:
    bitten: queue.Queue[str] = queue.Queue()
    with Watchdog(0.1, bitten.put) as watchdog:
        with watchdog.over("quick"):
            pass
        with watchdog.over("slow"):
            assert bitten.get(timeout=10) == "slow"
            with pytest.raises(queue.Empty):
                bitten.get(timeout=0.3)


def test_its_thread_ends_with_the_run() -> None:
    before = set(threading.enumerate())
    with Watchdog(0.1, print), Watchdog(60.0, print):
        started = set(threading.enumerate()) - before
        assert len(started) == 2
    for thread in started:
        thread.join(10)
        assert not thread.is_alive()

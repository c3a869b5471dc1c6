from __future__ import annotations

import threading

import pytest

from kyc_service.verification.capacity import AtCapacity, Capacity


def test_places_then_a_line_then_no() -> None:
    capacity = Capacity(at_work=1, waiting=1, retry_after_s=7)
    entered = threading.Event()

    def wait_in_line() -> None:
        with capacity.place():
            entered.set()

    with capacity.place():
        second = threading.Thread(target=wait_in_line)
        second.start()
        while capacity.waiting == 0:
            pass
        with pytest.raises(AtCapacity) as refused, capacity.place():
            pass
        assert refused.value.retry_after_s == 7
        assert not entered.is_set()
    second.join(5)
    assert entered.is_set()
    assert (capacity.at_work, capacity.waiting) == (0, 0)


def test_work_that_fails_gives_its_place_back() -> None:
    capacity = Capacity(at_work=1, waiting=0, retry_after_s=1)
    with pytest.raises(ZeroDivisionError), capacity.place():
        raise ZeroDivisionError
    with capacity.place():
        assert capacity.at_work == 1


def test_never_more_at_work_than_places() -> None:
    capacity = Capacity(at_work=2, waiting=20, retry_after_s=1)
    most, lock = 0, threading.Lock()

    def work() -> None:
        nonlocal most
        with capacity.place(), lock:
            most = max(most, capacity.at_work)

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert 1 <= most <= 2


def test_nobody_waits_without_end() -> None:
    capacity = Capacity(at_work=1, waiting=1, retry_after_s=7, max_wait_s=0.05)
    with capacity.place():
        with pytest.raises(AtCapacity), capacity.place():
            pass
        assert (capacity.at_work, capacity.waiting) == (1, 0)
    with capacity.place():
        assert capacity.at_work == 1

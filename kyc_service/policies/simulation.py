"""A policy tried out on reports that were written earlier: what it would have decided otherwise.

No model runs: a report holds every measurement. Reports come one after another and are
dealt out to a few processes, a small number at a time, so that memory does not grow with
their count.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from typing import Any, Final

from kyc_service.decision.policy import Policy
from kyc_service.domain.outcome import Verdict
from kyc_service.policies.comparing import Compared, Judges, PolicyId, Refused, Reproduced, compare
from kyc_service.policies.stored_reports import StoredReport
from kyc_service.storage.keys import MasterKey

_CHUNK: Final = 32
_AHEAD: Final = 3
"""Chunks that wait for each process: enough that none is idle, and no more in memory."""

Progress = Callable[[int], None]


@dataclass(slots=True)
class Simulation:
    """What came of it, counted while it goes on."""

    new: Policy
    against: Policy | None
    matrix: Counter[tuple[Verdict, Verdict]] = field(default_factory=Counter)
    appeared: Counter[str] = field(default_factory=Counter)
    vanished: Counter[str] = field(default_factory=Counter)
    otherwise: list[Compared] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    reproduced: Counter[Reproduced] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)
    not_at_hand: Counter[PolicyId] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """Reports that were decided again."""
        return self.matrix.total()

    @property
    def changed(self) -> int:
        """Reports that would have got another verdict."""
        return len(self.otherwise)

    def take(self, one: Compared | Refused) -> None:
        """Count one more."""
        if isinstance(one, Refused):
            self.refused.append(one)
            return
        self.matrix[one.old, one.new] += 1
        self.appeared.update(set(one.new_reasons) - set(one.old_reasons))
        self.vanished.update(set(one.old_reasons) - set(one.new_reasons))
        self.reproduced[one.reproduced] += 1
        if one.reproduced is Reproduced.DIFFERENT:
            self.different.append(one.id)
        if one.reproduced is Reproduced.NOT_AT_HAND:
            self.not_at_hand[one.decided_under] += 1
        if one.old is not one.new:
            self.otherwise.append(one)


def simulate(
    reports: Iterable[StoredReport],
    judges: Judges,
    *,
    master_key: MasterKey | None = None,
    jobs: int = 1,
    progress: Progress = lambda _: None,
) -> Simulation:
    """Decide ``reports`` again. ``progress`` is told how many are done; ``jobs`` is the number of processes.

    ``master_key`` opens what is sealed; the processes hold it too.
    """
    found = Simulation(judges.new, judges.against)
    for done, one in enumerate(_compared(iter(reports), judges, master_key, jobs), start=1):
        found.take(one)
        progress(done)
    found.otherwise.sort(key=lambda one: (-one.new.rank + one.old.rank, one.id))
    return found


def _compared(
    reports: Iterator[StoredReport], judges: Judges, master_key: MasterKey | None, jobs: int
) -> Iterator[Compared | Refused]:
    head = list(islice(reports, _AHEAD * _CHUNK))
    if jobs == 1 or len(head) < _AHEAD * _CHUNK:
        # So few are done before another process has started.
        with _no_cycles_sought():
            yield from (compare(one, judges, master_key) for one in chain(head, reports))
        return
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, spawned, _begin, (judges, master_key)) as pool:
        waiting: deque[Future[list[Compared | Refused]]] = deque()
        stream = chain(head, reports)
        while chunk := list(islice(stream, _CHUNK)):
            waiting.append(pool.submit(_compare_chunk, chunk))
            if len(waiting) >= _AHEAD * jobs:
                yield from waiting.popleft().result()
        for left in waiting:
            yield from left.result()


@contextmanager
def _no_cycles_sought() -> Iterator[None]:
    """Reports are trees: counting references frees them, and looking for cycles costs as much as all the rest."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_compare_one: Callable[[StoredReport], Compared | Refused]


def _begin(judges: Judges, master_key: MasterKey | None) -> None:
    gc.disable()
    global _compare_one  # noqa: PLW0603 - a process of a pool has no other place to keep what all its tasks need
    _compare_one = partial(compare, judges=judges, master_key=master_key)


def _compare_chunk(chunk: list[StoredReport]) -> list[Compared | Refused]:
    return [_compare_one(one) for one in chunk]


def simulation_to_json(found: Simulation) -> dict[str, Any]:
    """``found`` as JSON-ready values."""
    return {
        "new": _policy(found.new),
        "against": None if found.against is None else _policy(found.against),
        "reports": found.count,
        "changed": found.changed,
        "matrix": {old.value: {new.value: found.matrix[old, new] for new in Verdict} for old in Verdict},
        "appeared": dict(found.appeared.most_common()),
        "vanished": dict(found.vanished.most_common()),
        "otherwise": [_otherwise(one) for one in found.otherwise],
        "refused": [{"id": one.id, "cause": one.cause} for one in found.refused],
        "reproduced": {
            "same": found.reproduced[Reproduced.SAME],
            "not_asked": found.reproduced[Reproduced.NOT_ASKED],
            "different": found.different,
            "not_at_hand": [
                {"name": name, "version": version, "sha256": sha256, "reports": count}
                for (name, version, sha256), count in found.not_at_hand.most_common()
            ],
        },
    }


def _policy(policy: Policy) -> dict[str, str]:
    return {"name": policy.name, "version": policy.version, "sha256": policy.sha256}


def _otherwise(one: Compared) -> dict[str, Any]:
    return {
        "id": one.id,
        "old": one.old.value,
        "new": one.new.value,
        "appeared": [code for code in one.new_reasons if code not in one.old_reasons],
        "vanished": [code for code in one.old_reasons if code not in one.new_reasons],
    }

"""Read all cases in working processes; whatever happens to one of them, the others are read.

Each process loads the models once. An exception is one case's result and not the run's
end. A process that dies (killed for memory, a fault in native code) takes the pool with it:
then what is left is read one by one, each alone in a process, and what kills its process is
reported as such.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Final, Protocol

from kyc_service.evaluation.documents.cases import Case
from kyc_service.evaluation.documents.seen import PictureSeen, State
from kyc_service.observability.logs import configure_logs

DIED: Final = "the process that read it died"

SeenCase = tuple[PictureSeen, ...]


class Reads(Protocol):
    """Something that reads cases."""

    def read(self, case: Case) -> SeenCase:
        """What came of each picture of ``case``."""
        ...


Open = Callable[[], Reads]
"""Opens a reader in the process that uses it; can be pickled."""

_readers: Final[dict[str, Reads]] = {}
"""This process's reader, once it is open."""


def read_all(cases: Sequence[Case], open_reader: Open, jobs: int) -> Generator[SeenCase]:
    """What came of each case, in the order they are done; closing it early ends the processes.

    Raises:
        KycError: the reader cannot be opened.
    """
    left = dict(enumerate(cases))
    try:
        for index, seen in _together(dict(left), open_reader, jobs):
            del left[index]
            yield seen
    except BrokenProcessPool:
        for case in left.values():
            yield _alone(case, open_reader)


def _together(cases: Mapping[int, Case], open_reader: Open, jobs: int) -> Iterator[tuple[int, SeenCase]]:
    pool = _pool(min(jobs, len(cases)))
    try:
        futures = _submitted(pool, cases, open_reader)
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _alone(case: Case, open_reader: Open) -> SeenCase:
    try:
        ((_, seen),) = _together({0: case}, open_reader, 1)
    except BrokenProcessPool:
        return _crashed(case, DIED)
    return seen


def _pool(workers: int) -> ProcessPoolExecutor:
    # Spawned, not forked: a forked copy of a process with threads may hang.
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))


def _submitted(pool: ProcessPoolExecutor, cases: Mapping[int, Case], open_reader: Open) -> dict[Future[SeenCase], int]:
    """Start the processes deaf to Ctrl-C: it goes to the whole group, and ending them is this process's part."""
    if threading.current_thread() is not threading.main_thread():
        return {pool.submit(_read, open_reader, case): index for index, case in cases.items()}
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return {pool.submit(_read, open_reader, case): index for index, case in cases.items()}
    finally:
        signal.signal(signal.SIGINT, heard)


def _read(open_reader: Open, case: Case) -> SeenCase:
    if "reader" not in _readers:
        configure_logs()  # on stderr: stdout is for the figures
        _readers["reader"] = open_reader()
    try:
        return _readers["reader"].read(case)
    except Exception as error:  # noqa: BLE001 - the worker is where reading may crash
        return _crashed(case, type(error).__name__)


def _crashed(case: Case, cause: str) -> SeenCase:
    return tuple(PictureSeen(picture, State.CRASHED, {}, cause=cause) for picture in case)

"""Stored checkpoints: each stage's result sealed in the database, beside how often the stage was begun.

That a stage is begun is written before it runs, what it saw while the next one runs. A
stage begun :data:`MOST_STARTS` times without a result killed its worker each time, and is
set aside. Once a run was cut off, the next ones run one stage at a time and wait for its
result to be kept, so that no stage is blamed for what another did beside it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Final, Self, TypeVar, cast

from kyc_service.observability.logs import get_logger
from kyc_service.storage.database import Database, DatabaseUnreachable
from kyc_service.storage.keys import DataKey, SealBroken
from kyc_service.storage.stages import StageRecord, Stages
from kyc_service.verification.checkpoints import RunCheckpoints, SetAside
from kyc_service.verification.checkpoints_packing import ResultUnreadable, pack, unpack
from kyc_service.verification.checkpoints_watchdog import Watchdog

MOST_STARTS: Final = 3
DEFAULT_STAGE_TIMEOUT_S: Final = 60.0

T = TypeVar("T")

_SHOWN: Final = 16
"""How much of the fingerprint stands in a row's name: enough to tell runs of other code apart."""
_LOG: Final = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StoredCheckpoints:
    """Where the stages of one submission are kept.

    A stage that takes longer than ``limit_s`` seconds is set aside, then ``on_overrun`` is
    called from a thread of its own: it should end the process, since nothing ends the stage.
    Whoever uses it holds the submission's lock.
    """

    database: Database
    key: DataKey
    verification_id: str
    attempt: int
    on_overrun: Callable[[], None]
    limit_s: float = DEFAULT_STAGE_TIMEOUT_S

    @contextmanager
    def opened(self, fingerprint: str) -> Iterator[RunCheckpoints]:
        """Checkpoints of one run; what was kept under another ``fingerprint`` counts for nothing.

        Raises:
            DatabaseUnreachable: it cannot be read what was kept.
        """
        suffix = f"@{fingerprint[:_SHOWN]}"
        writer = ThreadPoolExecutor(1, "checkpoints")
        with self.database.stages() as stages:
            rows = stages.of(self.verification_id, self.attempt)
            found = {name.removesuffix(suffix): row for name, row in rows.items() if name.endswith(suffix)}
            try:
                with _Run(self, fingerprint, found, stages, writer) as run:
                    yield run
            finally:
                # What is still to be written is written meanwhile; nobody need wait for it.
                writer.shutdown(wait=False)


class _Run:
    """One run. Its branches' threads share the locks only: each stage belongs to one of them."""

    def __init__(
        self,
        kept: StoredCheckpoints,
        fingerprint: str,
        found: dict[str, StageRecord],
        stages: Stages,
        writer: ThreadPoolExecutor,
    ) -> None:
        self._kept = kept
        self._fingerprint = fingerprint
        self._found = found
        self._stages = stages
        self._noting = threading.Lock()
        self._writer = writer
        self._was_cut_off = any(row.sealed is None for row in found.values())
        self._alone: AbstractContextManager[object] = threading.Lock() if self._was_cut_off else nullcontext()
        self._watchdog = Watchdog(kept.limit_s, self._overrun)

    def __enter__(self) -> Self:
        self._watchdog.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._watchdog.__exit__()

    def through(self, stage: str, work: Callable[[], T]) -> T | SetAside:
        """What ``stage`` sees now or saw before, or why it is set aside.

        Raises:
            DatabaseUnreachable: it cannot be noted that the stage is begun.
        """
        row = self._found.get(stage)
        if row is not None and row.sealed is not None:
            try:
                seen = unpack(self._kept.key.open(row.sealed, self._purpose(stage)))
                # Sealed by this very code for this very stage: it is what ``work`` gave.
                return cast("T | SetAside", seen)
            except (SealBroken, ResultUnreadable):
                _LOG.warning("checkpoint_unreadable", stage=stage, verification_id=self._kept.verification_id)
                row = None
        starts = 0 if row is None else row.starts
        if starts >= MOST_STARTS:
            return SetAside(f"crashed its worker {starts} times")
        with self._alone:
            return self._run(stage, starts + 1, work)

    def _run(self, stage: str, starts: int, work: Callable[[], T]) -> T:
        with self._noting:
            self._stages.begin(self._kept.verification_id, self._kept.attempt, self._name(stage), starts)
        with self._watchdog.over(stage):
            result = work()
        writing = self._writer.submit(self._keep, stage, result)
        if self._was_cut_off:
            writing.result()
        return result

    def _keep(self, stage: str, result: object) -> None:
        """Seal and write. A result that cannot be kept is one that has to be seen again, no more."""
        kept = self._kept
        try:
            sealed = kept.key.seal(pack(result), self._purpose(stage))
            with kept.database.transaction() as tx:
                tx.stages.keep(kept.verification_id, kept.attempt, self._name(stage), sealed)
        except (ResultUnreadable, DatabaseUnreachable) as error:
            name = type(error).__name__
            _LOG.warning("checkpoint_not_kept", stage=stage, verification_id=kept.verification_id, error=name)

    def _overrun(self, stage: str) -> None:
        kept = self._kept
        _LOG.error("stage_overran", stage=stage, verification_id=kept.verification_id, limit_s=kept.limit_s)
        try:
            self._keep(stage, SetAside(f"no answer in {kept.limit_s:g} s"))
        finally:
            kept.on_overrun()

    def _name(self, stage: str) -> str:
        return f"{stage}@{self._fingerprint[:_SHOWN]}"

    def _purpose(self, stage: str) -> str:
        return f"stage:{self._kept.attempt}:{stage}:{self._fingerprint}"

"""What one run of the pipeline did: how long each stage took, and which one failed."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import structlog

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Measurement, NotAssessed
from kyc_service.domain.reasons import Reason
from kyc_service.verification.checkpoints import NO_CHECKPOINTS, RunCheckpoints, SetAside
from kyc_service.verification.kept_forms import KeptForm

T = TypeVar("T")

_LOG: Final = structlog.get_logger(__name__)


class Trail:
    """Filled by both branches of one run, each under its own names; read when they are done."""

    def __init__(self, verification_id: str, checkpoints: RunCheckpoints = NO_CHECKPOINTS) -> None:
        self._verification_id = verification_id
        self._checkpoints = checkpoints
        self._begun: Counter[str] = Counter()
        self.timings_ms: dict[str, float] = {}

    def timed(self, stage: str, work: Callable[[], T]) -> T:
        """``work()``, its wall time kept as ``stage``."""
        started = time.perf_counter()
        try:
            return work()
        finally:
            self.timings_ms[stage] = (time.perf_counter() - started) * 1000.0

    def kept(
        self,
        stage: str,
        work: Callable[[], tuple[T, tuple[Measurement, ...]]],
        checks: Iterable[CheckName],
        captures: frozenset[CaptureKind],
        form: KeptForm[Any, Any] | None = None,
    ) -> tuple[T | None, tuple[Measurement, ...]]:
        """As :meth:`attempt`, of a stage that costs so much that its answer, a failure too, is kept for a later run.

        ``form`` is the form it is kept in, for what holds many pixels. A stage that is set aside answers none of
        ``checks``. What was kept takes no time.

        Raises:
            DatabaseUnreachable: it cannot be noted that the stage is begun.
        """
        asked = tuple(checks)
        self._begun[stage] += 1
        times = self._begun[stage]
        # The portrait may be compared twice in one run.
        name = stage if times == 1 else f"{stage}#{times}"
        whole: list[tuple[T | None, tuple[Measurement, ...]]] = []

        def see() -> tuple[Any, tuple[Measurement, ...]]:
            seen, measured = self.attempt(stage, work, asked, captures)
            whole.append((seen, measured))
            return seen if form is None or seen is None else form.kept(seen), measured

        answer = self._checkpoints.through(name, see)
        self.timings_ms.setdefault(stage, 0.0)
        if whole:
            return whole[0]
        if not isinstance(answer, SetAside):
            kept, measured = answer
            if form is None or kept is None:
                return kept, measured
            return self._seen(stage, lambda: (form.restored(kept), measured), asked, captures)
        cause = f"{stage}: {answer.cause}"
        _LOG.error("stage_set_aside", stage=stage, verification_id=self._verification_id, cause=answer.cause)
        return None, _unanswered(asked, cause, captures)

    def attempt(
        self,
        stage: str,
        work: Callable[[], tuple[T, tuple[Measurement, ...]]],
        checks: Iterable[CheckName],
        captures: frozenset[CaptureKind],
    ) -> tuple[T | None, tuple[Measurement, ...]]:
        """What ``work`` saw; if it crashes, "not assessed" for each of ``checks`` it should have answered.

        A crash is the service's fault, not evidence: it never passes for an answer. The
        log keeps the exception's type and place but not its text, which may quote what was read. Pictures are decoded
        before any stage: a file that is no picture is a refusal, not a crash.
        """
        return self._seen(stage, lambda: self.timed(stage, work), checks, captures)

    def _seen(
        self,
        stage: str,
        work: Callable[[], tuple[T, tuple[Measurement, ...]]],
        checks: Iterable[CheckName],
        captures: frozenset[CaptureKind],
    ) -> tuple[T | None, tuple[Measurement, ...]]:
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - the pipeline's runner is where a stage may crash
            name = type(error).__name__
            _LOG.error("stage_failed", stage=stage, verification_id=self._verification_id, error=name, at=_place(error))
            return None, _unanswered(checks, f"{stage}: {name}", captures)


def _unanswered(checks: Iterable[CheckName], cause: str, captures: frozenset[CaptureKind]) -> tuple[Measurement, ...]:
    return tuple(NotAssessed(check, Reason.STAGE_FAILED, cause, captures) for check in checks)


def _place(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename}:{last.lineno} in {last.name}"

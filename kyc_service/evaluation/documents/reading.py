"""The pipeline's document branch on one case: the only module here that knows how documents are read.

Decoding, locating and reading are the pipeline's own (:class:`DocumentBranch`); then values
are compared without claims, and the policy makes outcomes of it, so that what is counted as
clear is what would end as clear.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from kyc_service.consistency import assess
from kyc_service.decision.policy import Policy
from kyc_service.decision.verdict import Check, Question, decide
from kyc_service.documents.engines import DocumentEngines, load_document_engines
from kyc_service.documents.join import join
from kyc_service.documents.stage import DocumentStage
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import NotAssessed
from kyc_service.evaluation.documents.cases import Case
from kyc_service.evaluation.documents.manifest import Labelled
from kyc_service.evaluation.documents.observing import observed
from kyc_service.evaluation.documents.seen import PictureSeen, State
from kyc_service.imaging.limits import DEFAULT_LIMITS
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.inference.manifest import read_manifest, verify
from kyc_service.inference.threads import ThreadSettings, configure
from kyc_service.verification.document_branch import DocumentBranch
from kyc_service.verification.trail import Trail

_BRANCH: Final = "document."
_COMPARED: Final = "document.data_comparison"


@dataclass(frozen=True, slots=True)
class _Read:
    """One picture as the branch left it: a stage, or why there is none."""

    picture: Labelled
    stage: DocumentStage | None
    timings_ms: Mapping[str, float]
    without: State = State.CRASHED
    cause: str = ""


class CaseReader:
    """Reads cases one after the other. ``now`` is the time the documents are judged at."""

    def __init__(self, engines: DocumentEngines, policy: Policy, now: datetime) -> None:
        self._engines = engines
        self._policy = policy
        self._now = now.astimezone(ZoneInfo(policy.time_zone))

    def read(self, case: Case) -> tuple[PictureSeen, ...]:
        """What came of each picture of ``case``."""
        sides = [_read(picture, self._engines, self._now.date()) for picture in case]
        stages = [side.stage for side in sides if side.stage is not None]
        checks = self._decided(join(stages)) if stages else ()
        return tuple(_seen(side, checks) for side in sides)

    def _decided(self, stage: DocumentStage) -> tuple[Check, ...]:
        compared = assess(stage.reading, Claims(), Facts(), self._now)
        use_case, tier = next(iter(self._policy.tiers))
        document_type = None if stage.reading is None else stage.reading.document_type
        question = Question(use_case, tier, document_type, attempt=1)
        checks = decide((*stage.measurements, *compared), self._policy, question).checks
        return tuple(c for c in checks if c.name.startswith(_BRANCH) and c.name.parent != _COMPARED)


@dataclass(frozen=True, slots=True)
class OpenReader:
    """How a reader is opened: in each working process once. Travels between processes.

    ``warm`` spends seconds so that the first picture's time is like the others'.
    """

    models: Path
    policy: Policy
    now: datetime
    warm: bool = True

    def __call__(self) -> CaseReader:
        """Models checked and loaded, one thread each.

        Raises:
            ModelMissing: a model file is not there.
            ModelHashMismatch: a model file is not the one the manifest names.
        """
        threads = ThreadSettings(per_inference=1, parallel_inferences=1)
        configure(threads)
        manifest = read_manifest(self.models)
        verify(manifest, self.models)
        engines = load_document_engines(manifest, self.models, threads, warm=self.warm)
        return CaseReader(engines, self.policy, self.now)


def _read(picture: Labelled, engines: DocumentEngines, today: date) -> _Read:
    trail = Trail(f"row {picture.row}")
    branch = DocumentBranch(engines, DEFAULT_LIMITS, today, trail)
    read = branch.front if picture.side is CaptureKind.DOCUMENT_FRONT else branch.back
    data = picture.path.read_bytes()
    started = time.perf_counter()
    try:
        side = read(data)
    except ImageRefused as refusal:
        return _Read(picture, None, {}, State.REFUSED, refusal.code)
    timings = {"total": (time.perf_counter() - started) * 1000.0, **_stages(trail.timings_ms)}
    causes = sorted({failure.cause for failure in side.failures if isinstance(failure, NotAssessed)})
    return _Read(picture, side.stage, timings, State.CRASHED, ", ".join(causes))


def _stages(timings_ms: Mapping[str, float]) -> dict[str, float]:
    """The branch's own names without the side, which the picture has already."""
    found: dict[str, float] = {}
    for name, spent in timings_ms.items():
        _, _, stage = name.partition(".")
        found[stage] = found.get(stage, 0.0) + spent
    return found


def _seen(read: _Read, checks: tuple[Check, ...]) -> PictureSeen:
    if read.stage is None:
        return PictureSeen(read.picture, read.without, {}, cause=read.cause, timings_ms=read.timings_ms or None)
    return observed(read.picture, read.stage.reading, read.stage.measurements, checks, read.timings_ms)

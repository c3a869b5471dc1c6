"""A stage's answer passes through the checkpoints; one that is set aside answers nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason
from kyc_service.verification.checkpoints import NO_CHECKPOINTS, SetAside
from kyc_service.verification.trail import Trail

T = TypeVar("T")

SELFIE = frozenset({CaptureKind.SELFIE})
SEEN = (Finding(CheckName.FACE_QUALITY),)


class Shelf:
    """Sets one stage aside and remembers which it was asked for."""

    def __init__(self, aside: str) -> None:
        self.asked: list[str] = []
        self._aside = aside

    def through(self, stage: str, work: Callable[[], T]) -> T | SetAside:
        self.asked.append(stage)
        return SetAside("crashed its worker 3 times") if stage == self._aside else work()


def look() -> tuple[int, tuple[Measurement, ...]]:
    return 1, SEEN


def crash() -> tuple[int, tuple[Measurement, ...]]:
    raise MemoryError


def test_a_stage_that_is_set_aside_is_not_assessed_with_its_cause() -> None:
    trail = Trail("ver_1", Shelf("selfie.face"))
    value, said = trail.kept("selfie.face", look, (CheckName.FACE_QUALITY,), SELFIE)
    cause = "selfie.face: crashed its worker 3 times"
    assert value is None
    assert said == (NotAssessed(CheckName.FACE_QUALITY, Reason.STAGE_FAILED, cause, SELFIE),)
    assert trail.timings_ms == {"selfie.face": 0.0}


def test_a_stage_asked_twice_in_a_run_is_two_stages() -> None:
    shelf = Shelf("none")
    trail = Trail("ver_1", shelf)
    for _ in range(2):
        assert trail.kept("face.match", look, (), SELFIE) == (1, SEEN)
    assert shelf.asked == ["face.match", "face.match#2"]


def test_without_checkpoints_kept_is_attempted() -> None:
    trail = Trail("ver_1", NO_CHECKPOINTS)
    for work in (look, crash):
        asked = ("selfie.face", work, (CheckName.FACE_QUALITY,), SELFIE)
        assert trail.kept(*asked) == trail.attempt(*asked)

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.inference.engines import FaceEngines, Pixels
from kyc_service.inference.null_engines import NullLiveness, null_face_engines
from kyc_service.liveness.passive import assess_clip, chosen_frames
from kyc_service.liveness.passive.classifier import PadClassifier
from kyc_service.liveness.passive.clip import FRAMES, NoFrames, middle_mean
from tests.faces.people import detected

GREY = np.full((240, 320, 3), 120, dtype=np.uint8)
NETWORK_ALONE = PadClassifier("try", "0" * 64, 1.0, 20.0, 0.0, ())


class Brightness(NullLiveness):
    """Takes bright pictures for bona fide."""

    def bona_fide_probability(self, crop: Pixels) -> float:
        return float(crop.mean()) / 255


def engines() -> FaceEngines:
    return replace(null_face_engines(), liveness=Brightness())


def frames_of(*levels: int) -> list[tuple[Pixels, object]]:
    return [(np.full_like(GREY, level), detected(100, 60)) for level in levels]


def test_a_clip_says_which_frames_gave_what() -> None:
    score = assess_clip(frames_of(*[51] * 30), engines(), NETWORK_ALONE)
    assert (score.check, score.name, score.model_id) == (CheckName.LIVENESS_PASSIVE, "pad_score", "try")
    assert score.captures == {CaptureKind.LIVENESS}
    assert score.native == pytest.approx(0.2, abs=1e-4)
    assert score.evidence.values["frames"] == list(chosen_frames(30))
    assert score.evidence.values["model_score"] == [pytest.approx(0.2)] * FRAMES


def test_one_lucky_frame_does_not_carry_an_attack() -> None:
    lucky = assess_clip(frames_of(25, 25, 25, 25, 25, 254), engines(), NETWORK_ALONE)
    assert lucky.native == pytest.approx(25 / 255, abs=1e-4)


def test_one_spoilt_frame_does_not_sink_a_person() -> None:
    spoilt = assess_clip(frames_of(1, 230, 230, 230, 230, 230), engines(), NETWORK_ALONE)
    assert spoilt.native == pytest.approx(230 / 255, abs=1e-4)


def test_a_clip_without_a_face_is_refused() -> None:
    with pytest.raises(NoFrames):
        assess_clip([], engines(), NETWORK_ALONE)


@pytest.mark.parametrize("count", [1, 2, 5, 6, 7, 29, 400])
def test_chosen_frames_are_spread_and_never_twice_the_same(count: int) -> None:
    chosen = chosen_frames(count)
    assert len(set(chosen)) == len(chosen) == min(count, FRAMES)
    assert 0 <= chosen[0] <= chosen[-1] < count


def test_the_middle_mean_of_a_few() -> None:
    assert middle_mean([3.0]) == 3.0
    assert middle_mean([1.0, 3.0]) == 2.0
    assert middle_mean([-9.0, 1.0, 2.0, 3.0, 4.0, 99.0]) == 2.5

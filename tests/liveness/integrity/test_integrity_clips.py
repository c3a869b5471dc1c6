from __future__ import annotations

from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.domain.checks import CheckName
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.clip import Clip, TimedFrame
from kyc_service.imaging.picture import Pixels
from kyc_service.liveness.integrity import EarlierCaptures, fingerprint, of_clip
from kyc_service.liveness.integrity.repetition import repetition_of, returning
from kyc_service.liveness.integrity.timing import Impossibility, timing_of
from tests.faces.people import person

ISSUED = datetime(2026, 11, 23, 12, tzinfo=UTC)
RECEIVED = ISSUED + timedelta(seconds=20)


def recorded(count: int = 12, noise: float = 2.0, gap_ms: int = 80) -> Clip:
    """A person who sways, taken by a camera whose noise is new in every frame."""
    generator = np.random.default_rng(7)
    still = person("collins")
    frames = []
    for index in range(count):
        sway = np.array([[1, 0, 3 * np.sin(index / 2)], [0, 1, 2 * np.cos(index / 3)]], dtype=np.float64)
        seen = cv2.warpAffine(still, sway, still.shape[1::-1], borderMode=cv2.BORDER_REFLECT)
        noisy = np.clip(seen + generator.normal(0, noise, seen.shape), 0, 255).astype(np.uint8)
        frames.append(TimedFrame(noisy, index * gap_ms + index % 3))
    return Clip(tuple(frames))


def saved(pixels: Pixels, quality: int) -> Pixels:
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), dtype=np.uint8)


def with_frames(frames: list[Pixels]) -> Clip:
    return Clip(tuple(TimedFrame(pixels, 80 * index) for index, pixels in enumerate(frames)))


def test_a_recorded_clip_raises_nothing() -> None:
    found = of_clip(recorded(), ISSUED, RECEIVED)
    assert (found.check, found.reasons) == (CheckName.CAPTURE_INTEGRITY, ())
    assert found.evidence.values["repeated_share"] == 0


def test_a_still_picture_sent_as_a_clip_is_frozen() -> None:
    found = of_clip(with_frames([person("hopper")] * 12), ISSUED, RECEIVED)
    assert found.reasons == (Reason.CAPTURE_SYNTHETIC_NOISE,)


def test_a_still_picture_changes_by_what_a_codec_rounds_and_a_person_by_more() -> None:
    assert repetition_of([saved(person("hopper"), 85)] * 10).usual_change == 0
    honest = repetition_of([saved(frame.pixels, 80) for frame in recorded(10, noise=1.0).frames])
    assert honest.usual_change > 5
    assert honest.repeated_share == 0


def test_a_loop_comes_back_and_doubled_frames_do_not() -> None:
    frames = [frame.pixels for frame in recorded(6).frames]
    assert returning([*frames, *frames]) >= 4
    doubled = [frame for frame in frames for _ in range(2)]
    assert returning(doubled) == 0
    assert of_clip(with_frames(doubled), ISSUED, RECEIVED).reasons == ()
    assert of_clip(with_frames([*frames, *frames]), ISSUED, RECEIVED).reasons == (Reason.CAPTURE_SYNTHETIC_NOISE,)


def test_a_clip_of_another_verification_is_known_again() -> None:
    clip = recorded()
    prints = tuple(fingerprint(frame.pixels) for frame in clip.frames)
    again = of_clip(recorded(noise=4.0), ISSUED, RECEIVED, EarlierCaptures(fingerprints=prints))
    assert again.reasons == (Reason.CAPTURE_NEARLY_SEEN_BEFORE,)
    same = of_clip(clip, ISSUED, RECEIVED, EarlierCaptures(frozenset({"ab"})), sha256s=("ab",))
    assert same.reasons == (Reason.CAPTURE_SEEN_BEFORE,)


@pytest.mark.parametrize(
    ("times", "available_ms", "impossible"),
    [
        ((0, 40, 80), 5000, ()),
        ((0, 80, 40), 5000, (Impossibility.BACKWARDS,)),
        ((0, 40, 40), 5000, (Impossibility.EQUAL_TIMES,)),
        ((0, 1, 2, 3), 5000, (Impossibility.TOO_MANY_FRAMES,)),
        ((0, 3000, 6001), 5000, (Impossibility.LONGER_THAN_THERE_WAS_TIME,)),
        ((0, 3000, 6000), 5000, ()),
        ((0, 40, 80), -1, (Impossibility.BEFORE_THE_CHALLENGE,)),
        ((), 5000, ()),
    ],
)
def test_times_no_camera_gives(
    times: tuple[int, ...], available_ms: int, impossible: tuple[Impossibility, ...]
) -> None:
    assert timing_of(times, available_ms).impossible == impossible


def test_impossible_times_are_a_reason() -> None:
    found = of_clip(recorded(gap_ms=4000), ISSUED, RECEIVED)
    assert found.reasons == (Reason.CAPTURE_TIMING_IMPOSSIBLE,)
    assert found.evidence.values["impossible"] == ["longer_than_there_was_time"]


@given(st.lists(st.integers(4, 200), min_size=1, max_size=40))
def test_any_times_that_go_forward_are_possible(gaps: list[int]) -> None:
    times = tuple(np.cumsum([0, *gaps]).tolist())
    assert timing_of(times, times[-1]).impossible == ()


def test_a_clip_without_frames_raises_nothing() -> None:
    assert of_clip(Clip(()), ISSUED, RECEIVED).reasons == ()

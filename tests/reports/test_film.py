"""A clip is shown as one picture of its frames, in order, with their times."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kyc_service.domain.captures import CaptureKind
from kyc_service.imaging.clip import Clip, TimedFrame, pack_frames
from kyc_service.imaging.decode import decode
from kyc_service.reports.film import film_of
from kyc_service.reports.thumbnails import thumbnails_of


def _clip(count: int) -> Clip:
    shades = [np.full((90, 120, 3), 10 * number, dtype=np.uint8) for number in range(count)]
    return Clip(tuple(TimedFrame(pixels, 100 * number) for number, pixels in enumerate(shades)))


def _cells(film: np.ndarray) -> list[float]:  # type: ignore[type-arg]
    """The shade of each of the sixteen cells, above their labels."""
    height, width = film.shape[0] // 4, film.shape[1] // 4
    return [
        float(film[row * height : row * height + height // 2, column * width : (column + 1) * width].mean())
        for row in range(4)
        for column in range(4)
    ]


def test_frames_stand_in_order_and_the_whole_keeps_their_proportions() -> None:
    film = film_of(_clip(24))
    shades = _cells(film)
    assert shades == sorted(shades)
    assert shades[0] == pytest.approx(0, abs=2)
    assert shades[-1] == pytest.approx(230, abs=2)
    assert film.shape[1] / film.shape[0] == pytest.approx(120 / 90, rel=0.02)


def test_a_short_clip_leaves_cells_empty() -> None:
    shades = _cells(film_of(_clip(3)))
    assert shades[3:] == [200.0] * 13


def test_a_clip_among_the_captures_becomes_a_picture() -> None:
    frames = [cv2.imencode(".jpg", frame.pixels)[1].tobytes() for frame in _clip(20).frames]
    shown = thumbnails_of({CaptureKind.LIVENESS: pack_frames(frames, list(range(0, 2000, 100)))})
    picture = decode(shown["liveness"])
    assert picture.width / picture.height == pytest.approx(120 / 90, rel=0.02)

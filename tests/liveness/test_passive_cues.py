from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_service.inference.engines import Pixels
from kyc_service.liveness.passive.cues import borders, periodic, surface
from kyc_service.liveness.passive.cues.borders import border_cues
from kyc_service.liveness.passive.look import all_cues

BOX = (110.0, 80.0, 120.0, 150.0)


def skin(seed: int = 0) -> Pixels:
    """A blurred scene with a sensor's noise: what a face is where nothing stands out."""
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.normal(0, 60, (360, 340, 3)).astype(np.float32), (0, 0), 12) * 8
    return np.clip(140 + soft + rng.normal(0, 3, soft.shape), 0, 255).astype(np.uint8)


def with_grid(pixels: Pixels, period_px: float, depth: float) -> Pixels:
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    wave = np.cos(2 * np.pi * columns / period_px) + np.cos(2 * np.pi * (rows + 0.2 * columns) / period_px)
    return np.clip(pixels * (1 + depth * wave[..., None]), 0, 255).astype(np.uint8)


def test_every_cue_has_a_name_and_a_finite_value() -> None:
    found = all_cues(skin(), BOX)
    assert set(found) == {*periodic.NAMES, *borders.NAMES, *surface.NAMES}
    assert all(np.isfinite(value) for value in found.values())


@pytest.mark.parametrize("period", [2.7, 3.6, 5.3])
def test_a_grid_is_periodic_and_skin_is_not(period: float) -> None:
    plain, gridded = all_cues(skin(), BOX), all_cues(with_grid(skin(), period, 0.03), BOX)
    assert max(gridded[f"luma_peak_{i}"] for i in range(3)) > max(plain[f"luma_peak_{i}"] for i in range(3)) + 0.7
    assert gridded["luma_fringe"] > plain["luma_fringe"] + 0.5


def test_blocks_of_jpeg_are_no_grid() -> None:
    _, encoded = cv2.imencode(".jpg", skin(), [cv2.IMWRITE_JPEG_QUALITY, 50])
    blocked = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
    assert all_cues(blocked, BOX)["luma_peak_1"] < all_cues(with_grid(skin(), 3.6, 0.03), BOX)["luma_peak_1"]


def test_a_rim_around_the_face_has_sides_and_corners() -> None:
    framed = skin()
    cv2.rectangle(framed, (60, 20), (280, 300), (10, 10, 10), 12)
    found, plain = border_cues(framed, BOX), border_cues(skin(), BOX)
    assert found["opposite_lines"] > 1.5
    assert found["second_corner"] > 0.9
    assert plain["opposite_lines"] == plain["corner"] == 0


def test_a_level_line_under_the_face_lies_on_the_chest() -> None:
    lined = skin()
    cv2.rectangle(lined, (0, 300), (340, 360), (240, 240, 240), -1)
    assert border_cues(lined, BOX)["line_on_chest"] > 1
    assert border_cues(skin(), BOX)["line_on_chest"] == 0


def test_a_veil_raises_the_black_and_takes_colour() -> None:
    lit = skin()
    lit[200:230, 130:160] = 4
    lit[100:170, 130:210, 2] = 250
    veiled = (lit * 0.6 + 80).astype(np.uint8)
    clear, dull = all_cues(lit, BOX), all_cues(veiled, BOX)
    assert dull["raised_black"] > clear["raised_black"] + 0.05
    assert dull["narrow_colour"] > clear["narrow_colour"]


@settings(deadline=None, max_examples=25)
@given(x=st.floats(-80, 330), y=st.floats(-80, 350), width=st.floats(3, 500), height=st.floats(3, 500))
def test_a_box_anywhere_gives_finite_cues(x: float, y: float, width: float, height: float) -> None:
    assert all(np.isfinite(value) for value in all_cues(skin(), (x, y, width, height)).values())


def test_a_picture_smaller_than_a_square_has_no_periodic_cues() -> None:
    tiny = skin()[:40, :40]
    assert not set(periodic.NAMES) & set(all_cues(tiny, (5, 5, 30, 30)))

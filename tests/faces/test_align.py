from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.faces.align import ALIGNED_PX, TEMPLATE, WIDE_PX, align, similarity
from kyc_service.inference.engines import DetectedFace
from tests.faces.people import NOWHERE

GREY_TOLERANCE = 8
"""Grey levels; a sampled chessboard would be off by 127."""


@given(
    scale=st.floats(0.05, 20),
    radians=st.floats(-3.1, 3.1),
    dx=st.floats(-500, 500),
    dy=st.floats(-500, 500),
)
def test_similarity_finds_the_turn_scale_and_shift(scale: float, radians: float, dx: float, dy: float) -> None:
    c, s = scale * np.cos(radians), scale * np.sin(radians)
    matrix = np.array([[c, -s, dx], [s, c, dy]])
    moved = (TEMPLATE @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
    np.testing.assert_allclose(similarity(TEMPLATE, moved), matrix, atol=1e-3 * max(1.0, scale))


def gradient(side: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Blue rises to the right, green downwards."""
    ramp = np.linspace(0, 255, side, dtype=np.float32)
    flat = np.full((side, side), 128, dtype=np.float32)
    return np.stack([np.tile(ramp, (side, 1)), np.tile(ramp[:, None], (1, side)), flat], axis=2).astype(np.uint8)


def face_at(scale: float, shift: float) -> DetectedFace:
    return DetectedFace((0, 0, 1, 1), (TEMPLATE * scale + shift).astype(np.float32), 1.0)


def test_a_face_on_the_template_is_left_as_it_is() -> None:
    pixels = gradient(ALIGNED_PX)
    assert np.array_equal(align(pixels, face_at(1, 0), NOWHERE).aligned, pixels)


def test_shapes_are_fixed() -> None:
    face = align(gradient(400), face_at(2, 30), NOWHERE)
    assert face.aligned.shape == (ALIGNED_PX, ALIGNED_PX, 3)
    assert face.wide.shape == (WIDE_PX, WIDE_PX, 3)


def test_a_large_face_is_read_at_the_same_places_as_a_small_one() -> None:
    pixels = gradient(1200)
    reduced = align(pixels, face_at(8, 100), NOWHERE).aligned
    matrix = similarity(face_at(8, 100).landmarks, TEMPLATE)
    direct = cv2.warpAffine(pixels, matrix, (ALIGNED_PX, ALIGNED_PX))
    assert np.abs(reduced.astype(int) - direct.astype(int)).max() <= 2


def test_a_large_face_is_averaged_not_sampled() -> None:
    chequered = (np.indices((1200, 1200)).sum(axis=0) % 2 * 255).astype(np.uint8)
    crop = align(np.dstack([chequered] * 3), face_at(8, 100), NOWHERE).aligned
    assert np.abs(crop.astype(int) - 127).max() <= GREY_TOLERANCE


def test_the_wide_crop_shows_the_same_face_larger() -> None:
    face = align(gradient(400), face_at(1.5, 100), NOWHERE)
    middle = cv2.resize(face.wide, None, fx=1 / 1.6, fy=1 / 1.6, interpolation=cv2.INTER_AREA)
    edge = (middle.shape[0] - ALIGNED_PX) // 2
    cut = middle[edge : edge + ALIGNED_PX, edge : edge + ALIGNED_PX]
    assert np.abs(cut.astype(int) - face.aligned.astype(int)).mean() < 2

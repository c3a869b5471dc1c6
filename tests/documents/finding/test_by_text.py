from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kyc_service.documents.families.cn_resident_card.layout import BACK, FRONT
from kyc_service.documents.finding.by_text import find_by_text, reduced
from kyc_service.documents.finding.face import Face, Fit, fitted, saturated, upright_likeness
from kyc_service.documents.reading.ink import InkMap, ink_of
from kyc_service.imaging.geometry import Points, map_points

SIZE = (856, 540)


def flat_card(face: Face) -> NDArray[np.uint8]:
    """A card with strokes where ``face`` has print."""
    pixels = np.full((SIZE[1], SIZE[0], 3), 228, np.uint8)
    for part in face.print_:
        left, right, top, bottom = (
            round(v) for v in (part.left * 856, part.right * 856, part.top * 540, part.bottom * 540)
        )
        tone = round(228 - 205 * part.dark)
        for x in range(left, right - 6, 12):
            cv2.rectangle(pixels, (x, top + 3), (x + 5, bottom - 3), (tone, tone, tone), -1)
    return pixels


def seen(face: Face, corners: list[tuple[float, float]]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The card with its ``corners`` on a table 1200 x 900, and the way of its pixels there."""
    flat = np.array([(0, 0), (SIZE[0], 0), SIZE, (0, SIZE[1])], np.float32)
    way = cv2.getPerspectiveTransform(flat, np.array(corners, np.float32)).astype(np.float64)
    table = np.full((900, 1200, 3), 120, np.uint8)
    cv2.warpPerspective(flat_card(face), way, (1200, 900), dst=table, borderMode=cv2.BORDER_TRANSPARENT)
    return table, way


def line_of(face: Face, way: NDArray[np.float64]) -> Points:
    """The quad of the face's first anchor, with the margin a detector gives."""
    anchor, half, margin = face.anchors[0], 0.026 * SIZE[1], 10.0
    left, right, middle = anchor.left * SIZE[0] - margin, anchor.right * SIZE[0] + margin, anchor.middle * SIZE[1]
    box = [(left, middle - half - 6), (right, middle - half - 6), (right, middle + half + 6), (left, middle + half + 6)]
    return map_points(way, box)


UPRIGHT = [(250.0, 200.0), (950.0, 180.0), (930.0, 640.0), (260.0, 620.0)]
TILTED = [(380.0, 150.0), (860.0, 170.0), (960.0, 640.0), (250.0, 600.0)]
UPSIDE_DOWN = UPRIGHT[2:] + UPRIGHT[:2]


@pytest.mark.parametrize("face", [FRONT, BACK], ids=lambda face: str(face.name))
@pytest.mark.parametrize("corners", [UPRIGHT, TILTED, UPSIDE_DOWN])
def test_a_card_without_outline_is_found_by_one_of_its_lines(face: Face, corners: list[tuple[float, float]]) -> None:
    pixels, way = seen(face, corners)
    decoy = np.array([(20, 20), (300, 20), (300, 50), (20, 50)], np.float32)
    fit = find_by_text(pixels, [decoy, line_of(face, way)], [FRONT, BACK])
    assert fit is not None
    assert fit.face is face
    assert np.abs(fit.corners - np.array(corners)).max() < 0.05 * 700


def test_an_empty_table_looks_like_no_card() -> None:
    table = np.random.default_rng(3).normal(128, 6, (600, 800, 3)).clip(0, 255).astype(np.uint8)
    line = np.array([(100, 300), (500, 300), (500, 330), (100, 330)], np.float32)
    fit = find_by_text(table, [line], [FRONT, BACK])
    assert fit is None or fit.likeness < 0.5
    assert find_by_text(table, [], [FRONT, BACK]) is None


def test_a_frame_that_nearly_fits_is_moved_until_it_does() -> None:
    pixels, way = seen(FRONT, UPRIGHT)
    unit = way @ np.diag([SIZE[0], SIZE[1], 1.0])
    off = unit @ np.array([(1.03, 0.02, -0.02), (0.0, 0.97, 0.015), (0.02, -0.02, 1.0)])
    fit = fitted(saturated(ink_of(pixels, 15)), Fit(FRONT, off, -1.0))
    assert np.abs(fit.corners - np.array(UPRIGHT)).max() < 0.02 * 700


def test_the_way_up_and_the_side_are_told_by_the_look() -> None:
    for face in (FRONT, BACK):
        pixels = flat_card(face)
        found, quarters, likeness = upright_likeness(InkMap.of(pixels), [FRONT, BACK])[0]
        assert (found, quarters) == (face, 0)
        assert likeness > 0.7
        found, quarters, _ = upright_likeness(InkMap.of(np.ascontiguousarray(pixels[::-1, ::-1])), [FRONT, BACK])[0]
        assert (found, quarters) == (face, 2)


def test_a_squeezed_frame_is_not_plausible() -> None:
    assert Fit(FRONT, np.diag([856.0, 540.0, 1.0]), 1.0).is_plausible
    assert not Fit(FRONT, np.diag([856.0, 54.0, 1.0]), 1.0).is_plausible
    assert not Fit(FRONT, np.diag([856.0, -540.0, 0.0]), 1.0).is_plausible


def test_a_small_picture_is_left_as_it_is() -> None:
    pixels = np.zeros((10, 20, 3), np.uint8)
    assert reduced(pixels, 900) is pixels
    assert reduced(np.zeros((90, 180, 3), np.uint8), 60).shape == (30, 60, 3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.floats(-500, 1500), min_size=8, max_size=8), max_size=4), st.integers(0, 2**32 - 1))
def test_no_quad_and_no_picture_breaks_the_search(numbers: list[list[float]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    height, width = (int(v) for v in rng.integers(8, 200, 2))
    pixels = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    quads = [np.array(values, np.float32).reshape(4, 2) for values in numbers]
    fit = find_by_text(pixels, quads, [FRONT, BACK])
    assert fit is None or np.isfinite(fit.corners).all()

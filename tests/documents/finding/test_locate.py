from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kyc_service.documents.finding.locate import lay_flat, locate
from kyc_service.domain.captures import CaptureKind
from kyc_service.imaging.geometry import map_points
from tests.documents.samples import picture_of

SIZE = (1600, 1200)


def table_with_card(corners: NDArray[np.float32], background: int = 90) -> NDArray[np.uint8]:
    """A light card with rounded corners on a darker, slightly uneven table, BGR uint8."""
    rng = np.random.default_rng(7)
    table = np.clip(rng.normal(background, 4, (SIZE[1], SIZE[0], 3)), 0, 255).astype(np.uint8)
    card = np.full((540, 856, 3), (235, 230, 222), np.uint8)
    cv2.putText(card, "330106198503129989", (280, 470), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (30, 30, 30), 3)
    shape = np.zeros((540, 856), np.uint8)
    cv2.rectangle(shape, (32, 32), (824, 508), 255, 64)
    shape = cv2.morphologyEx(shape, cv2.MORPH_CLOSE, np.ones((999, 999), np.uint8))
    flat = np.array([(0, 0), (856, 0), (856, 540), (0, 540)], np.float32)
    forward = cv2.getPerspectiveTransform(flat, corners)
    seen, mask = cv2.warpPerspective(card, forward, SIZE), cv2.warpPerspective(shape, forward, SIZE)
    table[mask > 127] = seen[mask > 127]
    return table


@pytest.mark.parametrize(
    "corners",
    [
        [(300, 250), (1300, 250), (1300, 880), (300, 880)],
        [(260, 330), (1250, 210), (1330, 830), (330, 960)],
        [(400, 300), (1200, 260), (1330, 880), (290, 900)],
        [(420, 60), (1010, 80), (1000, 1040), (400, 1010)],
    ],
)
def test_corners_are_found_to_a_few_pixels(corners: list[tuple[float, float]]) -> None:
    quad = np.array(corners, np.float32)
    located = locate(picture_of(table_with_card(quad)))
    assert located is not None
    assert located.has_outline
    found = np.array(located.region.points)
    nearest = np.linalg.norm(found[:, None] - quad[None], axis=2).min(axis=1)
    assert nearest.max() < 8.0
    assert located.pixels.shape[1] == 1280
    assert located.pixels.shape[1] > located.pixels.shape[0]


def test_homography_leads_back_to_the_corners() -> None:
    quad = np.array([(260, 330), (1250, 210), (1330, 830), (330, 960)], np.float32)
    located = locate(picture_of(table_with_card(quad)))
    assert located is not None
    height, width = located.pixels.shape[:2]
    corners = map_points(located.to_source, [(0, 0), (width, 0), (width, height), (0, height)])
    assert np.abs(corners - np.array(located.region.points)).max() < 1.0


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_turning_keeps_every_point_in_its_place(quarters: int) -> None:
    quad = np.array([(260, 330), (1250, 210), (1330, 830), (330, 960)], np.float32)
    located = locate(picture_of(table_with_card(quad)))
    assert located is not None
    turned = located.turned(quarters)
    height, width = turned.pixels.shape[:2]
    corners = map_points(turned.to_source, [(0, 0), (width, 0), (width, height), (0, height)])
    assert np.abs(corners - np.array(turned.region.points)).max() < 1.0
    assert np.array_equal(turned.turned(4 - quarters).pixels, located.pixels)


def test_without_an_outline_the_whole_picture_is_taken() -> None:
    located = locate(picture_of(np.full((900, 1200, 3), 128, np.uint8)))
    assert located is not None
    assert not located.has_outline
    assert located.region.points[2] == (1200.0, 900.0)


def test_a_picture_too_small_for_a_document_holds_none() -> None:
    assert locate(picture_of(np.zeros((40, 400, 3), np.uint8))) is None


def test_impossible_corners_are_not_laid_flat() -> None:
    crossed = np.array([(0, 0), (100, 60), (100, 0), (0, 60)], np.float32)
    assert lay_flat(picture_of(np.zeros((200, 200, 3), np.uint8)), CaptureKind.DOCUMENT_FRONT, crossed) is None


def test_noise_and_lines_do_not_break_it() -> None:
    rng = np.random.default_rng(3)
    noise = rng.integers(0, 256, (700, 900, 3), dtype=np.uint8)
    stripes = np.zeros((700, 900, 3), np.uint8)
    stripes[:, ::7] = 255
    for pixels in (noise, stripes, np.zeros((64, 64, 3), np.uint8), np.zeros((64, 3000, 3), np.uint8)):
        assert locate(picture_of(pixels)) is not None

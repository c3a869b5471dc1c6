from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kyc_service.documents.reading.ink import InkMap, Span


def card(*bars: tuple[int, int, int, int], tone: int = 20) -> NDArray[np.uint8]:
    """A light card 640 x 400 with short dark strokes inside each (left, right, top, bottom)."""
    pixels = np.full((400, 640, 3), 225, np.uint8)
    for left, right, top, bottom in bars:
        for x in range(left, right, 8):
            cv2.rectangle(pixels, (x, top), (x + 3, bottom), (tone, tone, tone), -1)
    return pixels


def test_a_row_is_found_where_its_ink_is() -> None:
    ink = InkMap.of(card((200, 400, 190, 212)))
    middle, strength = ink.row(Span(0.2, 0.8), 0.48, 0.06, 0.058)
    assert middle == pytest.approx(0.5025, abs=0.01)
    assert strength > 0.05


def test_a_row_reaches_from_its_first_stroke_to_its_last() -> None:
    ink = InkMap.of(card((200, 400, 190, 212)))
    reach = ink.reach(Span(0.1, 0.9), Span(0.47, 0.53), 0.03)
    assert reach is not None
    assert (reach.start, reach.end) == pytest.approx((200 / 640, 396 / 640), abs=0.006)


def test_a_wide_gap_parts_two_runs() -> None:
    ink = InkMap.of(card((200, 300, 190, 212), (360, 440, 190, 212)))
    assert len(ink.runs(Span(0.1, 0.9), Span(0.47, 0.53), 0.03)) == 2
    assert len(ink.runs(Span(0.1, 0.9), Span(0.47, 0.53), 0.12)) == 1


def test_an_empty_card_has_no_run() -> None:
    assert InkMap.of(np.full((400, 640, 3), 200, np.uint8)).reach(Span(0.1, 0.9), Span(0.4, 0.5)) is None


def test_coloured_print_fades() -> None:
    black = card((200, 400, 190, 212))
    blue = np.where(black < 100, np.uint8(0), black)
    blue[..., 0] = 200
    place = Span(0.3, 0.6), Span(0.47, 0.53)
    assert InkMap.of(blue).strength(*place) < 0.3 * InkMap.of(black).strength(*place)


def test_a_turned_map_is_the_map_of_the_turned_card() -> None:
    pixels = card((200, 400, 190, 212), (60, 120, 40, 60))
    turned = InkMap.of(pixels).turned(2)
    assert np.allclose(turned.values, InkMap.of(np.ascontiguousarray(pixels[::-1, ::-1])).values, atol=0.12)


def test_a_falling_row_has_a_slope() -> None:
    pixels = card()
    for x in range(180, 460, 8):
        y = 190 + round(0.05 * (x - 320))
        cv2.rectangle(pixels, (x, y), (x + 3, y + 22), (20, 20, 20), -1)
    slope = InkMap.of(pixels).slope(Span(0.28, 0.72), 0.5025, 0.058)
    assert slope == pytest.approx(0.05 * 640 / 400, abs=0.02)


def test_light_that_ate_print_is_seen_but_a_bright_card_is_not_blamed() -> None:
    pixels = card((200, 400, 190, 212))
    cv2.circle(pixels, (380, 200), 40, (255, 255, 255), -1)
    place = Span(0.3, 0.7), Span(0.45, 0.55)
    assert InkMap.of(pixels).is_washed_out(*place)
    assert not InkMap.of(card((200, 400, 190, 212))).is_washed_out(*place)
    assert not InkMap.of(np.full((400, 640, 3), 255, np.uint8)).is_washed_out(*place)


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 900, 3), (900, 2, 3), (64, 64, 3)])
@pytest.mark.parametrize("tone", [0, 255])
def test_no_shape_of_a_picture_is_too_odd(shape: tuple[int, int, int], tone: int) -> None:
    ink = InkMap.of(np.full(shape, tone, np.uint8))
    assert np.isfinite(ink.values).all()
    assert ink.reach(Span(0.0, 1.0), Span(0.0, 1.0)) is None
    assert ink.slope(Span(0.3, 0.3), 0.5, 0.1) == 0.0

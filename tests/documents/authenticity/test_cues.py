"""Each cue alone: what it is made for moves it the right way, and no picture breaks it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kyc_service.documents.authenticity import number_line
from kyc_service.documents.authenticity.measures import SURFACE_NAMES, Measures, take_measures
from kyc_service.documents.authenticity.places import Places
from kyc_service.imaging.picture import Pixels
from tests.documents.authenticity.pictures import (
    DIGITS,
    NUMBER_BOX,
    PORTRAIT_BOX,
    document_on,
    halftoned,
    on_screen,
    photographed,
    picture_of,
    printed,
    region,
)

PLACES = Places(region(NUMBER_BOX, "number"), len(DIGITS), region(PORTRAIT_BOX, "portrait"))


def measured(pixels: Pixels) -> Measures:
    picture = picture_of(pixels)
    return take_measures(picture, document_on(picture), PLACES)


@pytest.fixture(scope="module")
def honest() -> Measures:
    return measured(photographed(printed()))


def test_a_pixel_grid_stands_out_of_the_spectrum_in_brightness_and_colour(honest: Measures) -> None:
    attacked = measured(photographed(on_screen(printed())))
    assert attacked.surface["luma_peak_2"] > honest.surface["luma_peak_2"] + 0.5
    assert attacked.surface["chroma_to_luma"] > honest.surface["chroma_to_luma"]


def test_a_halftone_screen_stands_out_of_the_spectrum(honest: Measures) -> None:
    attacked = measured(photographed(halftoned(printed())))
    assert attacked.surface["luma_peak_2"] > honest.surface["luma_peak_2"] + 1.0


def test_noise_alone_makes_no_peak(honest: Measures) -> None:
    other = measured(photographed(printed(), seed=2, sigma=6.0))
    for name in ("luma_peak_1", "luma_peak_2", "luma_peak_3"):
        assert abs(other.surface[name] - honest.surface[name]) < 0.4


def test_a_grey_copy_is_grey_under_any_cast(honest: Measures) -> None:
    grey = cv2.cvtColor(cv2.cvtColor(printed(), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    cast = (grey * np.array((0.85, 0.95, 1.0))).astype(np.uint8)
    assert measured(photographed(cast)).surface["greyness"] > honest.surface["greyness"] + 0.3


def test_what_no_camera_took_stands_still(honest: Measures) -> None:
    drawn = measured(printed())
    assert drawn.surface["still_blocks"] > 0.3 > honest.surface["still_blocks"]
    assert drawn.surface["equal_neighbours"] > honest.surface["equal_neighbours"]


def test_a_digit_on_another_ground_is_the_strangest(honest: Measures) -> None:
    card = printed()
    left, top, right, bottom = NUMBER_BOX
    cell = (right - left) / len(DIGITS)
    start, end = round(left + 7 * cell), round(left + 9 * cell)
    card[top - 6 : bottom + 6, start:end] = (206, 214, 228)
    for i, digit in enumerate("46"):
        place = (round(start + i * cell) + 4, bottom - 12)
        cv2.putText(card, digit, place, cv2.FONT_HERSHEY_COMPLEX, 1.2, (10, 10, 10), 2, cv2.LINE_AA)
    attacked = measured(photographed(card))
    assert attacked.number["strangest_sum"] > honest.number["strangest_sum"] + 1.0
    assert attacked.strangest_cells == (7, 9)


def test_a_pasted_portrait_has_an_edge(honest: Measures) -> None:
    card = printed()
    left, top, right, bottom = PORTRAIT_BOX
    card[top:bottom, left:right] = np.clip(card[top:bottom, left:right].astype(int) - 14, 0, 255).astype(np.uint8)
    attacked = measured(photographed(card))
    for side in ("edge_left", "edge_top", "edge_right"):
        assert attacked.portrait[side] > honest.portrait[side] + 0.5


@pytest.mark.parametrize(("scale", "has_number"), [(1.0, True), (0.2, False)])
def test_small_print_is_not_compared(scale: float, *, has_number: bool) -> None:
    pixels = cv2.resize(photographed(printed()), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    picture = picture_of(np.asarray(pixels, np.uint8))
    box = tuple(round(v * scale) for v in NUMBER_BOX)
    look = number_line.look_at_number(picture, region((box[0], box[1], box[2], box[3]), "number"), len(DIGITS))
    assert (look is not None) is has_number


@settings(max_examples=25, deadline=None)
@given(
    pixels=arrays.arrays(np.uint8, st.tuples(st.integers(64, 260), st.integers(64, 260), st.just(3)),
                         elements=st.integers(0, 255), fill=st.integers(0, 255)),
    corners=st.lists(st.tuples(st.floats(-50, 300), st.floats(-50, 300)), min_size=4, max_size=4),
    characters=st.integers(0, 30),
)  # fmt: skip
def test_no_picture_and_no_place_breaks_a_measure(
    pixels: Pixels, corners: list[tuple[float, float]], characters: int
) -> None:
    picture = picture_of(pixels)
    place = region((0, 0, 1, 1), "anywhere")
    anywhere = type(place)(place.capture, tuple(corners), place.label)
    taken = take_measures(picture, document_on(picture), Places(anywhere, characters, anywhere))
    for group in (taken.surface, taken.number, taken.portrait):
        assert np.isfinite(list(group.values())).all()


@pytest.mark.parametrize("value", [0, 127, 255])
@pytest.mark.parametrize("shape", [(64, 64), (900, 1400), (64, 1800)])
def test_an_even_picture_has_finite_measures(value: int, shape: tuple[int, int]) -> None:
    picture = picture_of(np.full((*shape, 3), value, np.uint8))
    whole = region((0, 0, shape[1], shape[0]), "all")
    taken = take_measures(picture, document_on(picture), Places(whole, 18, whole))
    assert set(taken.surface) in ({*SURFACE_NAMES}, set())
    for group in (taken.surface, taken.number, taken.portrait):
        assert np.isfinite(list(group.values())).all()

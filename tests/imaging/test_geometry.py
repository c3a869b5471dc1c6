from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.imaging.geometry import (
    is_convex,
    order_quad,
    quad_area,
    rectify,
    rotate_points_quarter,
    rotate_quarter,
    side_lengths,
)
from tests.imaging.drawn import QUADRANTS_BGR, corner_colours, is_close, quadrants

TILTED = [(40.0, 30.0), (290.0, 60.0), (270.0, 220.0), (20.0, 180.0)]


def test_any_order_of_corners_becomes_clockwise_from_the_top_left() -> None:
    for shuffled in itertools.permutations(TILTED):
        assert order_quad(shuffled).tolist() == [list(p) for p in TILTED]


@pytest.mark.parametrize("points", [[(0, 0)] * 3, [(0, 0)] * 5, [(0, 0), (1, 0), (1, float("nan")), (0, 1)]])
def test_four_finite_points_are_asked_for(points: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="four finite points"):
        order_quad(points)


def test_area_does_not_depend_on_direction() -> None:
    assert quad_area(TILTED) == quad_area(TILTED[::-1]) > 0
    assert side_lengths([(0, 0), (3, 4), (3, 10), (0, 10)]) == (5.0, 6.0, 3.0, 10.0)


@pytest.mark.parametrize(
    "quad",
    [
        [(0, 0), (10, 0), (2, 2), (0, 10)],  # dented
        [(0, 0), (5, 0), (10, 0), (0, 10)],  # three in line
        [(0, 0), (0, 0), (10, 0), (0, 10)],  # two the same
    ],
)
def test_what_is_not_convex_is_not_rectified(quad: list[tuple[float, float]]) -> None:
    assert not is_convex(quad)
    with pytest.raises(ValueError, match="convex"):
        rectify(np.zeros((20, 20, 3), np.uint8), quad, (10, 10))


def test_a_size_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive size"):
        rectify(np.zeros((20, 20, 3), np.uint8), TILTED, (0, 10))


def test_rectify_undoes_a_tilt() -> None:
    card = np.asarray(quadrants())[..., ::-1].copy()
    scene = rectify(card, [(0, 0), (320, 0), (320, 240), (0, 240)], (640, 480))
    flat = rectify(scene.pixels, [(0, 0), (640, 0), (640, 480), (0, 480)], (320, 240))
    assert is_close(corner_colours(flat.pixels), QUADRANTS_BGR)
    turned = rectify(card, [(0, 240), (0, 0), (320, 0), (320, 240)], (240, 320))
    expected = [QUADRANTS_BGR[i] for i in (2, 0, 3, 1)]
    assert is_close(corner_colours(turned.pixels), expected)


def test_points_map_back_to_where_they_were_cut_from() -> None:
    picture = np.zeros((240, 320, 3), np.uint8)
    patch = rectify(picture, TILTED, (856, 540))
    corners = [(0, 0), (856, 0), (856, 540), (0, 540)]
    assert np.allclose(patch.map_back(corners), TILTED, atol=1e-2)
    assert patch.pixels.shape == (540, 856, 3)


def test_what_lies_outside_is_grey() -> None:
    patch = rectify(np.zeros((50, 50, 3), np.uint8), [(-40, -40), (40, -40), (40, 40), (-40, 40)], (80, 80))
    assert patch.pixels[5, 5].tolist() == [127, 127, 127]


@pytest.mark.parametrize("turns", range(-4, 9))
def test_quarter_turns_go_round(turns: int) -> None:
    card = np.asarray(quadrants())[..., ::-1].copy()
    turned = rotate_quarter(card, turns)
    clockwise = [QUADRANTS_BGR[i] for i in (0, 1, 3, 2)]
    found = [corner_colours(turned)[i] for i in (0, 1, 3, 2)]
    assert found == clockwise[-turns % 4 :] + clockwise[: -turns % 4]
    assert (rotate_quarter(turned, -turns) == card).all()


@given(st.integers(-5, 5), st.floats(0, 320), st.floats(0, 240))
def test_points_turn_with_the_picture_and_back(turns: int, x: float, y: float) -> None:
    turned_size = (320, 240) if turns % 2 == 0 else (240, 320)
    turned = rotate_points_quarter([(x, y)], turns, (320, 240))
    assert (turned >= -1e-3).all()
    assert (turned <= np.array(turned_size) + 1e-3).all()
    assert np.allclose(rotate_points_quarter(turned, -turns, turned_size), [(x, y)], atol=1e-3)


def test_a_turned_point_lies_on_the_same_colour() -> None:
    card = np.asarray(quadrants())[..., ::-1].copy()
    for turns in range(4):
        x, y = rotate_points_quarter([(80, 60)], turns, (320, 240))[0]
        assert rotate_quarter(card, turns)[int(y), int(x)].tolist() == list(QUADRANTS_BGR[0])

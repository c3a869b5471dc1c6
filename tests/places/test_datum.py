from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.domain.claims import Datum
from kyc_service.domain.facts import Position
from kyc_service.places.datum import looks_like_gcj02, to_bd09, to_gcj02, to_wgs84
from kyc_service.places.distance import distance_km

CHINA = st.builds(Position, st.floats(18, 53), st.floats(74, 134))
TIANANMEN = Position(39.907333, 116.391083)


def test_the_shift_at_a_known_place() -> None:
    shown = to_gcj02(TIANANMEN)
    assert (shown.latitude, shown.longitude) == pytest.approx((39.908735, 116.397323), abs=2e-5)


@given(CHINA)
def test_there_and_back_is_where_it_began(here: Position) -> None:
    assert distance_km(here, to_wgs84(to_gcj02(here), Datum.GCJ02)) < 1e-6
    assert distance_km(here, to_wgs84(to_bd09(here), Datum.BD09)) < 1e-6


@given(CHINA)
def test_the_shift_is_under_seven_hundred_metres(here: Position) -> None:
    assert distance_km(here, to_gcj02(here)) < 0.7


@pytest.mark.parametrize("abroad", [Position(48.85, 2.35), Position(-33.87, 151.21), Position(37.77, -122.42)])
def test_maps_abroad_are_not_shifted(abroad: Position) -> None:
    assert to_gcj02(abroad) == abroad
    assert to_wgs84(abroad, Datum.GCJ02) == abroad


@given(CHINA, st.floats(0, 20), st.floats(0, 2 * math.pi))
def test_a_shifted_position_is_recognised_and_an_honest_one_is_not(here: Position, error_m: float, way: float) -> None:
    shown = to_gcj02(here)
    if distance_km(here, shown) < 0.15:
        return
    metre = 1 / 111_320
    off = (error_m * metre * math.cos(way), error_m * metre * math.sin(way) / math.cos(math.radians(here.latitude)))
    assert looks_like_gcj02(Position(shown.latitude + off[0], shown.longitude + off[1]), here, 50.0)
    assert not looks_like_gcj02(Position(here.latitude + off[0], here.longitude + off[1]), here, 50.0)


@given(st.builds(Position, st.floats(), st.floats()), st.sampled_from(Datum))
def test_no_degrees_raise(position: Position, datum: Datum) -> None:
    assert isinstance(to_wgs84(position, datum), Position)

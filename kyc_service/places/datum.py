"""Datums of Chinese maps: GCJ-02 and BD-09 positions as WGS-84, and GCJ-02 recognised by its shift.

Maps published in mainland China move positions by up to about 700 m. The polynomial is
the one that became public with the open-source project eviltransform (the Krasovsky 1940
ellipsoid) and every open converter shares; BD-09 turns GCJ-02 further. The way back is
found by iteration, good to a millimetre. Elsewhere GCJ-02 is WGS-84.
"""

from __future__ import annotations

import math
from typing import Final

from kyc_service.domain.claims import Datum
from kyc_service.domain.facts import FactSource, Position
from kyc_service.places.distance import distance_km
from kyc_service.places.position import is_on_earth

SOURCE: Final = FactSource("GCJ-02 and BD-09 to WGS-84 (eviltransform's polynomial)", "1")

_AXIS_M: Final = 6378245.0
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594
_BAIDU: Final = math.pi * 3000.0 / 180.0
_STEPS: Final = 12
_M_PER_KM: Final = 1000.0
_MIN_SHIFT_M: Final = 50.0
# The rectangle within which publishers of maps shift.
_SOUTH, _NORTH, _WEST, _EAST = 0.8293, 55.8271, 72.004, 137.8347


def to_wgs84(position: Position, datum: Datum) -> Position:
    """``position``, measured against ``datum``, as WGS-84; degrees that are none stay as they are.

    >>> p = to_wgs84(Position(39.9086, 116.3974), Datum.GCJ02)
    >>> round(p.latitude, 4), round(p.longitude, 4)
    (39.9072, 116.3912)
    """
    if not is_on_earth(position):
        return position
    match datum:
        case Datum.WGS84:
            return position
        case Datum.GCJ02:
            return _from_gcj02(position)
        case Datum.BD09:
            return _from_gcj02(_bd09_to_gcj02(position))


def to_gcj02(position: Position) -> Position:
    """A WGS-84 position as maps of mainland China show it; unchanged outside their rectangle."""
    if not _is_shifted(position):
        return position
    north, east = _shift(position)
    return Position(position.latitude + north, position.longitude + east)


def to_bd09(position: Position) -> Position:
    """A WGS-84 position as Baidu's maps show it."""
    gcj = to_gcj02(position)
    x, y = gcj.longitude, gcj.latitude
    z = math.hypot(x, y) + 0.00002 * math.sin(y * _BAIDU)
    theta = math.atan2(y, x) + 0.000003 * math.cos(x * _BAIDU)
    return Position(z * math.sin(theta) + 0.006, z * math.cos(theta) + 0.0065)


def looks_like_gcj02(stated: Position, true: Position, tolerance_m: float) -> bool:
    """Whether ``stated`` is where a Chinese map would show the WGS-84 position ``true``.

    Says nothing where the two agree within the tolerance anyhow, or the shift is too small to tell.

    >>> here = Position(30.2741, 120.1551)
    >>> looks_like_gcj02(to_gcj02(here), here, 50.0), looks_like_gcj02(here, here, 50.0)
    (True, False)
    """
    shown = to_gcj02(true)
    shift_m = distance_km(true, shown) * _M_PER_KM
    apart_m = distance_km(true, stated) * _M_PER_KM
    near_m = min(tolerance_m, shift_m / 2)
    return shift_m > _MIN_SHIFT_M and apart_m > near_m and distance_km(stated, shown) * _M_PER_KM <= near_m


def _is_shifted(position: Position) -> bool:
    return _SOUTH <= position.latitude <= _NORTH and _WEST <= position.longitude <= _EAST


def _from_gcj02(position: Position) -> Position:
    """Fixed point: the WGS-84 position that the shift brings to ``position``."""
    guess = position
    for _ in range(_STEPS):
        shown = to_gcj02(guess)
        guess = Position(
            guess.latitude + position.latitude - shown.latitude,
            guess.longitude + position.longitude - shown.longitude,
        )
    return guess


def _bd09_to_gcj02(position: Position) -> Position:
    """The inverse of the turn, by the same iteration: Baidu's own approximate one errs by a metre."""
    x, y = position.longitude - 0.0065, position.latitude - 0.006
    z, theta = math.hypot(x, y), math.atan2(y, x)
    gcj_x, gcj_y = x, y
    for _ in range(_STEPS):
        angle = theta - 0.000003 * math.cos(gcj_x * _BAIDU)
        length = z - 0.00002 * math.sin(gcj_y * _BAIDU)
        gcj_x, gcj_y = length * math.cos(angle), length * math.sin(angle)
    return Position(gcj_y, gcj_x)


def _shift(position: Position) -> tuple[float, float]:
    """Degrees of latitude and longitude that GCJ-02 adds at a WGS-84 position."""
    x, y = position.longitude - 105.0, position.latitude - 35.0
    root = math.sqrt(abs(x))
    both = 20.0 * (math.sin(6.0 * x * math.pi) + math.sin(2.0 * x * math.pi))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2.0 / 3.0 * (both + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2.0 / 3.0 * (both + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))
    sine = math.sin(math.radians(position.latitude))
    bulge = 1.0 - _ECCENTRICITY_SQUARED * sine * sine
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / bulge**1.5
    parallel_m = _AXIS_M / math.sqrt(bulge) * math.cos(math.radians(position.latitude))
    return math.degrees(north / meridian_m), math.degrees(east / parallel_m)


def _waves(degrees: float, *terms: tuple[float, float]) -> float:
    return sum(height * math.sin(degrees / period * math.pi) for height, period in terms)

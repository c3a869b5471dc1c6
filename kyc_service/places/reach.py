"""Points within reach of a position, to be looked up beside it.

A device knows its position within an accuracy; a map of mainland China that was taken for
WGS-84 shifts it by up to 0.7 km. What lies within either may be where the device is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from kyc_service.domain.facts import Position
from kyc_service.places.vectors import EARTH_RADIUS_KM

# Of a network's position, which may be a whole city off, no more than this is looked at.
MAX_REACH_KM: Final = 50.0
MAP_SHIFT_KM: Final = 0.7

_RINGS: Final = 4
_BEARINGS: Final = 24


def points_in_reach(centre: Position, radius_km: float) -> Iterator[tuple[Position, float]]:
    """Points on four rings around ``centre``, each with its distance in km; none without a radius.

    The outermost ring has ``radius_km``, at most 50 km. A territory narrower than a
    quarter of that may lie between the rings.

    >>> [km for _, km in points_in_reach(Position(0.0, 180.0), 2.0)][:: 24]
    [0.5, 1.0, 1.5, 2.0]
    >>> list(points_in_reach(Position(0.0, 0.0), 0.0))
    []
    """
    reach_km = min(radius_km, MAX_REACH_KM)
    for ring in range(1, _RINGS + 1) if reach_km > 0 else ():
        distance_km = reach_km * ring / _RINGS
        for step in range(_BEARINGS):
            yield _destination(centre, distance_km, 2 * math.pi * step / _BEARINGS), distance_km


def _destination(start: Position, distance_km: float, bearing: float) -> Position:
    """The point on a sphere ``distance_km`` away in the direction ``bearing`` (radians from north)."""
    angle = distance_km / EARTH_RADIUS_KM
    lat, lon = math.radians(start.latitude), math.radians(start.longitude)
    sine = math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing)
    latitude = math.asin(max(-1.0, min(1.0, sine)))
    east = math.atan2(math.sin(bearing) * math.sin(angle) * math.cos(lat), math.cos(angle) - math.sin(lat) * sine)
    longitude = (math.degrees(lon + east) + 180.0) % 360.0 - 180.0
    return Position(math.degrees(latitude), longitude)

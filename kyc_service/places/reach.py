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

_NARROW_KM: Final = 5.0
_BEARINGS: Final = 24


def rings_km(radius_km: float) -> tuple[float, ...]:
    """How far from a position to look: up to its radius, but no farther than 50 km.

    A territory narrower than the space between two rings may lie between them.

    >>> rings_km(0.0), rings_km(2.0), rings_km(1e9)
    ((), (1.0, 2.0), (12.5, 25.0, 37.5, 50.0))
    """
    reach_km = min(radius_km, MAX_REACH_KM)
    if reach_km <= 0:
        return ()
    rings = 2 if reach_km <= _NARROW_KM else 4
    return tuple(reach_km * ring / rings for ring in range(1, rings + 1))


def points_on_ring(centre: Position, radius_km: float) -> Iterator[Position]:
    """24 points at ``radius_km`` around ``centre``.

    >>> north = next(points_on_ring(Position(0.0, 180.0), 111.195))
    >>> round(north.latitude, 3), north.longitude
    (1.0, -180.0)
    """
    for step in range(_BEARINGS):
        yield _destination(centre, radius_km, 2 * math.pi * step / _BEARINGS)


def _destination(start: Position, distance_km: float, bearing: float) -> Position:
    """The point on a sphere ``distance_km`` away in the direction ``bearing`` (radians from north)."""
    angle = distance_km / EARTH_RADIUS_KM
    lat, lon = math.radians(start.latitude), math.radians(start.longitude)
    sine = math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing)
    latitude = math.asin(max(-1.0, min(1.0, sine)))
    east = math.atan2(math.sin(bearing) * math.sin(angle) * math.cos(lat), math.cos(angle) - math.sin(lat) * sine)
    longitude = (math.degrees(lon + east) + 180.0) % 360.0 - 180.0
    return Position(math.degrees(latitude), longitude)

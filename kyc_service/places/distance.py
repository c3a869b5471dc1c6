"""Distances on the ellipsoid between places that are known only so well."""

from __future__ import annotations

import math
from typing import Final

from geopy.distance import geodesic  # type: ignore[import-untyped]  # geopy ships no types

from kyc_service.domain.facts import Position

_METRES_PER_KM: Final = 1000.0
# Measures keep their ellipsoid: making it anew takes as long as measuring.
_WGS84: Final = geodesic(0.0)


def distance_km(a: Position, b: Position) -> float:
    """Geodesic kilometres between two points (WGS-84, Karney's method through geopy).

    >>> round(distance_km(Position(39.907, 116.397), Position(31.222, 121.458)))
    1067
    """
    return float(_WGS84.measure((a.latitude, a.longitude), (b.latitude, b.longitude)))


def distance_beyond_km(a: Position, b: Position, slack_km: float) -> float:
    """Kilometres between ``a`` and ``b`` that ``slack_km`` (radii, accuracy) does not explain.

    >>> distance_beyond_km(Position(39.9, 116.4), Position(39.9, 116.5), 50.0)
    0.0
    """
    return max(distance_km(a, b) - slack_km, 0.0)


def accuracy_km(accuracy_m: float | None) -> float:
    """What a device's stated accuracy takes off a distance; nothing where it makes no sense.

    >>> accuracy_km(250.0), accuracy_km(None), accuracy_km(-5.0), accuracy_km(float("inf"))
    (0.25, 0.0, 0.0, 0.0)
    """
    if accuracy_m is None or not math.isfinite(accuracy_m) or accuracy_m < 0:
        return 0.0
    return accuracy_m / _METRES_PER_KM

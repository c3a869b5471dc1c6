"""Many positions as unit vectors: the nearest of thousands in one multiplication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

EARTH_RADIUS_KM: Final = 6371.0088  # mean radius, IUGG


def unit_vectors(latitudes: Sequence[float], longitudes: Sequence[float]) -> FloatArray:
    """Points on the unit sphere, shape (n, 3), float64, from WGS-84 degrees.

    >>> unit_vectors([0.0, 90.0], [0.0, 0.0]).round(6).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    lat, lon = np.radians(latitudes), np.radians(longitudes)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)

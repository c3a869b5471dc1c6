"""How sharp the print is: the smear of its edges, and whether one direction lacks edges, as after a shake.

A shake along a line leaves box-shaped smears that look sharp at their ends, so the smear
of edges does not show it. It does take away nearly all change along its direction, while
print keeps changing across it: letters and digits have strokes in every direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from kyc_service.imaging.picture import Pixels
from kyc_service.imaging.quality import measure_patch

_DIRECTIONS: Final = 8
_NOISE_SIGMA_PX: Final = 1.0
_STRONG_SHARE: Final = 0.10
"""Print covers about this much of a card; the rest is ground, whose noise has no direction."""
_LEAST_ENERGY: Final = 1e-3
LONG_SIDE_PX: Final = 640


@dataclass(frozen=True, slots=True)
class Sharpness:
    """``smear``: sharpness of edges, 0.11 (none) to 1, see :class:`PatchQuality`.

    ``evenness``: least over greatest change of luma by direction, 0 (shaken) to 1.
    """

    smear: float
    evenness: float


def sharpness_of(pixels: Pixels) -> Sharpness:
    """The sharpness of a document laid flat (BGR uint8, HxWx3, at least 8 x 8)."""
    return Sharpness(measure_patch(pixels).sharpness, _evenness(pixels))


def _evenness(pixels: Pixels) -> float:
    factor = min(1.0, LONG_SIDE_PX / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    luma = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32), (0, 0), _NOISE_SIGMA_PX)
    across, down = cv2.Sobel(luma, cv2.CV_32F, 1, 0), cv2.Sobel(luma, cv2.CV_32F, 0, 1)
    size = across * across + down * down
    strong = size >= np.quantile(size, 1 - _STRONG_SHARE)
    angles = np.arange(_DIRECTIONS) * np.pi / _DIRECTIONS
    xx, yy, xy = (float((p[strong]).mean()) for p in (across * across, down * down, across * down))
    energies = [xx * np.cos(a) ** 2 + yy * np.sin(a) ** 2 + 2 * xy * np.cos(a) * np.sin(a) for a in angles]
    return float(max(min(energies), 0.0) / max(*energies, _LEAST_ENERGY))

"""A document too far away to be found: an outline of its shape in a part of the picture.

Looked for only where nothing else was found. The sentence for a picture without any
document asks for the same, so a wrong answer here costs nothing but a worse hint.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from kyc_service.documents.finding.locate import find_outline
from kyc_service.imaging.geometry import side_lengths
from kyc_service.imaging.picture import Picture, Pixels

_SEARCH_PX: Final = 960
_TILE_PX: Final = 360
_STEP_PX: Final = 240
_LEAST_PX: Final = 60.0


def widest_small_outline(picture: Picture, limit_px: float) -> float | None:
    """The longer side, in full-size pixels, of the largest document-like outline narrower than ``limit_px``; ``None``: none."""
    factor = min(1.0, _SEARCH_PX / max(picture.pixels.shape[:2]))
    small = np.asarray(cv2.resize(picture.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
    scale = picture.width / small.shape[1]
    widths = [width * scale for tile in _tiles(small) if (width := _outlined(tile)) is not None]
    return max((w for w in widths if _LEAST_PX <= w < limit_px), default=None)


def _outlined(tile: Pixels) -> float | None:
    quad = find_outline(tile)
    if quad is None:
        return None
    top, right, bottom, left = side_lengths(quad)
    return max(top + bottom, left + right) / 2


def _tiles(small: Pixels) -> Iterator[Pixels]:
    height, width = small.shape[:2]
    for top in range(0, max(1, height - _STEP_PX), _STEP_PX):
        for left in range(0, max(1, width - _STEP_PX), _STEP_PX):
            yield np.ascontiguousarray(small[top : top + _TILE_PX, left : left + _TILE_PX])

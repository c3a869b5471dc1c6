"""Where the cues are looked for, in terms of the face's box, at the picture's own resolution."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.inference.engines import Pixels

Plane = NDArray[np.float32]
Box = tuple[float, float, float, float]
"""x, y, width, height; may reach outside the picture."""

_LEAST_PX: Final = 8


def around(pixels: Pixels, box: Box, grown: float) -> Pixels:
    """``grown`` times the box, cut at the picture's edges: BGR uint8; at least 8 pixels a side."""
    x, y, width, height = box
    rows, columns = pixels.shape[:2]
    left, right = _cut(x + width / 2, width * grown, columns)
    top, bottom = _cut(y + height / 2, height * grown, rows)
    return pixels[top:bottom, left:right]


def scaled_to_face(pixels: Pixels, box: Box, face_px: float, most: float = 1.0) -> tuple[Pixels, Box]:
    """The picture with the face ``face_px`` wide, and the box on it; never enlarged more than ``most`` times."""
    factor = min(most, face_px / max(1.0, box[2]))
    if factor == 1.0:
        return pixels, box
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    size = (max(_LEAST_PX, round(pixels.shape[1] * factor)), max(_LEAST_PX, round(pixels.shape[0] * factor)))
    x, y, width, height = (side * factor for side in box)
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8), (x, y, width, height)


def squares(pixels: Pixels, box: Box, side_px: int, per_side: int) -> list[Pixels]:
    """``per_side`` squared overlapping squares spread over the box, all inside the picture; none if it is smaller."""
    rows, columns = pixels.shape[:2]
    if min(rows, columns) < side_px:
        return []
    x, y, width, height = box
    lefts = _starts(x, width, side_px, per_side, columns)
    tops = _starts(y, height, side_px, per_side, rows)
    return [pixels[top : top + side_px, left : left + side_px] for top in tops for left in lefts]


def _starts(start: float, length: float, side_px: int, count: int, limit: int) -> list[int]:
    room = max(0.0, length - side_px)
    first = start + (length - side_px - room) / 2
    places = (round(first + room * i / max(1, count - 1)) for i in range(count))
    return [min(max(0, place), limit - side_px) for place in places]


def _cut(middle: float, length: float, limit: int) -> tuple[int, int]:
    """A span about ``middle`` inside 0..limit.

    >>> _cut(5, 20, 100), _cut(50, 20, 100), _cut(-40, 20, 100)
    ((0, 15), (40, 60), (0, 8))
    """
    start = min(max(0, round(middle - length / 2)), max(0, limit - _LEAST_PX))
    return start, max(min(limit, start + _LEAST_PX), min(limit, round(middle + length / 2)))

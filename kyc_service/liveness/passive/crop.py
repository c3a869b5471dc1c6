"""The crop that a liveness model wants: so many times the face's box, shifted inside the picture."""

from __future__ import annotations

import numpy as np

from kyc_service.inference.engines import Pixels


def crop_around(pixels: Pixels, box: tuple[float, float, float, float], factor: float) -> Pixels:
    """``factor`` times the face's box, shifted inside the picture; smaller only where the picture is.

    Proportions are kept as the model learnt them: of the box, not square.
    """
    x, y, width, height = box
    rows, columns = pixels.shape[:2]
    factor = min(factor, (columns - 1) / width, (rows - 1) / height)
    left, right = _span(x + width / 2, width * factor, columns)
    top, bottom = _span(y + height / 2, height * factor, rows)
    return np.ascontiguousarray(pixels[top:bottom, left:right])


def _span(middle: float, length: float, limit: int) -> tuple[int, int]:
    """A span of ``length`` about ``middle``, shifted inside 0..limit.

    >>> _span(5, 20, 100)
    (0, 20)
    >>> _span(98, 20, 100)
    (80, 100)
    """
    start = min(max(0, round(middle - length / 2)), max(0, limit - round(length)))
    return start, min(limit, start + max(1, round(length)))

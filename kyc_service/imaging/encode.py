"""Small pictures for reports: never larger than they must be, and without metadata."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kyc_service.imaging.picture import Pixels

DEFAULT_JPEG_QUALITY: Final = 80


def fit_within(pixels: Pixels, long_side_px: int) -> Pixels:
    """``pixels`` (BGR uint8, HxWx3) reduced so that the long side is at most ``long_side_px``; never enlarged."""
    height, width = pixels.shape[:2]
    factor = long_side_px / max(height, width)
    if factor >= 1:
        return pixels
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def thumbnail_jpeg(pixels: Pixels, long_side_px: int, quality: int = DEFAULT_JPEG_QUALITY) -> bytes:
    """A JPEG of ``pixels`` (BGR uint8, HxWx3), its long side at most ``long_side_px``.

    Raises:
        ValueError: ``pixels`` is empty or not HxWx3, or ``long_side_px`` is not positive.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.size == 0 or long_side_px < 1:  # noqa: PLR2004 - HxWx3
        raise ValueError("a thumbnail needs HxWx3 pixels and a positive long side")
    _, data = cv2.imencode(".jpg", fit_within(pixels, long_side_px), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()

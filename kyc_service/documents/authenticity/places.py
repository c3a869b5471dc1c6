"""Where on the picture the cues are looked for: patches cut at the picture's own resolution, nothing resampled twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.measurements import Region
from kyc_service.imaging.geometry import Points, side_lengths
from kyc_service.imaging.picture import Picture, Pixels

Plane = NDArray[np.float32]

LEAST_SIDE_PX: Final = 4.0
_PATCH_CENTRES: Final = ((0.18, 0.3), (0.45, 0.3), (0.8, 0.35), (0.2, 0.72), (0.5, 0.72), (0.8, 0.75))
"""Shares of the document's width and height: left, middle and right of its upper and its lower half."""


@dataclass(frozen=True, slots=True)
class Places:
    """What the reading found, as regions of the upright picture at full size; ``None`` where it found nothing.

    ``number`` frames the printed number alone, one line of ``number_characters`` equally wide cells;
    ``portrait`` the portrait. Corners are clockwise from the top left of what they frame.
    """

    number: Region | None = None
    number_characters: int = 0
    portrait: Region | None = None


NO_PLACES: Final = Places()


def outline_on(picture: Picture, document: Region) -> Points:
    """The document's corners on ``picture.pixels``."""
    return np.asarray(document.points, np.float32) * np.float32(picture.scale)


def square_patches(picture: Picture, outline: Points, side_px: int) -> list[Pixels]:
    """Unturned squares inside the document, ``side_px`` wide; fewer where the document is cut off."""
    height, width = picture.pixels.shape[:2]
    patches = []
    for across, down in _PATCH_CENTRES:
        top = outline[0] * (1 - across) + outline[1] * across
        bottom = outline[3] * (1 - across) + outline[2] * across
        x, y = top * (1 - down) + bottom * down
        left, upper = round(float(x)) - side_px // 2, round(float(y)) - side_px // 2
        if left >= 0 and upper >= 0 and left + side_px <= width and upper + side_px <= height:
            patches.append(picture.pixels[upper : upper + side_px, left : left + side_px])
    return patches


def sides_of(picture: Picture, region: Region) -> tuple[float, float] | None:
    """Width and height of a four-cornered region in pixels of ``picture.pixels``; ``None`` where it is degenerate."""
    corners = np.asarray(region.points, np.float32) * np.float32(picture.scale)
    if corners.shape != (4, 2) or not np.isfinite(corners).all():
        return None
    top, right, bottom, left = side_lengths(corners)
    across, down = (top + bottom) / 2, (left + right) / 2
    return (across, down) if min(across, down) >= LEAST_SIDE_PX else None


def laid_flat(picture: Picture, region: Region, size: tuple[int, int], rim_px: int) -> Pixels:
    """A four-cornered region seen straight on: BGR uint8, ``size`` large, with ``rim_px`` more on every side."""
    corners = np.asarray(region.points, np.float32) * np.float32(picture.scale)
    width, height = size
    right, bottom = rim_px + width, rim_px + height
    target = np.array(((rim_px, rim_px), (right, rim_px), (right, bottom), (rim_px, bottom)), np.float32)
    forward = cv2.getPerspectiveTransform(corners, target)
    whole = (width + 2 * rim_px, height + 2 * rim_px)
    flat = cv2.warpPerspective(picture.pixels, forward, whole, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)


def luma_of(pixels: Pixels) -> Plane:
    """Luma (BT.601) as float32, 0..255."""
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.float32)

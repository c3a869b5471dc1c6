"""PDF417 barcodes: where one stands on a picture, and the bytes it holds.

zxing-cpp reads a symbol whose rows lie within some three degrees of the picture's, or of a
quarter turn. So the picture is first looked at as it is (a rectified card is straight), and
then turned by what its own bars say: they are the strongest parallel edges on a card. Its
text is not used: it escapes the control characters that AAMVA's payloads are made of.

Source: ISO/IEC 15438 (PDF417); zxing-cpp 3.1; Bigün and Granlund, "Optimal Orientation
Detection of Linear Symmetry" (1987) for the direction of the bars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""BGR, uint8, height x width x 3."""

Quad = NDArray[np.float32]

_LOOK_PX: Final = 1600
"""Longer side of the first look: a module of a card that fills the picture is then 5 px wide."""
_ENLARGED_PX: Final = 1300
"""Pictures smaller than this are also looked at twice as large."""
_DIRECTIONS_PX: Final = 800
_BLOCK_PX: Final = 8
_SOFTEN_PX: Final = 1.5
_DIRECTIONS: Final = 3
_BIN_DEG: Final = 2
_APART_BINS: Final = 3
_STRAIGHT_DEG: Final = 1.0
_FORMATS: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.PDF417)


@dataclass(frozen=True, slots=True, eq=False)
class Barcode:
    """One symbol as read.

    ``payload`` is what its code words say, every byte of it, error correction done.
    ``quad`` is 4x2 float32 (x, y) in pixels of the picture that was searched, clockwise
    from the corner where the symbol itself begins.
    """

    payload: bytes
    quad: Quad


class BarcodeReader(Protocol):
    """Something that reads PDF417. Implementations may be shared by threads."""

    def find_pdf417(self, pixels: Pixels) -> tuple[Barcode, ...]:
        """Every symbol in ``pixels`` (BGR uint8 HxWx3) that can be read whole; none is an empty tuple."""
        ...


@dataclass(frozen=True, slots=True)
class NullBarcodeReader:
    """Reads the same symbols in every picture."""

    barcodes: tuple[Barcode, ...] = ()

    def find_pdf417(self, pixels: Pixels) -> tuple[Barcode, ...]:
        """The symbols it was given, whatever ``pixels`` show."""
        del pixels
        return self.barcodes


@dataclass(frozen=True, slots=True)
class ZxingBarcodeReader:
    """PDF417 by zxing-cpp, however the symbol is turned.

    The first view in which anything is read ends the search. ``max_views`` bounds the
    effort: a picture without a symbol costs at most that many looks.
    """

    max_views: int = 8

    def find_pdf417(self, pixels: Pixels) -> tuple[Barcode, ...]:
        """See :class:`BarcodeReader`."""
        if min(pixels.shape[:2]) == 0:
            return ()
        grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        for number, (scale, tilt_deg) in enumerate(_views(grey)):
            if number == self.max_views:
                break
            found = _read(grey, scale, tilt_deg)
            if found:
                return found
        return ()


def directions_deg(grey: cv2.typing.MatLike, most: int = _DIRECTIONS) -> tuple[float, ...]:
    """Directions across the strongest parallel edges of ``grey`` (uint8 HxW), strongest first.

    Degrees from the x axis towards the y axis, -45 to 45: quarter turns are all one.
    """
    scale = min(1.0, _DIRECTIONS_PX / max(grey.shape[:2]))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    # Differences of bars as narrow as the filter lean towards the picture's axes; of softened ones they do not.
    soft = cv2.GaussianBlur(small, (0, 0), _SOFTEN_PX).astype(np.float32)
    dx, dy = cv2.Scharr(soft, cv2.CV_32F, 1, 0), cv2.Scharr(soft, cv2.CV_32F, 0, 1)
    across, along, energy = (
        cv2.blur(v, (_BLOCK_PX, _BLOCK_PX)) for v in (dx * dx - dy * dy, 2 * dx * dy, dx * dx + dy * dy)
    )
    # Edges of all directions cancel each other; what remains of a block's energy is parallel.
    weight = (across**2 + along**2) / np.maximum(energy, 1.0)
    angle = (np.degrees(np.arctan2(along, across)) / 2 + 45) % 90 - 45
    return _peaks(angle.ravel(), weight.ravel(), most)


def _views(grey: cv2.typing.MatLike) -> Iterator[tuple[float, float]]:
    """Scale and tilt of each look, likeliest first."""
    long_side_px = max(grey.shape[:2])
    first = min(1.0, _LOOK_PX / long_side_px)
    yield first, 0.0
    tilts = [tilt for tilt in directions_deg(grey) if abs(tilt) > _STRAIGHT_DEG]
    yield from ((first, tilt) for tilt in tilts)
    if long_side_px < _ENLARGED_PX:
        yield from ((2.0, tilt) for tilt in (0.0, *tilts))
    elif first < 1:
        yield from ((1.0, tilt) for tilt in (0.0, *tilts))


def _peaks(angle_deg: NDArray[np.floating[Any]], weight: NDArray[np.floating[Any]], most: int) -> tuple[float, ...]:
    """The heaviest directions, each the mean of its neighbourhood, far enough apart to be different looks."""
    bins = 90 // _BIN_DEG
    index = np.clip((angle_deg + 45) // _BIN_DEG, 0, bins - 1).astype(int)
    total = np.bincount(index, weight, bins)
    moment = np.bincount(index, weight * (angle_deg - (index * _BIN_DEG - 45)), bins)
    found: list[float] = []
    for _ in range(most):
        heights = total + np.roll(total, 1) + np.roll(total, -1)
        peak = int(heights.argmax())
        near = np.array([(peak - 1) % bins, peak, (peak + 1) % bins])
        mass = float(total[near].sum())
        if mass <= 0:
            break
        offset = float((moment[near] + total[near] * np.array([-_BIN_DEG, 0, _BIN_DEG])).sum()) / mass
        found.append((peak * _BIN_DEG + offset + 90) % 90 - 45)
        done = np.arange(peak - _APART_BINS, peak + _APART_BINS + 1) % bins
        total[done], moment[done] = 0, 0
    return tuple(found)


def _read(grey: cv2.typing.MatLike, scale: float, tilt_deg: float) -> tuple[Barcode, ...]:
    height, width = grey.shape[:2]
    to_view, size = _view_of(width, height, scale, tilt_deg)
    is_as_it_is = scale == 1 and tilt_deg == 0
    view = grey if is_as_it_is else cv2.warpAffine(grey, to_view, size, flags=_interpolation(scale), borderValue=255)
    back = cv2.invertAffineTransform(to_view)
    found = zxingcpp.read_barcodes(view, formats=_FORMATS, try_invert=False)
    return tuple(Barcode(bytes(one.bytes), _quad_of(one.position, back)) for one in found if one.valid)


def _view_of(width: int, height: int, scale: float, tilt_deg: float) -> tuple[cv2.typing.MatLike, tuple[int, int]]:
    """The 2x3 matrix that scales and tilts a picture about its middle, and the size that keeps all of it."""
    matrix = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), tilt_deg, scale), np.float64)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (max(1, round(width * cosine + height * sine)), max(1, round(width * sine + height * cosine)))
    matrix[:, 2] += np.array(size) / 2 - (width / 2, height / 2)
    return matrix, size


def _interpolation(scale: float) -> int:
    return cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC


def _quad_of(position: zxingcpp.Position, back: cv2.typing.MatLike) -> Quad:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    points = np.array([[(corner.x, corner.y) for corner in corners]], np.float32)
    return np.asarray(cv2.transform(points, back)[0], np.float32)

"""Quadrilaterals on pictures: order, check, rectify, and map points back.

Points are (x, y) in pixels, x to the right, y down, so that "clockwise" is as seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from kyc_service.imaging.picture import Pixels

Points = NDArray[np.float32]
"""N x 2, (x, y)."""

CORNERS: Final = 4
QUARTERS: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Rectified:
    """A patch seen straight on. ``to_source`` is the 3x3 homography from it to the picture it was cut from."""

    pixels: Pixels
    to_source: NDArray[np.float64]

    def map_back(self, points: ArrayLike) -> Points:
        """``points`` (N x 2) of the patch, in pixels of the picture it was cut from."""
        return map_points(self.to_source, points)


def order_quad(points: ArrayLike) -> Points:
    """The four ``points`` clockwise, from the one nearest the top left (least x + y).

    >>> order_quad([(90, 60), (10, 10), (10, 60), (90, 10)]).tolist()
    [[10.0, 10.0], [90.0, 10.0], [90.0, 60.0], [10.0, 60.0]]

    Raises:
        ValueError: There are not four finite points.
    """
    quad = np.asarray(points, dtype=np.float32).reshape(-1, 2)
    if quad.shape != (CORNERS, 2) or not np.isfinite(quad).all():
        raise ValueError("a quadrilateral has four finite points")
    middle = quad.mean(axis=0)
    angles = np.arctan2(quad[:, 1] - middle[1], quad[:, 0] - middle[0])
    clockwise = quad[np.argsort(angles, kind="stable")]
    first = int(np.argmin(clockwise.sum(axis=1)))
    return np.ascontiguousarray(np.roll(clockwise, -first, axis=0))


def quad_area(quad: ArrayLike) -> float:
    """The area in square pixels (shoelace formula); points in order around the outline.

    >>> quad_area([(0, 0), (10, 0), (10, 5), (0, 5)])
    50.0
    """
    x, y = np.asarray(quad, dtype=np.float64).reshape(-1, 2).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def is_convex(quad: ArrayLike) -> bool:
    """Whether the outline turns the same way at every corner, with no three points in line.

    >>> is_convex([(0, 0), (10, 0), (10, 5), (0, 5)]), is_convex([(0, 0), (10, 0), (0, 5), (10, 5)])
    (True, False)
    """
    corners = np.asarray(quad, dtype=np.float64).reshape(-1, 2)
    edges = np.roll(corners, -1, axis=0) - corners
    after = np.roll(edges, -1, axis=0)
    turns = edges[:, 0] * after[:, 1] - edges[:, 1] * after[:, 0]
    return bool((turns > 0).all() or (turns < 0).all())


def side_lengths(quad: ArrayLike) -> tuple[float, float, float, float]:
    """Lengths in pixels of top, right, bottom and left side of an ordered quadrilateral.

    >>> side_lengths([(0, 0), (10, 0), (10, 5), (0, 5)])
    (10.0, 5.0, 10.0, 5.0)
    """
    corners = np.asarray(quad, dtype=np.float64).reshape(CORNERS, 2)
    top, right, bottom, left = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    return float(top), float(right), float(bottom), float(left)


def rectify(pixels: Pixels, quad: ArrayLike, size: tuple[int, int]) -> Rectified:
    """Cut ``quad`` out of ``pixels`` and lay it flat.

    Args:
        pixels: BGR uint8, HxWx3.
        quad: Four points; the first becomes the top left corner, the next the top right.
        size: Width and height of the patch in pixels.

    Returns:
        The patch, ``size`` large, with the way back. What lies outside is grey.

    Raises:
        ValueError: The quadrilateral is not convex or the size not positive.
    """
    width, height = size
    corners = np.asarray(quad, dtype=np.float32).reshape(CORNERS, 2)
    if width < 1 or height < 1 or not is_convex(corners):
        raise ValueError("rectify needs a convex quadrilateral and a positive size")
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    forward = cv2.getPerspectiveTransform(corners, flat)
    patch = cv2.warpPerspective(
        pixels, forward, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(127, 127, 127)
    )
    return Rectified(np.asarray(patch, dtype=np.uint8), np.linalg.inv(np.asarray(forward, dtype=np.float64)))


def map_points(homography: NDArray[np.floating], points: ArrayLike) -> Points:
    """``points`` (N x 2) through a 3x3 ``homography``."""
    column = np.asarray(points, dtype=np.float64).reshape(-1, 1, 2)
    return np.asarray(cv2.perspectiveTransform(column, homography), dtype=np.float32).reshape(-1, 2)


def rotate_quarter(pixels: Pixels, turns: int) -> Pixels:
    """``pixels`` turned clockwise by ``turns`` quarters (negative: the other way)."""
    return np.ascontiguousarray(np.rot90(pixels, -turns))


def rotate_points_quarter(points: ArrayLike, turns: int, size: tuple[int, int]) -> Points:
    """Where ``points`` of a picture of ``size`` (width, height) come to lie after :func:`rotate_quarter`.

    Corners count as points: a picture 100 wide reaches from x = 0 to x = 100. To go back,
    turn by ``-turns`` with the size of the turned picture.

    >>> rotate_points_quarter([(0, 0), (100, 0)], 1, (100, 50)).tolist()
    [[50.0, 0.0], [50.0, 100.0]]
    """
    width, height = size
    x, y = np.asarray(points, dtype=np.float32).reshape(-1, 2).T
    turned = ((x, y), (height - y, x), (width - x, height - y), (y, width - x))[turns % QUARTERS]
    return np.stack(turned, axis=1)

"""Find the document on a picture and lay it flat.

A document is the largest four-sided outline that edges of the picture support nearly all
the way round. Sides are fitted to the outline away from its corners, so that rounded
corners cost no accuracy. Where no outline stands out (a scan, a card held up to the lens,
a white card on a white table) the whole picture is taken for the document.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Region
from kyc_service.imaging.geometry import (
    CORNERS,
    Points,
    is_convex,
    map_points,
    order_quad,
    quad_area,
    rectify,
    rotate_quarter,
    side_lengths,
)
from kyc_service.imaging.picture import Picture, Pixels

RECTIFIED_LONG_SIDE_PX: Final = 1280
"""A TD3 line of 44 characters is read at about this width; a card's lines at less."""
MIN_PICTURE_SIDE_PX: Final = 64
_SEARCH_LONG_SIDE_PX: Final = 640
_MIN_AREA_SHARE: Final = 0.04
_MAX_AREA_SHARE: Final = 0.98
_ASPECTS: Final = (1.15, 1.85)
"""Between a TD3 page seen at a slant (125 x 88 mm is 1.42) and an ID-1 card (1.586) seen so."""
_MIN_EDGE_SUPPORT: Final = 0.72
_MIN_FILLING: Final = 0.85
_CUT_OFF_MARGIN: Final = 0.006
_CANNY_SCALES: Final = (1.0, 2.0, 0.5)
_SIDE_BAND_PX: Final = 4.0
_MIN_SIDE_PX: Final = 8.0
_LEAST_POINTS: Final = 4
_PARALLEL: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Cut:
    """How a document was cut out of its picture: its four corners on the picture as decoded, ``None`` for all of it, and turns clockwise."""

    capture: CaptureKind
    corners: tuple[tuple[float, float], ...] | None
    quarters: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class LocatedDocument:
    """A document seen straight on.

    ``pixels`` is BGR uint8 HxWx3, 1280 on its longer side and landscape where an outline was found;
    ``to_source`` the 3x3 homography from it to the picture at full size; ``region`` the
    document's outline there; ``width_px`` the length of its longer side there.
    ``has_outline`` is false where the whole picture had to be taken. ``touches_edge``:
    a corner lies on or beyond the picture's edge. ``cut`` is all that :func:`cut_again` needs.
    """

    pixels: Pixels
    to_source: NDArray[np.float64]
    region: Region
    width_px: float
    has_outline: bool
    touches_edge: bool
    cut: Cut

    def region_of(self, points: Points, label: str) -> Region:
        """``points`` (N x 2, on ``pixels``) as a region of the uploaded picture, named ``label``."""
        mapped = np.round(map_points(self.to_source, points).astype(np.float64), 1)
        return Region(self.region.capture, tuple((float(x), float(y)) for x, y in mapped), label)

    def turned(self, quarters: int) -> LocatedDocument:
        """The same document turned clockwise by ``quarters``."""
        if quarters % 4 == 0:
            return self
        height, width = self.pixels.shape[:2]
        back = {
            1: np.array([[0, 1, 0], [-1, 0, height], [0, 0, 1]], np.float64),
            2: np.array([[-1, 0, width], [0, -1, height], [0, 0, 1]], np.float64),
            3: np.array([[0, -1, width], [1, 0, 0], [0, 0, 1]], np.float64),
        }[quarters % 4]
        points = self.region.points[-quarters % 4 :] + self.region.points[: -quarters % 4]
        region = Region(self.region.capture, points, self.region.label)
        pixels = rotate_quarter(self.pixels, quarters)
        cut = replace(self.cut, quarters=(self.cut.quarters + quarters) % 4)
        return LocatedDocument(
            pixels, self.to_source @ back, region, self.width_px, self.has_outline, self.touches_edge, cut
        )


def locate(picture: Picture, capture: CaptureKind = CaptureKind.DOCUMENT_FRONT) -> LocatedDocument | None:
    """The document on ``picture``; ``None`` only for pictures too small to hold one.

    Region and homography refer to the upright picture at full size.
    """
    height, width = picture.pixels.shape[:2]
    if min(height, width) < MIN_PICTURE_SIDE_PX:
        return None
    levels = _halved(picture.pixels)
    coarsest = levels[-1]
    reduction = min(1.0, _SEARCH_LONG_SIDE_PX / max(coarsest.shape[:2]))
    small = np.asarray(cv2.resize(coarsest, None, fx=reduction, fy=reduction, interpolation=cv2.INTER_AREA), np.uint8)
    outline = find_outline(small)
    if outline is None:
        return whole_picture(picture, capture)
    scale = np.array([width / small.shape[1], height / small.shape[0]])
    return _cut(picture, capture, levels, (outline * scale).astype(np.float32))


def lay_flat(picture: Picture, capture: CaptureKind, quad: Points) -> LocatedDocument | None:
    """The document whose corners are ``quad`` (4x2, full-size pixels, clockwise from its own top left); ``None``: impossible corners."""
    corners = np.asarray(quad, np.float32) * np.float32(picture.scale)
    if not (np.isfinite(corners).all() and is_convex(corners)):
        return None
    return _cut(picture, capture, _halved(picture.pixels), corners)


def whole_picture(picture: Picture, capture: CaptureKind) -> LocatedDocument:
    """The picture taken for the document as it is."""
    height, width = picture.pixels.shape[:2]
    scale = RECTIFIED_LONG_SIDE_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    pixels = cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    to_source = np.diag([picture.width / size[0], picture.height / size[1], 1.0])
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    region = Region(capture, picture.to_full_size(corners), "document")
    longest = float(max(picture.width, picture.height))
    cut = Cut(capture, None)
    return LocatedDocument(
        np.asarray(pixels, np.uint8), to_source, region, longest, has_outline=False, touches_edge=False, cut=cut
    )


def cut_again(picture: Picture, cut: Cut) -> LocatedDocument:
    """The very document that was cut out of ``picture`` before."""
    if cut.corners is None:
        return whole_picture(picture, cut.capture).turned(cut.quarters)
    quad = np.array(cut.corners, np.float32)
    return _cut(picture, cut.capture, _halved(picture.pixels), quad).turned(cut.quarters)


def find_outline(pixels: Pixels) -> Points | None:
    """The document's four corners on a small picture (BGR uint8), clockwise from the top left; ``None``: none found."""
    blurred = cv2.GaussianBlur(pixels, (0, 0), 1.2)
    channels = [cv2.cvtColor(blurred, cv2.COLOR_BGR2GRAY), cv2.cvtColor(blurred, cv2.COLOR_BGR2HSV)[..., 1]]
    best: tuple[float, Points] | None = None
    for scale in _CANNY_SCALES:
        for channel in channels:
            found = _best_quad(channel, scale)
            if found is not None and (best is None or found[0] > best[0]):
                best = found
        if best is not None:
            return best[1]
    return None


def _halved(pixels: Pixels) -> list[Pixels]:
    """``pixels``, and its halves down to where the search looks: halving by two is ten times as fast as any other factor."""
    levels = [pixels]
    while max(levels[-1].shape[:2]) >= 2 * _SEARCH_LONG_SIDE_PX:
        height, width = levels[-1].shape[:2]
        even = levels[-1][: height - height % 2, : width - width % 2]
        halved = cv2.resize(even, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(halved, np.uint8))
    return levels


def _best_quad(channel: cv2.typing.MatLike, scale: float) -> tuple[float, Points] | None:
    edges = _edges(channel, scale)
    closed = cv2.dilate(edges, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(closed, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    area = float(edges.size)
    best: tuple[float, Points] | None = None
    for contour in contours:
        if len(contour) < np.sqrt(area):  # every point is kept, so this is its length
            continue
        hull = cv2.convexHull(contour)
        if not _MIN_AREA_SHARE * area < cv2.contourArea(hull) < _MAX_AREA_SHARE * area:
            continue
        quad = _quad_of(hull)
        if quad is None or not _is_document_shaped(quad, hull):
            continue
        support = _edge_support(closed, quad)
        score = support * quad_area(quad)
        if support >= _MIN_EDGE_SUPPORT and (best is None or score > best[0]):
            best = (score, quad)
    return best


def _edges(channel: cv2.typing.MatLike, scale: float) -> NDArray[np.uint8]:
    across, down = cv2.Sobel(channel, cv2.CV_16S, 1, 0), cv2.Sobel(channel, cv2.CV_16S, 0, 1)
    sample = np.abs(across[::4, ::4]) + np.abs(down[::4, ::4])
    high = float(np.clip(np.percentile(sample, 90) * scale, 20, 300))
    return np.asarray(cv2.Canny(channel, high * 0.4, high), np.uint8)


def _quad_of(hull: cv2.typing.MatLike) -> Points | None:
    """Four lines fitted to the straight parts of a convex outline, and where they meet."""
    length = cv2.arcLength(hull, True)
    for share in (0.02, 0.03, 0.045, 0.06):
        rough = cv2.approxPolyDP(hull, share * length, True)
        if len(rough) <= CORNERS:
            break
    if len(rough) != CORNERS:
        return None
    corners = order_quad(rough)
    outline = _densified(hull)
    lines = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        line = _side(outline, start, end)
        if line is None:
            return None
        lines.append(line)
    meets = [np.cross(lines[i - 1], lines[i]) for i in range(CORNERS)]
    if any(abs(p[2]) < _PARALLEL for p in meets):
        return None
    quad = np.array([p[:2] / p[2] for p in meets], np.float32)
    return quad if np.isfinite(quad).all() and is_convex(quad) else None


def _densified(hull: cv2.typing.MatLike) -> Points:
    points = hull.reshape(-1, 2).astype(np.float32)
    after = np.roll(points, -1, axis=0)
    pieces = [
        p + (q - p) * np.linspace(0, 1, max(2, int(np.linalg.norm(q - p) / 2)), endpoint=False)[:, None]
        for p, q in zip(points, after, strict=True)
    ]
    return np.concatenate(pieces)


def _side(outline: Points, start: Points, end: Points) -> NDArray[np.float64] | None:
    """The homogeneous line through the outline's points in the middle three quarters of one side."""
    direction = end - start
    length = float(np.linalg.norm(direction))
    if length < _MIN_SIDE_PX:
        return None
    direction = direction / length
    offset = outline - start
    along = offset @ direction
    across = np.abs(offset[:, 0] * direction[1] - offset[:, 1] * direction[0])
    near = outline[(along > 0.12 * length) & (along < 0.88 * length) & (across < max(_SIDE_BAND_PX, 0.02 * length))]
    if len(near) < _LEAST_POINTS:
        return None
    vx, vy, x, y = cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    return np.array([vy, -vx, vx * y - vy * x], np.float64)


def _is_document_shaped(quad: Points, hull: cv2.typing.MatLike) -> bool:
    top, right, bottom, left = side_lengths(quad)
    across, down = (top + bottom) / 2, (left + right) / 2
    aspect = max(across, down) / max(1.0, min(across, down))
    balanced = min(top, bottom) > 0.6 * max(top, bottom) and min(left, right) > 0.6 * max(left, right)
    filling = cv2.contourArea(hull) / max(1.0, quad_area(quad))
    return _ASPECTS[0] <= aspect <= _ASPECTS[1] and balanced and _MIN_FILLING < filling < 1 / _MIN_FILLING


def _edge_support(edges: cv2.typing.MatLike, quad: Points) -> float:
    """The share of the least supported side that runs along edges, rounded corners left out."""
    height, width = edges.shape
    shares = []
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        steps = np.linspace(0.08, 0.92, 80)[:, None]
        points = np.round(start + (end - start) * steps).astype(int)
        inside = (points[:, 0] >= 0) & (points[:, 0] < width) & (points[:, 1] >= 0) & (points[:, 1] < height)
        hits = edges[points[inside, 1], points[inside, 0]] > 0
        shares.append(hits.sum() / 80)
    return float((min(shares) + sum(shares) / 4) / 2)


def _cut(picture: Picture, capture: CaptureKind, levels: list[Pixels], quad: Points) -> LocatedDocument:
    cut = Cut(capture, tuple((float(x), float(y)) for x, y in quad))
    top, right, bottom, left = side_lengths(quad)
    if top + bottom < left + right:  # an upright card is laid on its side; which way up is the reader's question
        quad = np.roll(quad, 1, axis=0)
        top, right, bottom, left = left, top, right, bottom
    long_px, short_px = (top + bottom) / 2, (left + right) / 2
    size = (RECTIFIED_LONG_SIDE_PX, max(1, round(RECTIFIED_LONG_SIDE_PX * min(1.0, short_px / long_px))))
    height, width = picture.pixels.shape[:2]
    margin = _CUT_OFF_MARGIN * max(height, width)
    low, high = quad.min(axis=0), quad.max(axis=0)
    touches = bool(low.min() < -margin or high[0] > width + margin or high[1] > height + margin)
    # From the smallest level that still holds every pixel asked for: bilinear sampling of a larger one would alias.
    level = min(len(levels) - 1, max(0, int(np.log2(max(1.0, long_px / RECTIFIED_LONG_SIDE_PX)))))
    pixels = levels[level]
    patch = rectify(pixels, quad / np.float32(2**level), size)
    to_full = np.diag([2**level / picture.scale, 2**level / picture.scale, 1.0])
    region = Region(capture, picture.to_full_size(quad), "document")
    return LocatedDocument(
        patch.pixels,
        to_full @ patch.to_source,
        region,
        long_px / picture.scale,
        has_outline=True,
        touches_edge=touches,
        cut=cut,
    )

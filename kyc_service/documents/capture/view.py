"""The card seen straight on at one size, whatever it was found by: print that was read, words, or its outline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.documents.capture.places import PASSPORT_PAGE, Box, SidePlaces, places_of
from kyc_service.documents.capture.words import card_around_words
from kyc_service.documents.families.protocol import SideReading
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.side import Side
from kyc_service.domain.claims import DocumentType
from kyc_service.imaging.geometry import Points, is_convex, map_points, quad_area, side_lengths
from kyc_service.imaging.picture import Picture, Pixels

SIZE_PX: Final = (640, 404)
"""An ID-1 card, 7.5 pixels per millimetre: a character of 3 mm is 22 high."""
_AGREES: Final = 0.5
_FARTHEST: Final = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class CardView:
    """``pixels``: BGR uint8, :data:`SIZE_PX`; ``is_inside``: which of them the picture holds.

    ``corners`` and ``width_px``, its longer side, are of the full-size picture. ``places`` is ``None``
    where nothing read says which side it is and which way up.
    """

    pixels: Pixels
    is_inside: NDArray[np.bool_]
    corners: Points
    width_px: float
    places: SidePlaces | None

    def part(self, box: Box) -> tuple[slice, slice]:
        """Rows and columns of ``box``."""
        width, height = SIZE_PX
        return (
            slice(round(box.top * height), max(round(box.top * height) + 1, round(box.bottom * height))),
            slice(round(box.left * width), max(round(box.left * width) + 1, round(box.right * width))),
        )


def view_of(picture: Picture, side: Side) -> CardView | None:
    """The card of ``side`` on ``picture``; ``None`` where no one knows where it lies."""
    if side.document is None:
        return None
    found = _from_print(side)
    if found is not None:
        return _cut(picture, found[0], found[1])
    if not side.document.has_outline:
        return None
    return _cut(picture, _whole(side.document), None)


def _from_print(side: Side) -> tuple[Points, SidePlaces] | None:
    """The corners on the full-size picture, and the places of the side: of what was read, or of words."""
    if side.found is not None:
        return _of_reading(side.found)
    document = side.page.document if side.page is not None else side.document
    known = card_around_words(side.lines, document.to_source) if document is not None else None
    if known is None:
        return None
    return known.corners, places_of(known.shows)


def _of_reading(found: SideReading) -> tuple[Points, SidePlaces] | None:
    """A resident card by its corners; of a passport the part above its zone, which holds the portrait."""
    kind = found.reading.document_type
    if kind is DocumentType.CN_RESIDENT_IDENTITY_CARD and found.corners is not None:
        return _nearer(found.document, found.corners), places_of(found.shows)
    if kind is DocumentType.PASSPORT and found.portrait is not None:
        return map_points(found.document.to_source, found.portrait), PASSPORT_PAGE
    return None


def _nearer(document: LocatedDocument, corners: Points) -> Points:
    """``corners`` on the picture; the outline's own where both are of one card: edges are more exact than print."""
    flat = _frame(document)
    is_same = document.has_outline and _overlap(flat, corners) > _AGREES
    return map_points(document.to_source, flat if is_same else corners)


def _overlap(one: Points, other: Points) -> float:
    """Intersection over union of two convex outlines, 0..1."""
    if not (np.isfinite(other).all() and is_convex(other)):
        return 0.0
    shared, _ = cv2.intersectConvexConvex(one, np.asarray(other, np.float32))
    return float(shared / max(1.0, quad_area(one) + quad_area(other) - shared))


def _frame(document: LocatedDocument) -> Points:
    height, width = document.pixels.shape[:2]
    return np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)


def _whole(document: LocatedDocument) -> Points:
    return map_points(document.to_source, _frame(document))


def _cut(picture: Picture, corners: Points, places: SidePlaces | None) -> CardView | None:
    quad = np.asarray(corners, np.float32) * np.float32(picture.scale)
    height, width = picture.pixels.shape[:2]
    if not np.isfinite(quad).all() or np.abs(quad).max() > _FARTHEST * max(height, width) or not is_convex(quad):
        return None
    flat = np.array([(0, 0), (SIZE_PX[0], 0), SIZE_PX, (0, SIZE_PX[1])], np.float32)
    forward = cv2.getPerspectiveTransform(quad, flat)
    top, right, bottom, left = side_lengths(quad)
    long_px = max(top + bottom, left + right) / 2
    pixels, scale = picture.pixels, 1.0
    while long_px * scale > 2 * SIZE_PX[0]:  # bilinear sampling of anything larger would alias
        pixels = np.asarray(cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        scale /= 2
    into = forward @ np.diag([1 / scale, 1 / scale, 1.0])
    seen = cv2.warpPerspective(pixels, into, SIZE_PX, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpPerspective(np.ones(pixels.shape[:2], np.uint8), into, SIZE_PX, flags=cv2.INTER_NEAREST)
    return CardView(
        np.asarray(seen, np.uint8), inside > 0, np.asarray(corners, np.float32), long_px / picture.scale, places
    )

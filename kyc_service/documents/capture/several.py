"""Whether a second identity document lies in the picture.

Looked for next to the document that was read, in places as large as it. The one of them
that shows most rows of small print is laid flat, and one detection of text asks whether a
line on it tells a family, or its words a resident card. A bank card, a phone, a book or a
sheet of print may have rows and tells none. Where there is no print beside the document,
which is nearly always, nothing is detected at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np

from kyc_service.documents.capture.words import BACK_WORDS, FRONT_WORDS, card_around_words
from kyc_service.documents.finding.anchors import find_sign
from kyc_service.documents.finding.locate import LocatedDocument, lay_flat
from kyc_service.documents.reading.bounded_reader import SEARCH_PX, BoundedReader
from kyc_service.documents.reading.lines import DETECTION_LONG_SIDE_PX, Line, Page, Timings
from kyc_service.documents.registry import LINE_FAMILIES
from kyc_service.domain.captures import CaptureKind
from kyc_service.imaging.geometry import Points, is_convex, map_points
from kyc_service.imaging.picture import Picture, Pixels
from kyc_service.inference.ocr import TextReader

_BESIDE: Final = (
    (-0.15, -1.30, 1.15, -0.02),
    (-0.15, 1.02, 1.15, 2.30),
    (-1.20, -0.20, -0.02, 1.20),
    (1.02, -0.20, 2.20, 1.20),
)
"""Above, below, left and right of the document: left, top, right, bottom as shares of it."""
_PLACE_PX: Final = (384, 256)
_LEAST_INSIDE: Final = 0.3
_INK: Final = 22
_ROW_PX: Final = (4, 22)
_ROW_ASPECT: Final = 2.5
_FEWEST_ROWS: Final = 4
_MOST_LINES: Final = 8
_LONG_WORD: Final = 4
_LEAST_WORDS: Final = 2


def holds_another(
    picture: Picture,
    capture: CaptureKind,
    document: Points,
    own: Sequence[str],
    reader: TextReader,
    timings: Timings,
) -> bool:
    """Whether print beside ``document`` (its corners on the full-size picture) tells an identity document, too.

    ``own`` is what the document itself says: where its corners are not quite right it must not count as its neighbour.
    """
    places = [(rows, quad) for quad in _places(picture, document) if (rows := _rows_of_print(picture, quad)) > 0]
    if not places:
        return False
    rows, quad = max(places, key=lambda place: place[0])
    flat = lay_flat(picture, capture, quad) if rows >= _FEWEST_ROWS else None
    return flat is not None and _tells_one(flat, own, reader, timings)


def says_words_twice(lines: Sequence[Line]) -> bool:
    """Whether long words that stand once on a resident card stand twice among ``lines``."""
    words = [w for w in (*FRONT_WORDS, *BACK_WORDS) if len(w) >= _LONG_WORD]
    seen = Counter(word for line in lines for word in words if word in line.text)
    return any(times > 1 for times in seen.values())


def _tells_one(flat: LocatedDocument, own: Sequence[str], reader: TextReader, timings: Timings) -> bool:
    bounded = BoundedReader(reader)
    bounded.begin(SEARCH_PX)
    page = Page.of(flat, bounded, timings, DETECTION_LONG_SIDE_PX)
    told = find_sign(page, LINE_FAMILIES)
    if told is not None:
        return not any(text and text in told[1].line.text for text in own)
    longest = sorted(range(len(page.quads)), key=lambda i: -Line(page.quads[i]).width)[:_MOST_LINES]
    known = card_around_words(page.read(longest))
    return known is not None and known.words >= _LEAST_WORDS


def _places(picture: Picture, document: Points) -> Iterator[Points]:
    """The places beside the document that lie in the picture well enough, as corners on the full-size picture."""
    unit = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    into = np.asarray(cv2.getPerspectiveTransform(unit, np.asarray(document, np.float32)), np.float64)
    for left, top, right, bottom in _BESIDE:
        quad = map_points(into, [(left, top), (right, top), (right, bottom), (left, bottom)])
        if np.isfinite(quad).all() and is_convex(quad) and _inside(picture, quad) >= _LEAST_INSIDE:
            yield quad


def _inside(picture: Picture, quad: Points) -> float:
    """The share of ``quad`` that lies in the picture."""
    size = np.array([picture.width, picture.height], np.float32)
    frame = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    shared, _ = cv2.intersectConvexConvex(np.asarray(quad, np.float32), frame)
    return float(shared / max(1.0, cv2.contourArea(np.asarray(quad, np.float32))))


def _rows_of_print(picture: Picture, quad: Points) -> int:
    """How many rows of small dark print stand on ``quad``, along it or across."""
    width, height = _PLACE_PX
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    forward = cv2.getPerspectiveTransform(np.asarray(quad, np.float32) * np.float32(picture.scale), target)
    flat = cv2.warpPerspective(
        picture.pixels, forward, _PLACE_PX, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    luma = np.asarray(cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY), np.uint8)
    return max(_rows(luma), _rows(np.ascontiguousarray(luma.T)))


def _rows(luma: Pixels) -> int:
    ink = cv2.morphologyEx(luma, cv2.MORPH_BLACKHAT, np.ones((11, 11), np.uint8))
    joined = cv2.morphologyEx((ink > _INK).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    wide, high = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    return int(((high >= _ROW_PX[0]) & (high <= _ROW_PX[1]) & (wide > _ROW_ASPECT * high)).sum())

"""One picture of a document read: which family, which side, what stands on it.

Tried in this order, until a telling line is found: the document laid flat, the same
looked at closer, the whole picture. A telling line found on a whole picture frames the
card anew, so that a card without visible outline is read like any other.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.families.protocol import Family, SideReading, Sign
from kyc_service.documents.finding.anchors import find_sign
from kyc_service.documents.finding.locate import LocatedDocument, lay_flat, locate, whole_picture
from kyc_service.documents.reading.bounded_reader import SEARCH_PX, SIDE_PX, BoundedReader
from kyc_service.documents.reading.lines import DETECTION_LONG_SIDE_PX, Line, Page, Timings
from kyc_service.documents.registry import LINE_FAMILIES, PRINT_FAMILIES
from kyc_service.domain.captures import CaptureKind
from kyc_service.imaging.geometry import map_points
from kyc_service.imaging.picture import Picture
from kyc_service.inference.ocr import TextReader

CLOSE_LONG_SIDE_PX: Final = 960
_MOST_LINES_READ: Final = 40
_SURE: Final = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """What one picture gave.

    ``family`` is told by a line, ``found`` what was read of it: ``None`` where the line told
    falsely or its document could not be read. ``document`` is turned the way it is read.
    ``lines`` is the other text that was read: all of it where no family was recognised.
    ``is_cut_short``: there was more text than is read on one side. ``page`` is what ``lines``
    stand on, where no line told a family.
    """

    capture: CaptureKind
    document: LocatedDocument | None
    family: str | None = None
    found: SideReading | None = None
    lines: tuple[Line, ...] = ()
    timings: Timings = field(default_factory=Timings)
    is_cut_short: bool = False
    page: Page | None = None


def read_side(
    picture: Picture,
    capture: CaptureKind,
    engines: DocumentEngines,
    today: date,
    located: LocatedDocument | None = None,
) -> Side:
    """Read ``picture``; ``located`` saves finding the document again."""
    timings = Timings()
    start = time.perf_counter()
    document = located or locate(picture, capture)
    timings.add("locate", start)
    if document is None:
        return Side(capture, None, timings=timings)
    reader = BoundedReader(engines.text)
    reader.begin(SEARCH_PX)
    pages = []
    for page in _looks(picture, document, reader, timings):
        pages.append(page)
        told = find_sign(page, LINE_FAMILIES)
        if told is not None:
            reader.begin(SIDE_PX)
            family, sign = told
            side = _read(family, _framed(picture, family, sign, reader, timings), today, timings)
            return replace(side, is_cut_short=reader.has_refused)
        if reader.has_refused:
            break
    most = max(pages, key=lambda p: len(p.quads))
    return _by_print(_without_family(capture, most, reader, timings), today)


def _looks(picture: Picture, document: LocatedDocument, reader: TextReader, timings: Timings) -> Iterator[Page]:
    """The pages to look for a telling line on, cheapest first."""
    if document.has_outline:
        page = Page.of(document, reader, timings, DETECTION_LONG_SIDE_PX)
        yield page
        yield page.redetected(CLOSE_LONG_SIDE_PX)
        document = whole_picture(picture, document.region.capture)
    yield Page.of(document, reader, timings, CLOSE_LONG_SIDE_PX)


def _framed(picture: Picture, family: Family, sign: Sign, reader: TextReader, timings: Timings) -> Sign:
    """The same line on a page that holds the document alone, where the page was the whole picture."""
    if sign.page.document.has_outline:
        return sign
    corners = family.corners(sign)
    if corners is None:
        return sign
    flat = sign.page.document
    document = lay_flat(picture, flat.region.capture, map_points(flat.to_source, corners))
    if document is None:
        return sign
    again = find_sign(Page.of(document, reader, timings), [family])
    return sign if again is None else again[1]


def _read(family: Family, sign: Sign, today: date, timings: Timings) -> Side:
    document = sign.page.document
    found = family.read(sign, today)
    lines = found.lines if found is not None else ()
    document = found.document if found is not None else document
    return Side(document.region.capture, document, family.name, found, lines, timings)


def _by_print(side: Side, today: date) -> Side:
    """``side``, whose lines told no family one by one, as a family that its whole print tells."""
    if side.page is None or not side.lines:
        return side
    for family in PRINT_FAMILIES:
        found = family.read(side.page, side.lines, today)
        if found is not None:
            return replace(side, family=family.name, found=found)
    return side


def _without_family(capture: CaptureKind, page: Page, reader: BoundedReader, timings: Timings) -> Side:
    """All text of a page without a telling line, read the way up that reads better."""
    best: tuple[float, Page, tuple[Line, ...]] | None = None
    most_px = reader.left_px // 2
    for turns in (0, 2) if page.stands_upright else (3, 1):
        reader.begin(most_px)
        turned = page.turned(turns)
        longest = sorted(range(len(turned.quads)), key=lambda i: -Line(turned.quads[i]).width)[:_MOST_LINES_READ]
        lines = tuple(turned.read(longest))
        sure = sum(c.confidence for line in lines for c in line.characters if c.confidence > _SURE)
        if best is None or sure > best[0]:
            best = (sure, turned, lines)
    _, turned, lines = best if best is not None else (0.0, page, ())
    return Side(capture, turned.document, lines=lines, timings=timings, page=turned)

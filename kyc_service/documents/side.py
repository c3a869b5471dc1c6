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

import numpy as np

from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.families.protocol import Family, PlacedFamily, SideReading, Sign
from kyc_service.documents.finding.anchors import find_sign, is_sure
from kyc_service.documents.finding.by_text import find_by_text, reduced
from kyc_service.documents.finding.face import upright_likeness
from kyc_service.documents.finding.locate import LocatedDocument, lay_flat, locate, whole_picture
from kyc_service.documents.reading.bounded_reader import SEARCH_PX, SIDE_PX, BoundedReader
from kyc_service.documents.reading.lines import DETECTION_LONG_SIDE_PX, Line, Page, Timings
from kyc_service.documents.registry import BARCODE_FAMILIES, LINE_FAMILIES, PLACED_FAMILIES, PRINT_FAMILIES
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.document import DocumentReading
from kyc_service.imaging.geometry import map_points
from kyc_service.imaging.picture import Picture
from kyc_service.inference.barcode import BarcodeReader
from kyc_service.inference.ocr import TextReader

CLOSE_LONG_SIDE_PX: Final = 960
_MOST_LINES_READ: Final = 40
_SURE: Final = 0.8
FIND_LONG_SIDE_PX: Final = 900
DETECT_LONG_SIDE_PX: Final = 640
_SURE_LIKENESS: Final = 0.8
_MIN_LIKENESS: Final = 0.55
"""Of 120 drawn cards in their true frame none had less than 0.70, none in a frame a quarter of its width off more than 0.51."""


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
    work = _Work(picture, engines, reader, today, timings)
    outlined = _placed(Page.of(document, reader, timings), timings) if document.has_outline else None
    return work.placed_side(outlined) or work.side_by_lines(document, outlined)


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """One picture being read."""

    picture: Picture
    engines: DocumentEngines
    reader: BoundedReader
    today: date
    timings: Timings

    def placed_side(self, placed: _Placed | None) -> Side | None:
        """What a family says that was told by place; ``None``: none was."""
        if placed is None or placed.sign is None:
            return None
        self.reader.begin(SIDE_PX)
        side = _read(placed.family, placed.sign, self.today, self.timings)
        return replace(side, is_cut_short=self.reader.has_refused)

    def side_by_lines(self, document: LocatedDocument, outlined: _Placed | None) -> Side:
        """Read what its outline's look did not tell: lines are looked for, and the widest tell.

        In an outline first, whose document may be of any family; then a card of a known look is
        looked for on the whole picture; then closer. A barcode is looked for once, where no line of
        the first page tells; a back that has one is read, a front's print is read as well.
        """
        pages: list[Page] = []
        placed, coded = outlined, None
        for page in _looks(self.picture, document, self.reader, self.timings):
            if len(pages) == int(document.has_outline):
                found = self._found_by_text(document.region.capture)
                side = self.placed_side(found)
                if side is not None:
                    return side
                placed = found or placed
            pages.append(page)
            side = self._told(page)
            if side is not None:
                return side
            if len(pages) == 1:
                coded = _by_barcode(page.document, self.engines.barcodes, self.today, self.timings)
            if coded is not None or self.reader.has_refused:
                break
        if coded is not None and document.region.capture is not CaptureKind.DOCUMENT_FRONT:
            return coded
        most = max(pages, key=lambda p: len(p.quads))
        side = _by_print(_without_family(document.region.capture, most, self.reader, self.timings), self.today)
        if coded is not None:
            return _with_print(coded, side)
        # Print where a card has it, none of it legible: that is no unknown document.
        if side.family is None and placed is not None and placed.likeness > _SURE_LIKENESS:
            return replace(side, document=placed.document, family=placed.family.name)
        return side

    def _told(self, page: Page) -> Side | None:
        told = find_sign(page, LINE_FAMILIES)
        if told is None:
            return None
        self.reader.begin(SIDE_PX)
        family, sign = told
        framed = _framed(self.picture, family, sign, self.reader, self.timings)
        return replace(_read(family, framed, self.today, self.timings), is_cut_short=self.reader.has_refused)

    def _found_by_text(self, capture: CaptureKind) -> _Placed | None:
        flat = _found_by_text(self.picture, capture, self.reader, self.timings)
        return None if flat is None else _placed(Page.of(flat, self.reader, self.timings), self.timings)


def _by_barcode(document: LocatedDocument, barcodes: BarcodeReader, today: date, timings: Timings) -> Side | None:
    """The side whose barcode says everything; ``None``: there is none of a family that is read."""
    start = time.perf_counter()
    seen = barcodes.find_pdf417(document.pixels)
    timings.add("barcode", start)
    for family in BARCODE_FAMILIES:
        read = [found for code in seen if (found := family.read_barcode(document, code, today)) is not None]
        if read:
            is_one = len({found.reading.barcode for found in read}) == 1
            found = read[0] if is_one else replace(read[0], reading=_doubted(read[0].reading))
            return Side(document.region.capture, document, family.name, found, timings=timings)
    return None


def _doubted(reading: DocumentReading) -> DocumentReading:
    """``reading``, nothing of it certain: another barcode of its family, saying something else, is in the picture."""
    return replace(reading, fields=tuple(replace(field, is_certain=False) for field in reading.fields))


def _with_print(coded: Side, printed: Side) -> Side:
    """A front that shows a barcode too: what the barcode says comes first, the print it is held against stays."""
    said, own = coded.found, printed.found
    if said is None:
        return printed
    lines = tuple(line.text for line in printed.lines if line.text)
    fields = own.reading.fields if own is not None and own.family == said.family else ()
    reading = replace(said.reading, fields=(*said.reading.fields, *fields), printed_lines=lines)
    if own is None or own.family != said.family:
        return replace(coded, found=replace(said, reading=reading, lines=printed.lines), lines=printed.lines)
    return replace(printed, found=replace(own, reading=reading))


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A family whose look a document has; ``sign``: its line, where it could be read."""

    family: PlacedFamily
    document: LocatedDocument
    sign: Sign | None
    likeness: float


def _placed(page: Page, timings: Timings) -> _Placed | None:
    families = {family.face: family for family in PLACED_FAMILIES}
    ink = page.ink
    start = time.perf_counter()
    face, quarters, likeness = upright_likeness(ink, tuple(families))[0]
    timings.add("probe", start)
    if likeness < _MIN_LIKENESS:
        return None
    turned = page.turned(quarters)
    sign = families[face].sign(turned)
    return _Placed(families[face], turned.document, sign if sign is not None and is_sure(sign.line) else None, likeness)


def _found_by_text(
    picture: Picture, capture: CaptureKind, reader: TextReader, timings: Timings
) -> LocatedDocument | None:
    """The card that lies on the picture, laid flat by its text; ``None``: none with a look that is known."""
    start = time.perf_counter()
    small = reduced(picture.pixels, FIND_LONG_SIDE_PX)
    quads = reader.detect(small, DETECT_LONG_SIDE_PX)
    timings.add("detect_text", start)
    start = time.perf_counter()
    fit = find_by_text(small, quads, tuple(family.face for family in PLACED_FAMILIES))
    timings.add("locate_by_text", start)
    if fit is None or fit.likeness < _MIN_LIKENESS:
        return None
    return lay_flat(picture, capture, fit.corners * np.float32(picture.width / small.shape[1]))


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

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
from kyc_service.documents.families.cn_resident_card.back import CnBack
from kyc_service.documents.families.cn_resident_card.front import CnFront
from kyc_service.documents.families.cn_resident_card.places import card_corners, read_cn_back, read_cn_front
from kyc_service.documents.families.icao_mrz.zone import MrzZone, read_zone
from kyc_service.documents.finding.anchors import Anchor, AnchorKind, find_anchor
from kyc_service.documents.finding.locate import LocatedDocument, lay_flat, locate, whole_picture
from kyc_service.documents.reading.bounded_reader import SEARCH_PX, SIDE_PX, BoundedReader
from kyc_service.documents.reading.lines import DETECTION_LONG_SIDE_PX, Line, Page, Timings
from kyc_service.domain.captures import CaptureKind
from kyc_service.imaging.geometry import map_points
from kyc_service.imaging.picture import Picture
from kyc_service.inference.ocr import TextReader

CLOSE_LONG_SIDE_PX: Final = 960
_MOST_LINES_READ: Final = 40
_SURE: Final = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """What one picture gave: exactly one of ``front``, ``back`` and ``zone``, or none of them.

    ``document`` is turned the way it is read. ``lines`` is the other text that was read:
    all of it where no family was recognised, the print of a document with a zone.
    ``is_cut_short``: there was more text than is read on one side.
    """

    capture: CaptureKind
    document: LocatedDocument | None
    front: CnFront | None = None
    back: CnBack | None = None
    zone: MrzZone | None = None
    lines: tuple[Line, ...] = ()
    timings: Timings = field(default_factory=Timings)
    is_cut_short: bool = False


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
        anchor = find_anchor(page)
        if anchor is not None:
            reader.begin(SIDE_PX)
            side = _read(capture, _framed(picture, capture, anchor, reader, timings), today, timings)
            return replace(side, is_cut_short=reader.has_refused)
        if reader.has_refused:
            break
    most = max(pages, key=lambda p: len(p.quads))
    return _without_family(capture, most, reader, timings)


def _looks(picture: Picture, document: LocatedDocument, reader: TextReader, timings: Timings) -> Iterator[Page]:
    """The pages to look for a telling line on, cheapest first."""
    if document.has_outline:
        page = Page.of(document, reader, timings, DETECTION_LONG_SIDE_PX)
        yield page
        yield page.redetected(CLOSE_LONG_SIDE_PX)
        document = whole_picture(picture, document.region.capture)
    yield Page.of(document, reader, timings, CLOSE_LONG_SIDE_PX)


def _framed(picture: Picture, capture: CaptureKind, anchor: Anchor, reader: TextReader, timings: Timings) -> Anchor:
    """The same line on a page that holds the card alone, where the page was the whole picture."""
    if anchor.kind is AnchorKind.MRZ or anchor.page.document.has_outline:
        return anchor
    corners = card_corners(anchor)
    if corners is None:
        return anchor
    document = lay_flat(picture, capture, map_points(anchor.page.document.to_source, corners))
    if document is None:
        return anchor
    again = find_anchor(Page.of(document, reader, timings))
    return again if again is not None and again.kind is anchor.kind else anchor


def _read(capture: CaptureKind, anchor: Anchor, today: date, timings: Timings) -> Side:
    document = anchor.page.document
    match anchor.kind:
        case AnchorKind.CN_FRONT:
            return Side(capture, document, front=read_cn_front(anchor), timings=timings)
        case AnchorKind.CN_BACK:
            return Side(capture, document, back=read_cn_back(anchor), timings=timings)
        case AnchorKind.MRZ:
            zone = read_zone(anchor, today)
            return Side(capture, document, zone=zone, lines=_print_of(anchor, zone), timings=timings)


def _print_of(anchor: Anchor, zone: MrzZone) -> tuple[Line, ...]:
    """The lines above and below the zone."""
    bands = [(float(li.quad[:, 1].min()), float(li.quad[:, 1].max())) for row in zone.rows for li in row.lines]
    page = anchor.page
    middles = [float(q[:, 1].mean()) for q in page.quads]
    others = [i for i, y in enumerate(middles) if not any(low < y < high for low, high in bands)]
    return tuple(page.read(others[:_MOST_LINES_READ]))


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
    return Side(capture, turned.document, lines=lines, timings=timings)

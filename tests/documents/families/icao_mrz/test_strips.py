from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kyc_service.documents.families.icao_mrz.strips import across, beside, padded, strips_of
from kyc_service.documents.finding.locate import LocatedDocument, whole_picture
from kyc_service.documents.reading.lines import Line, Page, Timings
from kyc_service.domain.captures import CaptureKind
from kyc_service.imaging.picture import Pixels
from kyc_service.inference.ocr import NullTextReader, Quad
from tests.documents.samples import picture_of


def box(left: float, top: float, width: float, height: float = 40.0) -> Quad:
    right, bottom = left + width, top + height
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def document() -> LocatedDocument:
    picture = picture_of(np.full((800, 1300, 3), 230, np.uint8))
    return whole_picture(picture, CaptureKind.DOCUMENT_FRONT)


@dataclass(frozen=True, slots=True)
class Finder(NullTextReader):
    """Finds what it is told to."""

    quads: tuple[Quad, ...] = ()

    def detect(self, pixels: Pixels, long_side_px: int) -> tuple[Quad, ...]:
        return self.quads


def page(quads: Sequence[Quad]) -> Page:
    return Page.of(document(), Finder(quads=tuple(quads)), Timings())


def tops(strips: Sequence[Quad]) -> list[float]:
    return [float(q[0, 1]) for q in strips]


def test_the_rows_as_wide_beside_the_told_line_make_the_zone() -> None:
    quads = [box(50, 100, 300), box(50, 600, 1000), box(50, 670, 1010), box(50, 740, 990)]
    assert tops(strips_of(page(quads), Line(quads[2]))) == [600, 670, 740]


def test_a_row_found_in_pieces_is_one() -> None:
    quads = [box(50, 600, 400), box(460, 602, 590), box(50, 670, 1000)]
    (upper, lower) = strips_of(page(quads), Line(quads[2]))
    assert (across(upper), across(lower)) == (1000.0, 1000.0) or across(upper) > 990
    assert tops(strips_of(page(quads), Line(quads[0]))) == [600, 670]


def test_print_far_above_is_no_part_of_it() -> None:
    quads = [box(50, 300, 1000), box(50, 600, 1000), box(50, 670, 1000)]
    assert tops(strips_of(page(quads), Line(quads[1]))) == [600, 670]


def test_a_line_that_was_not_detected_stands_alone() -> None:
    told = box(50, 600, 1000)
    assert tops(strips_of(page([]), Line(told))) == [600]


def test_missing_lines_stand_at_the_distance_of_the_others() -> None:
    above, below = beside([box(50, 600, 1000), box(50, 670, 1000)])
    assert (above[0, 1], below[0, 1]) == (530, 740)
    above, below = beside([box(50, 600, 1000)])
    assert (above[0, 1], below[0, 1]) == (536, 664)


def test_margins_grow_every_side() -> None:
    grown = padded(box(50, 600, 1000), 0.25)
    assert (grown[0].tolist(), grown[2].tolist()) == ([30, 590], [1070, 650])

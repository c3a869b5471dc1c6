"""From a page with a telling line to the sides of a Chinese resident identity card."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from kyc_service.documents.families.cn_resident_card.back import CnBack, digits_of, parse_back, validity_in
from kyc_service.documents.families.cn_resident_card.ethnicities import ETHNICITIES
from kyc_service.documents.families.cn_resident_card.front import CnFront, number_in, parse_front
from kyc_service.documents.families.protocol import Sign
from kyc_service.documents.reading.lines import Line, Page
from kyc_service.documents.reading.rows import Row
from kyc_service.inference.ocr import Quad

# Where the front's number stands, as shares of the card's width and height (GA 448-2013).
_NUMBER_PLACE: Final = (0.60, 0.33, 0.855)
"""The number: its length, its left end, its middle's height."""
_VALIDITY_PLACE: Final = (0.39, 0.39, 0.855)
_MIN_ANCHOR_PX: Final = 40.0
_CARD_ASPECT: Final = 85.6 / 54.0

_TEXT_LEFT: Final = (-0.06, 0.47)
_ROW_END: Final = 0.56
_TEXT_TOP: Final = -0.05
_TEXT_RIGHT: Final = 0.70
_LABEL_RIGHT: Final = 0.165
_LABEL_ASPECT: Final = 3.2
_HEIGHTS: Final = (0.45, 2.2)
_MAX_SLANT: Final = 0.12
_NUMBER_NARROWING: Final = 0.55
_GROWTHS: Final = (0.15, -0.08)
"""A line that was cut a little short or a little wide is read once more with this much height added."""


@dataclass(frozen=True, slots=True)
class _CardFrame:
    """Card coordinates: the card's width and height are 1, whatever was laid flat."""

    left: float
    top: float
    width: float
    height: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        return (x - self.left) / self.width, (y - self.top) / self.height


def read_cn_front(sign: Sign) -> CnFront:
    """The front whose number line is ``sign``; labels are read only where the order of rows leaves a doubt."""
    page = sign.page
    number = _whole_number(sign)
    frame = _frame(page, number)
    values, labels = _above(page, number, frame)
    front = parse_front(number, page.read(values))
    if not front.is_complete and labels:
        front = parse_front(number, page.read([*values, *labels]))
    if front.ethnicity is None and front.sex is not None:
        front = replace(front, ethnicity=_ethnicity_beside(front.sex, page, frame))
    return front


def read_cn_back(sign: Sign) -> CnBack | None:
    """The back whose period of validity is ``sign``."""
    page = sign.page
    found = validity_in(sign.line)
    if found is None:
        return None
    validity = digits_of(found)
    line = validity.lines[0]
    near = [
        i
        for i, q in enumerate(page.quads)
        if i != sign.index
        and 0.5 * line.height < line.middle[1] - float(q[:, 1].mean()) < 4.5 * line.height
        and float(q[1, 0]) > line.left + line.height
    ]
    return parse_back(validity, page.read(near))


def card_around_number(line: Line) -> Quad | None:
    """Where the card's corners must lie for its number to stand on ``line``.

    4x2, from the card's own top left clockwise; ``None`` where the line is too short to tell.
    """
    number = number_in(line)
    return _corners_around(number.lines[0] if number is not None else line, _NUMBER_PLACE)


def card_around_validity(line: Line) -> Quad | None:
    """Where the card's corners must lie for its period of validity to stand on ``line``, as :func:`card_around_number`."""
    validity = validity_in(line)
    return _corners_around(validity.lines[0] if validity is not None else line, _VALIDITY_PLACE)


def _corners_around(line: Line, place: tuple[float, float, float]) -> Quad | None:
    if line.width < _MIN_ANCHOR_PX:
        return None
    span, left, middle = place
    along = (line.quad[1] - line.quad[0]) / span
    down = np.array([-along[1], along[0]], np.float32) / np.float32(_CARD_ASPECT)
    origin = (line.quad[0] + line.quad[3]) / 2 - along * left - down * middle
    return np.array([origin, origin + along, origin + along + down, origin + down], np.float32)


def _whole_number(sign: Sign) -> Row:
    """The number; where it has not its 18 characters, the best of further cuts of the same line."""
    number = number_in(sign.line) or Row((sign.line,))
    if CnFront(number).has_whole_number:
        return number
    quads = [_grown(sign.line.quad, growth) for growth in _GROWTHS]
    for line in sign.page.read_quads(quads, _NUMBER_NARROWING):
        again = number_in(line)
        if again is not None and CnFront(again).has_whole_number:
            return again
    return number


def _ethnicity_beside(sex: Row, page: Page, frame: _CardFrame) -> Row | None:
    """The ethnicity on the rest of the row of ``sex``: a lone character is easily missed by the detector."""
    line = sex.lines[-1]
    length = frame.left + frame.width * _ROW_END - line.right
    if length < line.height:
        return None
    along = (line.quad[1] - line.quad[0]) / max(1.0, line.width)
    start, end = along * (line.height * 0.3), along * length
    quad = np.array([line.quad[1] + start, line.quad[1] + end, line.quad[2] + end, line.quad[2] + start], np.float32)
    (rest,) = page.read_quads([_grown(quad, _GROWTHS[0])], 1.0)
    found = Row((rest,)).without(r"民?族")
    return found if found.text in ETHNICITIES else None


def _frame(page: Page, number: Row) -> _CardFrame:
    width, height = page.size
    if page.document.has_outline:
        return _CardFrame(0.0, 0.0, float(width), float(height))
    line = number.lines[0]
    span, left, middle = _NUMBER_PLACE
    card_width = line.width / span
    card_height = card_width / _CARD_ASPECT
    return _CardFrame(line.left - left * card_width, line.middle[1] - middle * card_height, card_width, card_height)


def _above(page: Page, number: Row, frame: _CardFrame) -> tuple[list[int], list[int]]:
    """Which lines above the number may hold values, and which hold labels."""
    line = number.lines[0]
    values: list[int] = []
    labels: list[int] = []
    for i, quad in enumerate(page.quads):
        candidate = Line(quad)
        x, y = candidate.middle
        left, _ = frame.place(candidate.left, y)
        right, _ = frame.place(candidate.right, y)
        is_text = _HEIGHTS[0] < candidate.height / max(1.0, line.height) < _HEIGHTS[1] and _is_level(candidate)
        is_above = y < line.middle[1] - line.height and frame.place(x, y)[1] > _TEXT_TOP
        if not (is_text and is_above and _TEXT_LEFT[0] < left < _TEXT_LEFT[1] and right < _TEXT_RIGHT):
            continue
        is_label = right < _LABEL_RIGHT and candidate.width < _LABEL_ASPECT * candidate.height
        (labels if is_label else values).append(i)
    return values, labels


def _is_level(line: Line) -> bool:
    (x0, y0), (x1, y1) = line.quad[0], line.quad[1]
    return abs(float(y1 - y0)) <= _MAX_SLANT * max(1.0, abs(float(x1 - x0)))


def _grown(quad: Quad, share: float) -> Quad:
    """``quad`` with ``share`` of its height added above, below and at its ends."""
    down = (quad[3] - quad[0]) * share
    length = max(1.0, float(((quad[1] - quad[0]) ** 2).sum() ** 0.5))
    along = (quad[1] - quad[0]) * (share * float(((quad[3] - quad[0]) ** 2).sum() ** 0.5) / length)
    outward = np.array([-down - along, -down + along, down + along, down - along])
    return np.asarray(quad + outward, np.float32)

"""Reading a Chinese resident identity card that is laid flat, without looking for its lines.

The number (the period of validity on the back) is cut out where it must stand and tells
whether this is the card and which way up it lies. How it lies then moves all other places,
and the ink near each says where its row runs and how far it reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from kyc_service.documents.families.cn_resident_card.back import CnBack, digits_of, parse_back, validity_in
from kyc_service.documents.families.cn_resident_card.front import CnFront, fuller, number_in, parse_front
from kyc_service.documents.families.cn_resident_card.layout import (
    ADDRESS_ABOUT,
    ADDRESS_PITCH,
    AUTHORITY_ABOUT,
    BACK_ACROSS,
    BIRTH_ABOUT,
    CARD_ASPECT,
    NAME_ABOUT,
    NUMBER_ABOUT,
    NUMBER_ACROSS,
    NUMBER_LENGTHS,
    NUMBER_SPAN,
    SEX_ABOUT,
    TEXT_ACROSS,
    VALIDITY_ABOUT,
)
from kyc_service.documents.reading.ink import InkMap, Span
from kyc_service.documents.reading.lines import Line, Page
from kyc_service.documents.reading.rows import Row
from kyc_service.domain.document import FieldName
from kyc_service.inference.ocr import Quad

_ROW_REACH: Final = 0.035
_LINE_REACH: Final = 0.018
_GLYPHS: Final = 0.058
"""Height of a row's glyphs, and of what is cut out around them."""
_CUT: Final = 0.078
_NUMBER_CUT: Final = 0.082
_NAME_CUT: Final = 0.088
_PAD: Final = 0.012
_NUMBER_GAP, _TEXT_GAP, _NAME_GAP = 0.036, 0.030, 0.040
_NUMBER_NARROWING, _TEXT_NARROWING, _BIRTH_NARROWING = 0.60, 0.68, 0.68
_SEX_ACROSS: Final = Span(0.150, 0.235)
_GROUP_ACROSS: Final = Span(0.358, 0.620)
_BIRTH_ACROSS: Final = Span(0.158, 0.510)
_ROW_ACROSS: Final = Span(0.165, 0.440)
_LABEL_GAP: Final = 0.022
_LABEL_END: Final = 0.03
_WIDER: Final = 0.06
_AGAIN_NARROWING: Final = 0.78
_ONWARD: Final = 0.15
_LEAST_FULL: Final = 0.485
"""Where a line of the address that another follows ends at the earliest: only a long house number is moved down whole."""
_ADDRESS_LINES: Final = 4
_FAINT: Final = 0.40
"""Of the first line's ink: a row with less holds no text."""


def number_line(page: Page) -> Line:
    """What stands where an upright front has its number."""
    middle, _ = page.ink.row(NUMBER_ACROSS, NUMBER_ABOUT, 0.05, _GLYPHS)
    across = _number_reach(page.ink, middle)
    slope = page.ink.slope(across, middle, _GLYPHS)
    quad = _quad(page, across, middle, _NUMBER_CUT, slope)
    (line,) = page.read_at([(quad, _narrowing(page, _NUMBER_NARROWING))], "probe")
    return line


def validity_line(page: Page) -> Line:
    """What stands where an upright back has its period of validity."""
    middle, _ = page.ink.row(BACK_ACROSS, VALIDITY_ABOUT, 0.04, _GLYPHS)
    across = _value(page.ink, middle) or BACK_ACROSS
    slope = page.ink.slope(across, middle, _GLYPHS)
    quad = _quad(page, _padded(across), middle, _CUT, slope)
    (line,) = page.read_at([(quad, _narrowing(page, _NUMBER_NARROWING))], "probe")
    return line


def front_by_place(page: Page, telling: Line) -> CnFront | None:
    """The front whose number stands on ``telling``; ``None``: there is no number."""
    number = number_in(telling)
    if number is None:
        return None
    middle, slope = _level(page, telling)
    shift = middle - NUMBER_ABOUT
    lines = page.read_at(_front_places(page, shift, slope))
    front = parse_front(number, [line for line in lines if line.characters])
    if front.sex_value is None or not front.group_is_known:
        front = fuller(front, _with_whole_sex_row(page, number, lines, shift, slope))
    return replace(front, doubtful=_washed_out(page.ink, shift))


def _with_whole_sex_row(page: Page, number: Row, lines: Sequence[Line], shift: float, slope: float) -> CnFront:
    """The front with sex and ethnic group read as one line: a lone character is easily misread."""
    middle, _ = page.ink.row(_ROW_ACROSS, SEX_ABOUT + shift, _ROW_REACH, _GLYPHS)
    quad = _quad(page, TEXT_ACROSS, middle, _CUT, slope)
    (row,) = page.read_at([(quad, _narrowing(page, _TEXT_NARROWING))])
    far = _CUT / 2 * page.size[1]
    others = [line for line in lines if line.characters and abs(line.middle[1] - row.middle[1]) > far]
    return parse_front(number, [*others, row])


def number_again(page: Page, telling: Line) -> str:
    """The number read once more from a wider cut at another width, to be held against the first reading."""
    found = number_in(_again(page, telling))
    return "" if found is None else found.text


def back_by_place(page: Page, telling: Line) -> CnBack | None:
    """The back whose period of validity stands on ``telling``; ``None``: there is none."""
    validity = validity_in(telling)
    if validity is None:
        return None
    middle, slope = _level(page, telling)
    about, _ = page.ink.row(BACK_ACROSS, AUTHORITY_ABOUT + middle - VALIDITY_ABOUT, _ROW_REACH, _GLYPHS)
    across = _value(page.ink, about)
    places = (
        []
        if across is None
        else [(_quad(page, _padded(across), about, _CUT, slope), _narrowing(page, _TEXT_NARROWING))]
    )
    back = parse_back(digits_of(validity), page.read_at(places))
    again = validity_in(_again(page, telling))
    agrees = again is not None and _digits(digits_of(again).text) == _digits(back.validity.text)
    doubtful = set() if agrees else {FieldName.VALID_FROM, FieldName.VALID_UNTIL}
    if across is not None and page.ink.is_washed_out(_onward(across), _down(about)):
        doubtful.add(FieldName.AUTHORITY)
    return replace(back, doubtful=frozenset(doubtful))


def _value(ink: InkMap, middle: float) -> Span | None:
    """How far a value on the back reaches; what little stands left of a gap is the end of its label."""
    runs = ink.runs(BACK_ACROSS, _down(middle), _LABEL_GAP)
    while len(runs) > 1 and runs[0].length < _LABEL_END:
        runs = runs[1:]
    return Span(runs[0].start, runs[-1].end) if runs else None


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal() or c in "长期")


def _again(page: Page, telling: Line) -> Line:
    down = (telling.quad[3] - telling.quad[0]) * _WIDER
    quad = telling.quad + np.array([-down, -down, down, down])
    (line,) = page.read_at([(np.asarray(quad, np.float32), _narrowing(page, _AGAIN_NARROWING))])
    return line


def _washed_out(ink: InkMap, shift: float) -> frozenset[FieldName]:
    """The fields of free text that light has eaten a part of, or may have."""
    name, _ = ink.row(_ROW_ACROSS, NAME_ABOUT + shift, _ROW_REACH, _GLYPHS)
    lines = _address(ink, shift)
    cut = any(across.end < _LEAST_FULL for across, _ in lines[:-1])
    bottom = lines[-1][1] if lines else ADDRESS_ABOUT + shift
    found = set()
    if ink.is_washed_out(TEXT_ACROSS, _down(name)):
        found.add(FieldName.FULL_NAME)
    if cut or ink.is_washed_out(TEXT_ACROSS, Span(ADDRESS_ABOUT + shift - _GLYPHS / 2, bottom + _GLYPHS / 2)):
        found.add(FieldName.ADDRESS)
    return frozenset(found)


def _onward(across: Span) -> Span:
    return Span(across.start, min(1.0, across.end + _ONWARD))


def _number_reach(ink: InkMap, middle: float) -> Span:
    runs = ink.runs(NUMBER_ACROSS, _down(middle), _NUMBER_GAP)
    longest = max(runs, key=lambda run: run.length, default=NUMBER_SPAN)
    low, high = NUMBER_LENGTHS
    return _padded(longest if low < longest.length < high else NUMBER_SPAN)


def _front_places(page: Page, shift: float, slope: float) -> list[tuple[Quad, float]]:
    ink = page.ink
    name, _ = ink.row(_ROW_ACROSS, NAME_ABOUT + shift, _ROW_REACH, _GLYPHS)
    sex, _ = ink.row(_ROW_ACROSS, SEX_ABOUT + shift, _ROW_REACH, _GLYPHS)
    birth, _ = ink.row(_ROW_ACROSS, BIRTH_ABOUT + shift, _ROW_REACH, _GLYPHS)
    wanted = [
        (_reach(ink, TEXT_ACROSS, name, _NAME_GAP), name, _NAME_CUT, 1.0),
        (_reach(ink, _SEX_ACROSS, sex, _TEXT_GAP), sex, _CUT, 1.0),
        (_reach(ink, _GROUP_ACROSS, sex, _TEXT_GAP), sex, _CUT, 1.0),
        (_BIRTH_ACROSS, birth, _CUT, _BIRTH_NARROWING),
        *((across, line, _CUT, _TEXT_NARROWING) for across, line in _address(ink, shift)),
    ]
    return [
        (_quad(page, across, middle, height, slope), _narrowing(page, narrowing))
        for across, middle, height, narrowing in wanted
        if across is not None
    ]


def _address(ink: InkMap, shift: float) -> list[tuple[Span, float]]:
    """How far each line of the address reaches, and its middle, from the first to the first without ink."""
    middle, _ = ink.row(TEXT_ACROSS, ADDRESS_ABOUT + shift, _ROW_REACH, _GLYPHS)
    first = ink.strength(TEXT_ACROSS, _down(middle))
    lines: list[tuple[Span, float]] = []
    for _ in range(_ADDRESS_LINES):
        across = _reach(ink, TEXT_ACROSS, middle, 1.0)
        if across is None or (lines and ink.strength(TEXT_ACROSS, _down(middle)) < _FAINT * first):
            break
        lines.append((across, middle))
        if middle + ADDRESS_PITCH > NUMBER_ABOUT + shift - ADDRESS_PITCH:
            break
        middle, _ = ink.row(_ROW_ACROSS, middle + ADDRESS_PITCH, _LINE_REACH, _GLYPHS)
    return lines


def _reach(ink: InkMap, across: Span, middle: float, gap: float) -> Span | None:
    found = ink.reach(across, _down(middle), gap)
    return None if found is None else _padded(found)


def _down(middle: float) -> Span:
    return Span(middle - _GLYPHS / 2, middle + _GLYPHS / 2)


def _padded(across: Span) -> Span:
    return Span(max(0.0, across.start - _PAD), min(1.0, across.end + _PAD))


def _quad(page: Page, across: Span, middle: float, height: float, slope: float) -> Quad:
    """A row's quad on the page, level with the row."""
    width_px, height_px = page.size
    fall = slope * across.length / 2
    corners = (
        (across.start, middle - fall - height / 2),
        (across.end, middle + fall - height / 2),
        (across.end, middle + fall + height / 2),
        (across.start, middle - fall + height / 2),
    )
    return np.array([(x * width_px, y * height_px) for x, y in corners], np.float32)


def _narrowing(page: Page, wanted: float) -> float:
    """``wanted`` on a card of its true proportions, for this page, which a tilt may have flattened."""
    width, height = page.size
    return min(1.0, wanted * CARD_ASPECT * height / max(1, width))


def _level(page: Page, line: Line) -> tuple[float, float]:
    """The middle of ``line`` as a share of the page's height, and its slope as :meth:`InkMap.slope` gives it."""
    width, height = page.size
    along = line.quad[1] - line.quad[0]
    slope = float(along[1]) / height / max(1e-6, float(along[0]) / width)
    return line.middle[1] / height, slope

"""The machine-readable zone: which lines of a page make it up, and what they say.

Text comes from the recogniser as it is; lengths of filler runs and look-alikes that a
field's type forces are the business of :mod:`kyc_service.identifiers.mrz`. A zone that
is read without fault is read once; any other is looked at again at other margins and scales.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from kyc_service.documents.families.icao_mrz.alphabet import in_alphabet, of_type
from kyc_service.documents.families.icao_mrz.strips import MOST_LINES, beside, padded, strips_of
from kyc_service.documents.families.icao_mrz.votes import Reading, columns_across, is_on_grid, voted
from kyc_service.documents.families.protocol import Sign
from kyc_service.documents.reading.certainty import DEFAULT_LIMIT, confidences_of
from kyc_service.documents.reading.lines import Page
from kyc_service.documents.reading.rows import Row, with_characters
from kyc_service.identifiers.errors import MalformedIdentifier
from kyc_service.identifiers.mrz import (
    Change,
    Holds,
    Mrz,
    MrzFormat,
    column_types,
    fitted,
    may_be_misread,
    normalise_line,
    parse,
    repair_by_type,
)
from kyc_service.inference.ocr import Quad

_LOOKS: Final = ((0.0, 0.75), (0.12, 0.75), (0.12, 1.0))
"""Margin, as a share of the height, and narrowing of each look. Recogniser and time like 0.75; at 0.6 it drops digits."""
_FEWEST_CHARACTERS: Final = 12
_MIN_ALPHABET_SHARE: Final = 0.85
_STRANGE: Final = re.compile("[^A-Z0-9<]")
_MOST_OFF_GRID: Final = 0.4
"""In pitches. On 12 drawn pages (two faces, tilted, in perspective, small) and 9 specimens lines read whole stayed below 0.3."""
_LOOK_ALIKES: Final = ("0OQD", "1IL", "2Z", "5S", "6G", "8B")
_LEAST_SHARE: Final = 2e-4
"""From which share on a runner-up counts as having been in the recogniser's mind.

On 24 drawn passport lines (OCR-B and another fixed-pitch face, three sizes, three blurs) it took four of four O
for 0, with O's share between 3e-4 and 1e-2; for true zeros that share was below 5e-4 in nine of ten.
"""


@dataclass(frozen=True, slots=True, eq=False)
class MrzZone:
    """A zone: its rows, its lines after repairs by type, and its fields where it has the form of a format.

    ``changes`` are those repairs. ``is_sound``: it stands so on the document as far as can be
    told: no character was lost (a name has no check digit that would tell), and no runner-up of
    the recogniser would put wrong check digits right.
    """

    rows: tuple[Row, ...]
    lines: tuple[str, ...]
    fields: Mrz | None
    changes: tuple[Change, ...] = ()
    is_sound: bool = False

    @property
    def name_rows(self) -> tuple[Row, ...]:
        """The row that holds the name: the last of three, the first of two."""
        return self.rows[-1:] if len(self.rows) == MOST_LINES else self.rows[:1]

    @property
    def coded_rows(self) -> tuple[Row, ...]:
        """The rows that hold number and dates."""
        return self.rows[:-1] if len(self.rows) == MOST_LINES else self.rows[1:]

    @property
    def checked_rows(self) -> tuple[Row, ...]:
        """The rows whose characters check digits cover: a name is none of them, but on the French card."""
        covers_all = self.fields is not None and self.fields.format is MrzFormat.FRENCH_ID
        return self.rows if covers_all else self.coded_rows

    @property
    def problems(self) -> int:
        """How much is wrong with it: failed check digits and malformed fields; very many where it has no form."""
        return 99 if self.fields is None else len(self.fields.failed) + len(self.fields.malformed)


def read_zone(sign: Sign, today: date) -> MrzZone:
    """The zone that the line of ``sign`` belongs to.

    Which reading passes its check digits plays no part beyond asking for another look: each
    character is the one that was read with the most confidence.
    """
    strips = strips_of(sign.page, sign.line)
    readings: list[Reading] = []
    zone = MrzZone((Row((sign.line,)),), (sign.line.text,), None)
    for look in _LOOKS:
        found = _read(sign.page, strips, look)
        if found is None:
            continue
        reading, strips = found
        readings = [r for r in readings if len(r.lines) == len(reading.lines)]
        readings.append(reading)
        zone = _zone(voted(readings), today)
        if zone.problems == 0 and _is_sure(zone):
            break
    return zone


def _read(page: Page, strips: Sequence[Quad], look: tuple[float, float]) -> tuple[Reading, list[Quad]] | None:
    """The first arrangement of lines that is of a format, with the strips it stands on."""
    read = [(strip, row) for strip, row in _rows(page, strips, look) if _is_of_zone(row)]
    found = _arranged(read)
    if found is not None or not read:
        return found
    above, below = beside([strip for strip, _ in read])
    wider = _rows(page, [above, below], look)
    return _arranged([*read, wider[1]]) or _arranged([wider[0], *read])


def _rows(page: Page, strips: Sequence[Quad], look: tuple[float, float]) -> list[tuple[Quad, Row]]:
    margin, narrowing = look
    lines = page.read_quads([padded(strip, margin) for strip in strips], narrowing)
    spelt = [replace(line, characters=tuple(map(in_alphabet, line.characters))) for line in lines]
    return [(strip, Row((line,))) for strip, line in zip(strips, spelt, strict=True)]


def _arranged(read: Sequence[tuple[Quad, Row]]) -> tuple[Reading, list[Quad]] | None:
    for window in _windows(read):
        rows = [row for _, row in window]
        lines = fitted([row.text for row in rows], columns_across(rows))
        if lines is not None:
            return _typed(Reading(tuple(rows), lines)), [strip for strip, _ in window]
    return None


def _windows(read: Sequence[tuple[Quad, Row]]) -> Iterator[Sequence[tuple[Quad, Row]]]:
    """Neighbouring lines, three before two, lower before higher: print stands above a zone more often than below."""
    for count in (MOST_LINES, MOST_LINES - 1):
        for end in range(len(read), count - 1, -1):
            yield read[end - count : end]


def _is_of_zone(row: Row) -> bool:
    text = normalise_line(row.text)
    return len(text) >= _FEWEST_CHARACTERS and len(_STRANGE.findall(text)) <= (1 - _MIN_ALPHABET_SHARE) * len(text)


def _zone(reading: Reading, today: date) -> MrzZone:
    repair = repair_by_type(reading.lines)
    try:
        fields = parse(repair.lines, today)
    except MalformedIdentifier:
        return MrzZone(reading.rows, repair.lines, None, repair.changes)
    is_sound = all(is_on_grid(reading, line, _MOST_OFF_GRID) for line in range(len(reading.lines)))
    if is_sound and fields.failed:
        is_sound = not may_be_misread(repair.lines, _alternatives(reading, repair.lines))
    return MrzZone(reading.rows, repair.lines, fields, repair.changes, is_sound)


def _typed(reading: Reading) -> Reading:
    """``reading`` with the confidence of each character as one of those that its column may hold."""
    types = column_types(reading.lines)
    rows = []
    for line, row in enumerate(reading.rows):
        kept = {id(c): of_type(c, types[line][column]) for column, c in reading.columns(line).items()}
        rows.append(with_characters(row, [kept.get(id(c), c) for c in row.characters]))
    return replace(reading, rows=tuple(rows))


def _is_sure(zone: MrzZone) -> bool:
    return confidences_of(zone.rows)[1] >= DEFAULT_LIMIT


def _alternatives(reading: Reading, lines: Sequence[str]) -> list[Change]:
    """The look-alikes among the recogniser's runners-up where the field's type does not rule them out, likeliest first."""
    found: list[tuple[float, Change]] = []
    for line, types in enumerate(column_types(lines)):
        for column, character in reading.columns(line).items():
            before = lines[line][column]
            for text, share in character.alternatives if types[column] is Holds.EITHER else ():
                after = normalise_line(text)
                if share >= _LEAST_SHARE and _look_alike(before, after):
                    found.append((share, Change(line, column, before, after)))
    return [change for _, change in sorted(found, key=lambda item: -item[0])]


def _look_alike(one: str, other: str) -> bool:
    return one != other and len(other) == 1 and any(one in group and other in group for group in _LOOK_ALIKES)

"""The machine-readable zone: which lines of a page make it up, and what they say.

Text comes from the recogniser as it is; lengths of filler runs and look-alikes that a
field's type forces are the business of :mod:`kyc_service.identifiers.mrz`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from kyc_service.documents.families.protocol import Sign
from kyc_service.documents.reading.lines import Line, Page
from kyc_service.documents.reading.rows import Row
from kyc_service.identifiers.errors import MalformedIdentifier
from kyc_service.identifiers.mrz import Mrz, from_ocr, normalise_line, parse, repair_by_type
from kyc_service.inference.ocr import Quad

_GAP_HEIGHTS: Final = 3.2
"""Lines of a zone stand at most this many line heights apart."""
_ALPHABET: Final = re.compile(r"(?=.*<)[A-Z0-9<]{6,}|[A-Z0-9<]{20,}")
_MOST_LINES: Final = 3
_NARROWING: Final = 0.75
_PADDINGS: Final = (0.0, 0.12, 0.25)
_HEIGHTS: Final = (0.5, 1.8)
_MIN_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class MrzZone:
    """A zone: its rows, its lines after repairs by type, and its fields where it has the form of a format."""

    rows: tuple[Row, ...]
    lines: tuple[str, ...]
    fields: Mrz | None

    @property
    def name_rows(self) -> tuple[Row, ...]:
        """The row that holds the name: the last of three, the first of two."""
        return self.rows[-1:] if len(self.rows) == _MOST_LINES else self.rows[:1]

    @property
    def coded_rows(self) -> tuple[Row, ...]:
        """The rows that hold number and dates."""
        return self.rows[:-1] if len(self.rows) == _MOST_LINES else self.rows[1:]

    @property
    def problems(self) -> int:
        """How much is wrong with it: failed check digits and malformed fields; very many where it has no form."""
        return 99 if self.fields is None else len(self.fields.failed) + len(self.fields.malformed)


def read_zone(sign: Sign, today: date) -> MrzZone:
    """The zone that the line of ``sign`` belongs to.

    Cut more than once with different margins where the first reading has no form or wrong
    check digits; of several readings the one whose every line was read best is kept among
    those in form. Which reading passes its check digits plays no part in that choice beyond
    asking for another look: the choice goes by form, then by the recogniser's confidence.
    """
    page = sign.page
    quads = _zone_quads(page, sign.line)
    best: MrzZone | None = None
    for padding in _PADDINGS:
        rows = [Row((line,)) for line in page.read_quads([_padded(q, padding) for q in quads], _NARROWING)]
        zone = _zone([row for row in rows if _ALPHABET.fullmatch(normalise_line(row.text))], today)
        if best is None or _rank(zone) > _rank(best):
            best = zone
        if zone.problems == 0:
            break
    return best if best is not None else _zone([Row((sign.line,))], today)


def _zone(rows: Sequence[Row], today: date) -> MrzZone:
    text = from_ocr([normalise_line(row.text) for row in rows])
    lines = repair_by_type(text).lines
    try:
        return MrzZone(tuple(rows), lines, parse(lines, today))
    except MalformedIdentifier:
        return MrzZone(tuple(rows), lines, None)


def _rank(zone: MrzZone) -> tuple[bool, bool, float]:
    characters = [c for row in zone.rows for c in row.characters]
    mean = sum(c.confidence for c in characters) / max(1, len(characters))
    return zone.fields is not None, zone.fields is not None and not zone.fields.malformed, mean


def _zone_quads(page: Page, anchor: Line) -> list[Quad]:
    """One quad per line of the zone, top to bottom: the anchor's row and the rows as wide right above and below it."""
    rows = _rows_like(page, anchor)
    at = next((i for i, row in enumerate(rows) if _has(row, anchor)), 0)
    if not rows:
        return [anchor.quad]
    zone = [rows[at]]
    for row in reversed(rows[:at]):
        if not _follows(row, zone[0]):
            break
        zone.insert(0, row)
    for row in rows[at + 1 :]:
        if not _follows(zone[-1], row):
            break
        zone.append(row)
    merged = [_merged(row) for row in zone]
    return [q for q in merged if _across(q) > _MIN_SHARE * max(map(_across, merged))][-_MOST_LINES:]


def _rows_like(page: Page, anchor: Line) -> list[list[Quad]]:
    """Detected quads of about the anchor's height, grouped to rows along its direction, top to bottom."""
    direction = (anchor.quad[1] - anchor.quad[0]) / max(1.0, anchor.width)
    normal = np.array([-direction[1], direction[0]], np.float32)
    placed = []
    for quad in page.quads:
        height = float(np.linalg.norm(quad[3] - quad[0]))
        if _HEIGHTS[0] < height / max(1.0, anchor.height) < _HEIGHTS[1]:
            placed.append((float(quad.mean(axis=0) @ normal), quad))
    placed.sort(key=lambda item: item[0])
    rows: list[tuple[float, list[Quad]]] = []
    for position, quad in placed:
        if rows and abs(position - rows[-1][0]) < 0.5 * anchor.height:
            rows[-1][1].append(quad)
        else:
            rows.append((position, [quad]))
    return [quads for _, quads in rows]


def _has(row: Sequence[Quad], line: Line) -> bool:
    return any(np.abs(q - line.quad).max() < 1.0 for q in row)


def _follows(upper: Sequence[Quad], lower: Sequence[Quad]) -> bool:
    above, below = _merged(upper), _merged(lower)
    gap = float(np.linalg.norm(below[0] - above[0]))
    height = float(np.linalg.norm(above[3] - above[0]))
    return gap < _GAP_HEIGHTS * height and _across(above) > 0.5 * _across(below)


def _merged(row: Sequence[Quad]) -> Quad:
    """One quad around the quads of a row."""
    if len(row) == 1:
        return row[0]
    by_left = sorted(row, key=lambda q: float(q[0, 0]))
    first, last = by_left[0], by_left[-1]
    return np.array([first[0], last[1], last[2], first[3]], np.float32)


def _padded(quad: Quad, share: float) -> Quad:
    down = (quad[3] - quad[0]) * share
    along = (quad[1] - quad[0]) / max(1.0, _across(quad)) * float(np.linalg.norm(down)) * 2
    outward = np.array([-down - along, -down + along, down + along, down - along])
    return np.asarray(quad + outward, np.float32)


def _across(quad: Quad) -> float:
    return float(np.linalg.norm(quad[1] - quad[0]))

"""Where the lines of a machine-readable zone stand: one quad each, top to bottom, all as wide as the zone.

A line of a zone that ends in filler is often found short, or not at all; its neighbours,
set to the same pitch in the same columns, say where it must stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from kyc_service.documents.reading.lines import Line, Page
from kyc_service.inference.ocr import Quad

MOST_LINES: Final = 3
_GAP_HEIGHTS: Final = 3.2
"""Lines of a zone stand at most this many line heights apart."""
_LIKELY_GAP_HEIGHTS: Final = 1.6
"""6.35 mm from line to line, a line with the margin it is found with being some 4 mm high."""
_HEIGHTS: Final = (0.5, 1.8)
_MIN_SHARE: Final = 0.8
_SAME_PLACE: Final = 0.5


def strips_of(page: Page, told: Line) -> list[Quad]:
    """One quad per line of the zone that ``told`` belongs to: its row and the rows as wide right above and below it."""
    rows = [_merged(row) for row in _rows_like(page, told)]
    at = next((i for i, row in enumerate(rows) if _is_on(row, told.quad)), None)
    if at is None:
        return [told.quad]
    zone = [rows[at]]
    for row in reversed(rows[:at]):
        if not _follows(row, zone[0]):
            break
        zone.insert(0, row)
    for row in rows[at + 1 :]:
        if not _follows(zone[-1], row):
            break
        zone.append(row)
    return [q for q in zone if across(q) > _MIN_SHARE * max(map(across, zone))][-MOST_LINES:]


def beside(strips: Sequence[Quad]) -> tuple[Quad, Quad]:
    """Where a line would stand above and below ``strips``, at their own distance."""
    first, last = strips[0], strips[-1]
    if len(strips) > 1:
        step = (last.mean(axis=0) - first.mean(axis=0)) / (len(strips) - 1)
    else:
        step = (first[3] - first[0] + first[2] - first[1]) / 2 * _LIKELY_GAP_HEIGHTS
    return np.asarray(first - step, np.float32), np.asarray(last + step, np.float32)


def padded(quad: Quad, share: float) -> Quad:
    """``quad`` grown by ``share`` of its height up and down, and twice that at either end."""
    down = (quad[3] - quad[0]) * share
    along = (quad[1] - quad[0]) / max(1.0, across(quad)) * float(np.linalg.norm(down)) * 2
    outward = np.array([-down - along, -down + along, down + along, down - along])
    return np.asarray(quad + outward, np.float32)


def across(quad: Quad) -> float:
    """Length along the text in pixels."""
    return float(np.linalg.norm(quad[1] - quad[0]))


def _rows_like(page: Page, told: Line) -> list[list[Quad]]:
    """Detected quads of about the height of ``told``, grouped to rows along its direction, top to bottom."""
    direction = (told.quad[1] - told.quad[0]) / max(1.0, told.width)
    normal = np.array([-direction[1], direction[0]], np.float32)
    placed = []
    for quad in page.quads:
        height = float(np.linalg.norm(quad[3] - quad[0]))
        if _HEIGHTS[0] < height / max(1.0, told.height) < _HEIGHTS[1]:
            placed.append((float(quad.mean(axis=0) @ normal), quad))
    placed.sort(key=lambda item: item[0])
    rows: list[tuple[float, list[Quad]]] = []
    for position, quad in placed:
        if rows and abs(position - rows[-1][0]) < _SAME_PLACE * told.height:
            rows[-1][1].append(quad)
        else:
            rows.append((position, [quad]))
    return [quads for _, quads in rows]


def _is_on(row: Quad, line: Quad) -> bool:
    """Whether ``line`` is part of ``row``."""
    height = float(np.linalg.norm(row[3] - row[0]))
    along = (row[1] - row[0]) / max(1.0, across(row))
    normal = np.array([-along[1], along[0]], np.float32)
    return abs(float((line.mean(axis=0) - row.mean(axis=0)) @ normal)) < _SAME_PLACE * height


def _follows(upper: Quad, lower: Quad) -> bool:
    gap = float(np.linalg.norm(lower[0] - upper[0]))
    height = float(np.linalg.norm(upper[3] - upper[0]))
    return gap < _GAP_HEIGHTS * height and across(upper) > 0.5 * across(lower)


def _merged(row: Sequence[Quad]) -> Quad:
    """One quad around the quads of a row."""
    if len(row) == 1:
        return row[0]
    by_left = sorted(row, key=lambda q: float(q[0, 0]))
    first, last = by_left[0], by_left[-1]
    return np.array([first[0], last[1], last[2], first[3]], np.float32)

"""Rows: lines that stand side by side, and where they end and begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kyc_service.documents.reading.lines import Line
from kyc_service.inference.ocr import Character, Quad

_ROW_OVERLAP = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Lines side by side, from left to right."""

    lines: tuple[Line, ...]

    @property
    def characters(self) -> tuple[Character, ...]:
        """All characters in reading order."""
        return tuple(c for line in self.lines for c in line.characters)

    @property
    def text(self) -> str:
        """All text in reading order, spaces left out."""
        return "".join(line.text for line in self.lines)

    def part(self, start: int, end: int) -> Row:
        """The characters from ``start`` to before ``end``, each line cut to its share."""
        parts, before = [], 0
        for line in self.lines:
            count = len(line.characters)
            low, high = max(0, start - before), min(count, end - before)
            if low < high:
                parts.append(line.part(low, high))
            before += count
        return Row(tuple(parts))

    def without(self, pattern: str) -> Row:
        """What stands after the first match of ``pattern``; the row itself where there is none."""
        found = re.search(pattern, self.text)
        return self if found is None else self.part(found.end(), len(self.text))

    def group(self, pattern: str, group: int | str = 0) -> Row | None:
        """What ``group`` of the first match of ``pattern`` stands on; ``None``: no match, or an empty one."""
        found = re.search(pattern, self.text)
        if found is None or found.start(group) == found.end(group):
            return None
        return self.part(found.start(group), found.end(group))


def group_rows(lines: Iterable[Line]) -> list[Row]:
    """Lines grouped to rows, from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda li: li.middle[1]):
        if rows and _share_a_row(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [Row(tuple(sorted(row, key=lambda li: li.left))) for row in rows]


def with_characters(row: Row, characters: Sequence[Character]) -> Row:
    """``row`` with its characters replaced one by one (same number of them)."""
    lines, before = [], 0
    for line in row.lines:
        count = len(line.characters)
        lines.append(replace(line, characters=tuple(characters[before : before + count])))
        before += count
    return Row(tuple(lines))


def outline(rows: Sequence[Row]) -> Quad:
    """The upright box around all lines of ``rows``, or the line's own quad where there is one only."""
    quads = [line.quad for row in rows for line in row.lines]
    if len(quads) == 1:
        return quads[0]
    points = np.concatenate(quads)
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def _share_a_row(row: list[Line], line: Line) -> bool:
    """Whether the last line's middle stands within half a height of the row's, along a straight, level row."""
    nearest = min(row, key=lambda li: abs(li.middle[0] - line.middle[0]))
    height = min(nearest.height, line.height)
    return abs(nearest.middle[1] - line.middle[1]) < _ROW_OVERLAP * height and not _overlap_across(row, line)


def _overlap_across(row: list[Line], line: Line) -> bool:
    shared = max(min(o.right, line.right) - max(o.left, line.left) for o in row)
    return shared > 0.5 * line.width

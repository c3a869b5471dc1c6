"""Several readings of one zone made one: for each column the character read with the most confidence.

The readings differ in margins and scale alone. Which of them its check digits favour plays no
part. Where readings disagree, the character keeps the share of confidence it won with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import numpy as np

from kyc_service.documents.families.icao_mrz.alphabet import folded
from kyc_service.documents.reading.rows import Row, with_characters
from kyc_service.identifiers.mrz import Holds, column_types, normalise_line
from kyc_service.inference.ocr import Character

_FILLER: Final = "<"
_SHORTEST_RUN: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One reading of a zone: its rows, and their text at the format's width."""

    rows: tuple[Row, ...]
    lines: tuple[str, ...]

    def marks(self, line: int) -> tuple[Character, ...] | None:
        """The characters of ``line`` that are not filler, in the order of its text; ``None``: they are not told apart."""
        found = tuple(c for c in self.rows[line].characters if not _is_filler(c))
        text = "".join(normalise_line(c.text) for c in found)
        return found if text == self.lines[line].replace(_FILLER, "") and len(text) == len(found) else None

    def columns(self, line: int) -> dict[int, Character]:
        """The same by the column each stands in; empty where they are not told apart."""
        marks = iter(self.marks(line) or ())
        return dict(zip((i for i, c in enumerate(self.lines[line]) if c != _FILLER), marks, strict=False))


def voted(readings: Sequence[Reading]) -> Reading:
    """The one reading that ``readings``, of one format, come to: the places and filler are those of the first.

    What comes to the same in a column of its type is no disagreement.
    """
    first = readings[0]
    types = column_types(first.lines)
    outcome = [_voted_line(readings, line, types[line]) for line in range(len(first.lines))]
    return Reading(tuple(row for row, _ in outcome), tuple(text for _, text in outcome))


def columns_across(rows: Sequence[Row]) -> int | None:
    """How many characters wide the widest of ``rows`` is by the pitch of the longest run without filler; ``None``: none is.

    Filler is left out of the pitch, because it is read with gaps.
    """
    runs = [run for row in rows for run in _runs(row.characters)]
    longest = max(runs, key=len, default=())
    ends = [(row.characters[0].position, row.characters[-1].position) for row in rows if row.characters]
    if len(longest) < _SHORTEST_RUN:
        return None
    pitch = (longest[-1].position - longest[0].position) / (len(longest) - 1)
    return round((max(last for _, last in ends) - min(first for first, _ in ends)) / pitch) + 1 if pitch > 0 else None


def _runs(characters: Sequence[Character]) -> Iterator[tuple[Character, ...]]:
    for is_filler, run in groupby(characters, _is_filler):
        if not is_filler:
            yield tuple(run)


def is_on_grid(reading: Reading, line: int, most_off: float) -> bool:
    """Whether every character of ``line`` stands, within ``most_off`` pitches, in the column that its text gives it.

    A character that was lost, or read twice, moves all that follow it by a pitch.
    """
    found = reading.columns(line)
    if not found:
        return False
    columns = np.array(list(found), np.float64)
    places = np.array([c.position for c in found.values()], np.float64)
    if len(found) == 1:
        return True
    pitch, start = np.polyfit(columns, places, 1)
    return bool(np.abs(places - (pitch * columns + start)).max() <= most_off * pitch)


def _voted_line(readings: Sequence[Reading], line: int, types: Sequence[Holds]) -> tuple[Row, str]:
    row, text = readings[0].rows[line], readings[0].lines[line]
    known = [r.columns(line) for r in readings if _has_same_filler(r.lines[line], text)]
    if not known[0]:
        return row, text
    agreeing = [found for found in known if found]
    elected = {column: _elected([found[column] for found in agreeing], types[column]) for column in known[0]}
    after = {id(before): elected[column] for column, before in known[0].items()}
    text = "".join(elected[i].text if i in elected else c for i, c in enumerate(text))
    return with_characters(row, [after.get(id(c), c) for c in row.characters]), text


def _elected(candidates: Sequence[Character], holds: Holds) -> Character:
    """The candidate that was read with most confidence in all, its text as the zone spells it."""
    shares: dict[str, float] = defaultdict(float)
    for candidate in candidates:
        shares[folded(candidate.text, holds)] += candidate.confidence
    winner = max(shares, key=lambda text: shares[text])
    best = max((c for c in candidates if folded(c.text, holds) == winner), key=lambda c: c.confidence)
    share = shares[winner] / max(1e-6, sum(shares.values()))
    losers = tuple((text, 1 - share) for text in shares if text != winner)
    alternatives = (*losers, *best.alternatives)
    return replace(best, text=normalise_line(best.text), confidence=best.confidence * share, alternatives=alternatives)


def _has_same_filler(one: str, other: str) -> bool:
    return [c == _FILLER for c in one] == [c == _FILLER for c in other]


def _is_filler(character: Character) -> bool:
    return not normalise_line(character.text).strip(_FILLER)

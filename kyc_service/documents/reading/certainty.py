"""How sure is sure: below which confidence a field may neither clear nor reject anything.

Chosen by hand above what was seen to be read wrongly, not derived from an error rate. Of 300 drawn
cards in camera scenes of three severities (the generator's ``train`` parameters), those that
were not sent back gave 144 fronts and 113 backs. The surest wrong reading of each field had a
lowest character of 0.96 (name), 0.84 (address), 0.66 (ethnic group), 0.57 (authority), 0.58
(birth date) and 0.96 (first day of validity); no number, last day or sex was read wrongly.
Confidence alone therefore makes no day certain: a birth date or a number that is only middling
sure must agree with the other, a period must be a lawful one and be read twice alike. With none wrong of
144, up to 2.1 % may be (95 %): the limits are not shown to keep errors below one in a thousand.
One generator's drawings: real cards may behave otherwise. A small seeded part of such
degradations, without glare, is ``python -m pytest tests/documents/test_degraded.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from kyc_service.documents.reading.lines import Line
from kyc_service.documents.reading.rows import Row
from kyc_service.domain.document import FieldName

_FILLERS: Final = "<«‹＜"
DEFAULT_LIMIT: Final = 0.80
LIMITS: Final[Mapping[FieldName, float]] = MappingProxyType(
    {FieldName.FULL_NAME: 0.97, FieldName.ADDRESS: 0.90, FieldName.AUTHORITY: 0.90}
)
"""A name is held against its claim character by character, and the recogniser confuses old and
new forms of one character (黃 for 黄) and rare ones with common ones (逢 for 逄, with 0.96)."""


def confidences_of(rows: Sequence[Row]) -> tuple[float, float]:
    """Mean and lowest confidence of all characters; 0, 0 where there are none.

    Filler of a machine-readable zone is left out: how many of a run were seen is not what
    a field says, and its length comes from the format.
    """
    values = [c.confidence for row in rows for c in row.characters if c.text not in _FILLERS]
    return (sum(values) / len(values), min(values)) if values else (0.0, 0.0)


CHECKED_LIMIT: Final = 0.5
"""For fields that check digits cover and confirm. Chosen, not measured."""


_BEYOND_DOUBT: Final = 0.95


_WIDEST_STEP: Final = 1.45
"""In line heights, from one character's middle to the next one's; a Han character with its space takes 0.8."""


def is_gapless(rows: Sequence[Row]) -> bool:
    """Whether no room is left on any line where a character may have been dropped.

    CTC drops what it cannot read without a trace in the confidences of its neighbours:
    only the place where a character should stand shows it.
    """
    return all(_widest_step(line) <= _WIDEST_STEP * line.height for row in rows for line in row.lines)


def _widest_step(line: Line) -> float:
    """The longest way between neighbouring characters, or from half a character inside either end, in pixels."""
    positions = [c.position * line.width for c in line.characters]
    inner = [b - a for a, b in pairwise(positions)]
    return max([*inner, positions[0], line.width - positions[-1]], default=0.0) if positions else 0.0


def is_certain(name: FieldName, lowest: float, *, is_confirmed: bool = False) -> bool:
    """Whether the lowest character of a field called ``name`` is above the limit measured for it.

    ``is_confirmed``: check digits cover the field and hold. They expose a misreading; they
    never choose between readings.
    """
    return lowest >= (CHECKED_LIMIT if is_confirmed else LIMITS.get(name, DEFAULT_LIMIT))


def is_beyond_doubt(rows: Sequence[Row | None]) -> bool:
    """Whether every character is so sure that a value may stand against another one that it contradicts."""
    return confidences_of([row for row in rows if row is not None])[1] >= _BEYOND_DOUBT

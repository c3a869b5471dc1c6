"""What a document is, told from one long line: the number, the period of validity or a machine-readable zone.

These lines are wide, stand on every document of their family and are needed anyway, so
reading the widest lines first tells family and orientation before anything else is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kyc_service.documents.families.cn_resident_card.back import validity_in
from kyc_service.documents.families.cn_resident_card.front import number_in
from kyc_service.documents.reading.lines import Line, Page
from kyc_service.identifiers.mrz import normalise_line

_MIN_ASPECT: Final = 4.5
_MOST_CANDIDATES: Final = 6
_MIN_CONFIDENCE: Final = 0.6
"""Mean confidence a telling line needs, so that upside-down text tells nothing. Chosen, not measured."""
_NUMBER_LENGTHS: Final = range(15, 20)
_MIN_MRZ_LENGTH: Final = 15
_MIN_FILLERS: Final = 3


class AnchorKind(StrEnum):
    """What the line belongs to."""

    CN_FRONT = "cn_front"
    CN_BACK = "cn_back"
    MRZ = "mrz"


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """The line that told, and the page turned so that it stands upright."""

    kind: AnchorKind
    page: Page
    index: int
    line: Line


def find_anchor(page: Page) -> Anchor | None:
    """The first telling line among the widest, over the turns the lines' direction allows."""
    for turns in (0, 2) if page.stands_upright else (3, 1):
        turned = page.turned(turns)
        for index, line in _widest(turned):
            kind = kind_of(line)
            if kind is not None and _confidence(line) >= _MIN_CONFIDENCE:
                return Anchor(kind, turned, index, line)
    return None


def kind_of(line: Line) -> AnchorKind | None:
    """What ``line`` alone tells; ``None``: nothing."""
    if is_mrz_like(line.text):
        return AnchorKind.MRZ
    if validity_in(line) is not None:
        return AnchorKind.CN_BACK
    number = number_in(line)
    if number is not None and len(number.text) in _NUMBER_LENGTHS:
        return AnchorKind.CN_FRONT
    return None


def is_mrz_like(text: str) -> bool:
    """Whether ``text`` looks like a line of a machine-readable zone.

    >>> is_mrz_like("P<UTOERIKSSON<<ANNA<MARIA<<<<<"), is_mrz_like("2016.05.04-2036.05.04")
    (True, False)
    """
    line = normalise_line(text)
    return len(line) >= _MIN_MRZ_LENGTH and line.count("<") >= _MIN_FILLERS


def _widest(page: Page) -> Iterator[tuple[int, Line]]:
    sides = [(float(((q[1] - q[0]) ** 2).sum() ** 0.5), float(((q[3] - q[0]) ** 2).sum() ** 0.5)) for q in page.quads]
    long = [i for i, (across, down) in enumerate(sides) if across > _MIN_ASPECT * down]
    for index in sorted(long, key=lambda i: -sides[i][0])[:_MOST_CANDIDATES]:
        yield index, page.read([index])[0]


def _confidence(line: Line) -> float:
    return sum(c.confidence for c in line.characters) / max(1, len(line.characters))

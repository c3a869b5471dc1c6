"""What a document is, told from one long line: the number, the period of validity or a machine-readable zone.

These lines are wide, stand on every document of their family and are needed anyway, so
reading the widest lines first tells family and orientation before anything else is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kyc_service.documents.families.protocol import Family, Sign
from kyc_service.documents.reading.lines import Line, Page

_MIN_ASPECT: Final = 4.5
_MOST_CANDIDATES: Final = 6
_MIN_CONFIDENCE: Final = 0.6
"""Mean confidence a telling line needs, so that upside-down text tells nothing. Chosen, not measured."""


def find_sign(page: Page, families: Sequence[Family]) -> tuple[Family, Sign] | None:
    """The first line among the widest that tells one of ``families``, over the turns the lines' direction allows."""
    for turns in (0, 2) if page.stands_upright else (3, 1):
        turned = page.turned(turns)
        for index, line in _widest(turned):
            family = told_by(line, families)
            if family is not None:
                return family, Sign(turned, line, index)
    return None


def told_by(line: Line, families: Sequence[Family]) -> Family | None:
    """The family that ``line``, read surely enough, alone tells; ``None``: nothing."""
    if not is_sure(line):
        return None
    return next((family for family in families if family.is_told_by(line)), None)


def _widest(page: Page) -> Iterator[tuple[int, Line]]:
    sides = [(float(((q[1] - q[0]) ** 2).sum() ** 0.5), float(((q[3] - q[0]) ** 2).sum() ** 0.5)) for q in page.quads]
    long = [i for i, (across, down) in enumerate(sides) if across > _MIN_ASPECT * down]
    for index in sorted(long, key=lambda i: -sides[i][0])[:_MOST_CANDIDATES]:
        yield index, page.read([index])[0]


def is_sure(line: Line) -> bool:
    """Whether ``line`` was read surely enough to tell anything."""
    return sum(c.confidence for c in line.characters) / max(1, len(line.characters)) >= _MIN_CONFIDENCE

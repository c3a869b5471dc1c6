"""Whether wrong check digits may come of a misreading.

Recognisers take an O for a 0 with full confidence: numbers and optional data may hold either,
and OCR-B draws them alike. A check digit never decides which it was. But where another
reading, one the recogniser itself had in mind, leaves no check digit wrong, nobody can say
that the zone is a forged one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from kyc_service.identifiers.mrz.checks import failing_check_digits
from kyc_service.identifiers.mrz.formats import layout_of
from kyc_service.identifiers.mrz.repair import Change, changed

_MOST_MISREAD: Final = 2
_MOST_CONSIDERED: Final = 24


def may_be_misread(lines: Sequence[str], alternatives: Sequence[Change]) -> bool:
    """Whether one or two of ``alternatives``, taken instead of what was read, leave no check digit wrong.

    >>> read = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "023145890<UTO7408122F1204159<<<<<<<8")
    >>> may_be_misread(read, [Change(1, 0, "0", "O")]), may_be_misread(read, [])
    (False, False)

    Raises:
        MalformedIdentifier: number, length or alphabet of the lines are of no format.
    """
    layout = layout_of(lines)
    for size in range(1, _MOST_MISREAD + 1):
        for chosen in combinations(alternatives[:_MOST_CONSIDERED], size):
            if not failing_check_digits(layout, changed(lines, chosen)):
                return True
    return False

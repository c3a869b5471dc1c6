"""The back of the Chinese resident identity card: authority and period of validity.

Source: GA 448-2013; the period is printed as 2016.05.04-2036.05.04 or 2016.05.04-长期.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kyc_service.documents.reading.lines import Line
from kyc_service.documents.reading.rows import Row, group_rows, with_characters
from kyc_service.documents.reading.typed import as_date, as_digit
from kyc_service.domain.document import FieldName

_DOT: Final = "[.,·:。]"
_DAY: Final = rf"\d{{4}}{_DOT}?\d{{2}}{_DOT}?\d{{2}}"
VALIDITY: Final = re.compile(
    rf"(?P<fy>\d{{4}}){_DOT}(?P<fm>\d{{2}}){_DOT}(?P<fd>\d{{2}})[-—–一~至]?"
    rf"(?:(?P<open>长期)|(?P<uy>\d{{4}}){_DOT}?(?P<um>\d{{2}}){_DOT}?(?P<ud>\d{{2}}))"
)
_TERMS: Final = (5, 10, 20)
_LEAP_DAY: Final = (2, 29)
_AFTER_LEAP_DAY: Final = ((2, 28), (2, 29), (3, 1))
_AUTHORITY: Final = r"^(?:签发机关|发机关|机关)?(?P<authority>.{2,})$"


@dataclass(frozen=True, slots=True, eq=False)
class CnBack:
    """What stands on the back."""

    validity: Row
    authority: Row | None
    valid_from: date | None
    valid_until: date | None
    is_open: bool
    doubtful: frozenset[FieldName] = frozenset()

    @property
    def is_lawful(self) -> bool:
        """Whether the period is one that is given out: without end, or 5, 10 or 20 years to the day.

        A day without check digit is so covered by the other one.
        """
        if self.valid_from is None or self.is_open:
            return self.valid_from is not None
        return self.valid_until is not None and is_lawful_term(self.valid_from, self.valid_until)

    @property
    def is_complete(self) -> bool:
        """Whether the authority and both days were found."""
        return (
            self.authority is not None
            and self.valid_from is not None
            and (self.is_open or self.valid_until is not None)
        )

    def parts(self) -> tuple[Row | None, Row | None]:
        """What the first and the last day of validity stand on."""
        start = self.validity.group(rf"^{_DAY}")
        end = self.validity.group(rf"(?:长期|{_DAY})$")
        return start, end


def is_lawful_term(start: date, end: date) -> bool:
    """Whether a card may be valid from ``start`` to ``end``.

    >>> is_lawful_term(date(2016, 5, 4), date(2036, 5, 4)), is_lawful_term(date(2016, 5, 4), date(2036, 5, 5))
    (True, False)
    >>> is_lawful_term(date(2020, 2, 29), date(2025, 3, 1))
    True
    """
    is_leap_day = (start.month, start.day) == _LEAP_DAY
    days = _AFTER_LEAP_DAY if is_leap_day else ((start.month, start.day),)
    return end.year - start.year in _TERMS and (end.month, end.day) in days


def validity_in(line: Line) -> Row | None:
    """The period of validity on ``line``; ``None``: there is none."""
    return Row((line,)).group(VALIDITY.pattern)


def parse_back(validity: Row, others: Sequence[Line]) -> CnBack:
    """The fields of a back whose period stands on ``validity``; the authority is the nearest row above it."""
    found = re.search(VALIDITY, validity.text)
    start = as_date(found["fy"], found["fm"], found["fd"]) if found else None
    is_open = bool(found and found["open"])
    end = as_date(found["uy"], found["um"], found["ud"]) if found and not is_open else None
    if start and end and end <= start:
        start, end = None, None
    line = validity.lines[0]
    above = [
        row for row in group_rows(others) if row.text and row.lines[0].middle[1] < line.middle[1] - line.height / 2
    ]
    authority = above[-1].group(_AUTHORITY, "authority") if above else None
    return CnBack(validity, authority, start, end, is_open)


def digits_of(validity: Row) -> Row:
    """The period with its digits read as digits (dots, dash and 长期 as they are)."""
    return with_characters(validity, tuple(as_digit(c) for c in validity.characters))

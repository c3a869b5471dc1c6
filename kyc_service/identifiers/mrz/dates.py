"""Six-digit dates (YYMMDD) and the century they leave out: ICAO Doc 9303 part 3, section 4.8.

A birth date lies in the last hundred years; a date of expiry within fifty years of today on
either side. What is unknown of a birth date is filler, be it day, month or year; a date of
expiry is always known.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from kyc_service.identifiers.errors import ImpossibleDate, MalformedIdentifier

_WHOLE: Final = re.compile(r"[0-9]{6}")
_PARTIAL: Final = re.compile(r"(?:[0-9]{2}|<<)(?:0[1-9]|1[0-2]|<<)(?:0[1-9]|[12][0-9]|3[01]|<<)")
_CENTURY: Final = 100
_EXPIRY_WINDOW_YEARS: Final = 50


def birth_date(text: str, today: date) -> date | None:
    """The date of birth, ``None`` where part of it is filler.

    >>> birth_date("740812", date(2026, 1, 1)), birth_date("250101", date(2026, 1, 1))
    (datetime.date(1974, 8, 12), datetime.date(2025, 1, 1))
    >>> birth_date("74<<<<", date(2026, 1, 1)) is None
    True
    >>> birth_date("741312", date(2026, 1, 1))
    Traceback (most recent call last):
        ...
    kyc_service.identifiers.errors.ImpossibleDate: The identifier holds a date that does not exist or lies ahead.

    Raises:
        MalformedIdentifier: it is neither digits nor filler in the right places.
        ImpossibleDate: no century makes it a date of the calendar that has passed.
    """
    if "<" in text and _PARTIAL.fullmatch(text):
        return None
    if not _WHOLE.fullmatch(text):
        raise MalformedIdentifier
    century = today.year - today.year % _CENTURY
    for first_year in (century, century - _CENTURY):
        found = _date_in(first_year, text)
        if found and found <= today:
            return found
    raise ImpossibleDate


def expiry_date(text: str, today: date) -> date:
    """The date of expiry.

    >>> expiry_date("120415", date(2026, 1, 1)), expiry_date("991231", date(2026, 1, 1))
    (datetime.date(2012, 4, 15), datetime.date(1999, 12, 31))

    Raises:
        MalformedIdentifier: it is not of six digits.
        ImpossibleDate: it is not in the calendar.
    """
    if not _WHOLE.fullmatch(text):
        raise MalformedIdentifier
    year = today.year - (today.year - int(text[:2])) % _CENTURY
    if today.year - year >= _EXPIRY_WINDOW_YEARS:
        year += _CENTURY
    found = _date_in(year - int(text[:2]), text)
    if found is None:
        raise ImpossibleDate
    return found


def _date_in(first_year: int, text: str) -> date | None:
    try:
        return date(first_year + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None

"""Values of single elements: dates, sex, postal code.

Source: AAMVA DL/ID Card Design Standard 2020, D.12.5, tables D.3 and D.4; DL/ID-2000, 6.2.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from kyc_service.domain.document import Sex

_NOT_A_DIGIT: Final = re.compile(r"[^0-9]")
_EIGHT: Final = re.compile(r"[0-9]{8}")
_EARLIEST_YEAR: Final = 1880
_LATEST_YEAR: Final = 2199
_ZIP_PLUS_4: Final = 9
# ANSI D20 has 1, 2 and 9; cards of version 1 also say it in letters.
_SEXES: Final = {"1": Sex.MALE, "2": Sex.FEMALE, "9": Sex.UNSPECIFIED} | {sex.value: sex for sex in Sex}
_DATE_SEPARATORS: Final = re.compile(r"[-/. ]")


def has_year_first(version: int, country: str) -> bool:
    """Whether dates are CCYYMMDD: everywhere in version 1, later in Canada; MMDDCCYY otherwise.

    >>> has_year_first(1, "USA"), has_year_first(8, "CAN"), has_year_first(8, "USA")
    (True, True, False)
    """
    return version <= 1 or country == "CAN"


def read_date(text: str, *, year_first: bool) -> tuple[date | None, bool]:
    """The date, and whether it is in the order asked for.

    No date can be read both ways: a year begins with 18 to 21, a month never does. So the
    other order is a deviation of the issuer's and hides nothing.

    >>> read_date("06061986", year_first=False)
    (datetime.date(1986, 6, 6), True)
    >>> read_date("1986-06-07", year_first=False)
    (datetime.date(1986, 6, 7), False)
    >>> read_date("13131986", year_first=False)
    (None, True)
    """
    digits = _DATE_SEPARATORS.sub("", text)
    if not _EIGHT.fullmatch(digits):
        return None, True
    orders = {True: digits, False: digits[4:] + digits[:4]}
    for order in (year_first, not year_first):
        found = _calendar_day(orders[order])
        if found:
            return found, order is year_first
    return None, True


def read_sex(text: str | None) -> Sex | None:
    """Sex; ``None`` where the element is absent or says nothing known.

    >>> read_sex("1"), read_sex("2"), read_sex("9"), read_sex("7")
    (<Sex.MALE: 'M'>, <Sex.FEMALE: 'F'>, <Sex.UNSPECIFIED: 'X'>, None)
    """
    return _SEXES.get((text or "").upper())


def read_postal_code(text: str | None, country: str) -> str | None:
    """The postal code as it is written, without the padding of the element.

    A United States code whose last four digits are unknown is filled with zeros.

    >>> read_postal_code("232690000", "USA"), read_postal_code("27614-7307", "USA"), read_postal_code("L3B5N9", "CAN")
    ('23269', '27614-7307', 'L3B5N9')
    """
    if text is None or country != "USA":
        return text
    digits = _NOT_A_DIGIT.sub("", text)
    if len(digits) != _ZIP_PLUS_4:
        return text
    return digits[:5] if digits.endswith("0000") else f"{digits[:5]}-{digits[5:]}"


def _calendar_day(digits: str) -> date | None:
    year = int(digits[:4])
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        return None
    try:
        return date(year, int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None

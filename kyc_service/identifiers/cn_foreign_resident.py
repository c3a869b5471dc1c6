"""Numbers of the Chinese Foreign Permanent Resident ID Card (外国人永久居留身份证证件号码).

Version 2023, 18 characters: 9 (a foreigner; citizens' numbers begin with 1 to 8), two
digits of the province where the card was applied for (GB/T 2260), three of nationality
(ISO 3166-1 numeric), eight of birth date, three of sequence (odd for men, even for women)
and a check character by ISO/IEC 7064 MOD 11-2, as in GB 11643.

Version 2017, 15 characters: three letters of nationality (GB/T 2659, alpha-3), four digits
of the office that took the application, six of birth date (YYMMDD), one of sequence and a
check digit. The issuer has published no rule for that digit: the specimen
CAN110081080310 keeps that of ICAO Doc 9303 (weights 7, 3, 1), and so do other readers of
these numbers; until the issuer says so, no number is refused for it.

Source: National Immigration Administration, 新版外国人永久居留身份证适配性改造要点 (2023), points 2
and 3 and table 1 (examples 932682198501010017 and 911124198108030024); for version 2017 the
specimen of the card and 外国人永久居留身份证芯片机读数据项 (2017).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from kyc_service.domain.document import Sex
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import gb11643
from kyc_service.identifiers.errors import (
    ImpossibleDate,
    InvalidIdentifier,
    MalformedIdentifier,
    UnknownRegion,
    WrongCheckDigit,
)
from kyc_service.identifiers.mrz.countries import issuing_country

_FORM_2023: Final = re.compile(r"9[0-9]{16}[0-9X]")
_FORM_2017: Final = re.compile(r"[A-Z]{3}[0-9]{12}")
_SEPARATORS: Final = re.compile(r"[\s\-]+")
_CENTURY: Final = 100
# GB/T 2260, first two digits: the provinces of the mainland, and no others issue the card.
_PROVINCES: Final = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split()  # noqa: SIM905
)
_ERRORS: Final[dict[Reason, type[InvalidIdentifier]]] = {
    Reason.ID_NUMBER_MALFORMED: MalformedIdentifier,
    Reason.ID_NUMBER_CHECK_DIGIT: WrongCheckDigit,
    Reason.ID_NUMBER_IMPOSSIBLE_DATE: ImpossibleDate,
    Reason.ID_NUMBER_UNKNOWN_REGION: UnknownRegion,
}


class CardVersion(StrEnum):
    """Which of the two cards a number belongs to."""

    V2017 = "2017"
    V2023 = "2023"


@dataclass(frozen=True, slots=True)
class ForeignResidentNumber:
    """What a number says.

    ``nationality`` is the three-digit ISO 3166-1 code (2023) or its three letters (2017),
    ``region_code`` the first two (2023) or four (2017) digits of GB/T 2260. ``sex`` is
    ``None`` in version 2017, which has no published digit for it.
    """

    number: str
    version: CardVersion
    nationality: str
    region_code: str
    date_of_birth: date
    sex: Sex | None
    sequence: str


def compact(number: str) -> str:
    """The number without separators, in ASCII capitals.

    >>> compact(" 911124 19810803 0024 "), compact("can110081080310")
    ('911124198108030024', 'CAN110081080310')
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", number)).upper()


def format(number: str) -> str:  # noqa: A001 - the verb every module of the field shares
    """The number as cards print it: without separators.

    >>> format("911124-19810803-0024")
    '911124198108030024'
    """
    return compact(number)


def parse(number: str, today: date) -> ForeignResidentNumber:
    """Read ``number``. Its check character, nationality and region are left to :func:`problems`.

    >>> found = parse("911124198108030024", date(2026, 1, 1))
    >>> found.nationality, found.region_code, found.date_of_birth, found.sex
    ('124', '11', datetime.date(1981, 8, 3), <Sex.FEMALE: 'F'>)
    >>> found = parse("CAN110081080310", date(2026, 1, 1))
    >>> found.nationality, found.region_code, found.date_of_birth, found.sex
    ('CAN', '1100', datetime.date(1981, 8, 3), None)
    >>> parse("811124198108030024", date(2026, 1, 1))
    Traceback (most recent call last):
        ...
    kyc_service.identifiers.errors.MalformedIdentifier: The identifier has not the form that its standard asks for.

    Raises:
        MalformedIdentifier: it has the form of neither version.
        ImpossibleDate: its birth date is not in the calendar.
    """
    text = compact(number)
    version = _version_of(text)
    born = _birth_date(text, version, today)
    if born is None:
        raise ImpossibleDate
    if version is CardVersion.V2017:
        return ForeignResidentNumber(text, version, text[:3], text[3:7], born, None, text[13])
    sex = Sex.MALE if int(text[16]) % 2 else Sex.FEMALE
    return ForeignResidentNumber(text, version, text[3:6], text[1:3], born, sex, text[14:17])


def problems(number: str, today: date) -> tuple[Reason, ...]:
    """Everything that is wrong with ``number``; of one that has neither form, only that.

    >>> problems("932682198501010017", date(2026, 1, 1)), problems("CAN110081080310", date(2026, 1, 1))
    ((), ())
    >>> [str(r) for r in problems("999124198113030024", date(2026, 1, 1))]
    ['id_number_check_digit', 'id_number_impossible_date', 'id_number_unknown_region']
    """
    text = compact(number)
    try:
        version = _version_of(text)
    except MalformedIdentifier:
        return (Reason.ID_NUMBER_MALFORMED,)
    born = _birth_date(text, version, today)
    is_new = version is CardVersion.V2023
    wrong = {
        Reason.ID_NUMBER_MALFORMED: not is_new and issuing_country(text[:3]) is None,
        Reason.ID_NUMBER_CHECK_DIGIT: is_new and text[17] != gb11643.check_character(text[:17]),
        Reason.ID_NUMBER_IMPOSSIBLE_DATE: born is None or born > today,
        Reason.ID_NUMBER_UNKNOWN_REGION: (text[1:3] if is_new else text[3:5]) not in _PROVINCES,
    }
    return tuple(reason for reason, is_wrong in wrong.items() if is_wrong)


def validate(number: str, today: date) -> str:
    """The compact number, when nothing is wrong with it.

    >>> validate("911124198108030024", date(2026, 1, 1))
    '911124198108030024'
    >>> validate("911124198108030025", date(2026, 1, 1))
    Traceback (most recent call last):
        ...
    kyc_service.identifiers.errors.WrongCheckDigit: A check digit of the identifier is wrong.

    Raises:
        InvalidIdentifier: the leaf that names the first problem.
    """
    for reason in problems(number, today):
        raise _ERRORS[reason]
    return compact(number)


def is_valid(number: str, today: date) -> bool:
    """Whether nothing is wrong with ``number``.

    >>> is_valid("911124198108030024", date(2026, 1, 1))
    True
    """
    return not problems(number, today)


def _version_of(text: str) -> CardVersion:
    if _FORM_2023.fullmatch(text):
        return CardVersion.V2023
    if _FORM_2017.fullmatch(text):
        return CardVersion.V2017
    raise MalformedIdentifier


def _birth_date(text: str, version: CardVersion, today: date) -> date | None:
    """Of version 2017, the latest century in which the date has passed."""
    if version is CardVersion.V2023:
        return _calendar_day(int(text[6:10]), text[10:14])
    century = today.year - today.year % _CENTURY
    days = (_calendar_day(first + int(text[7:9]), text[9:13]) for first in (century, century - _CENTURY))
    return next((day for day in days if day and day <= today), None)


def _calendar_day(year: int, month_and_day: str) -> date | None:
    try:
        return date(year, int(month_and_day[:2]), int(month_and_day[2:]))
    except ValueError:
        return None

"""Chinese resident identity numbers (公民身份号码), GB 11643-1999.

Eighteen characters: six digits of region (GB/T 2260, where the holder was first
registered), eight of birth date, three of sequence (odd for men, even for women) and a
check character by ISO/IEC 7064 MOD 11-2, which catches every single wrong digit.

A number says where somebody was first registered, not where they live. Numbers were
first given out in the 1980s to people of every age, so a region code may be younger than
its holder; it can never have been withdrawn before the holder was born. (python-stdnum's
own ``cn.ric`` asks for a code in force in the year of birth and so refuses genuine numbers
of older people; only its table of codes is used here.)

Source: GB 11643-1999; ISO/IEC 7064:2003; region codes and their years from python-stdnum.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum import numdb
from stdnum.iso7064 import mod_11_2

from kyc_service.domain.document import Sex
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers.errors import (
    ImpossibleDate,
    InvalidIdentifier,
    MalformedIdentifier,
    UnknownRegion,
    WrongCheckDigit,
)

_FORM: Final = re.compile(r"[0-9]{17}[0-9X]")
_SEPARATORS: Final = re.compile(r"[\s\-]+")
_PERIOD: Final = re.compile(r"\[[0-9]*-(?P<end>[0-9]*)\]")
# Residence permits of people from Taiwan (港澳台居民居住证, 2018) carry a code that GB/T 2260 lacks.
_TAIWAN_RESIDENTS: Final = "830000"
_ERRORS: Final[dict[Reason, type[InvalidIdentifier]]] = {
    Reason.ID_NUMBER_MALFORMED: MalformedIdentifier,
    Reason.ID_NUMBER_CHECK_DIGIT: WrongCheckDigit,
    Reason.ID_NUMBER_IMPOSSIBLE_DATE: ImpossibleDate,
    Reason.ID_NUMBER_UNKNOWN_REGION: UnknownRegion,
}


@dataclass(frozen=True, slots=True)
class ResidentNumber:
    """What a resident identity number says. ``region_code`` is GB/T 2260, six digits."""

    number: str
    region_code: str
    date_of_birth: date
    sex: Sex
    sequence: str


def compact(number: str) -> str:
    """The number without separators, in ASCII capitals.

    >>> compact(" 110105 19491231 002x ")
    '11010519491231002X'
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", number)).upper()


def format(number: str) -> str:  # noqa: A001 - the verb every module of the field shares
    """The number as cards print it: without separators.

    >>> format("110105-19491231-002x")
    '11010519491231002X'
    """
    return compact(number)


def check_character(digits: str) -> str:
    """The check character that belongs to the first 17 ``digits``.

    >>> check_character("11010519491231002")
    'X'
    """
    return mod_11_2.calc_check_digit(digits)


def parse(number: str) -> ResidentNumber:
    """Read ``number``. Its check character and its region are left to :func:`problems`.

    >>> parse("11010519491231002X").sex
    <Sex.FEMALE: 'F'>
    >>> parse("110105194912310")
    Traceback (most recent call last):
        ...
    kyc_service.identifiers.errors.MalformedIdentifier: The identifier has not the form that its standard asks for.
    >>> parse("110105194913310022")
    Traceback (most recent call last):
        ...
    kyc_service.identifiers.errors.ImpossibleDate: The identifier holds a date that does not exist or lies ahead.

    Raises:
        MalformedIdentifier: it is not 17 digits and a digit or X.
        ImpossibleDate: its birth date is not in the calendar.
    """
    text = compact(number)
    if not _FORM.fullmatch(text):
        raise MalformedIdentifier
    born = _birth_date(text)
    if born is None:
        raise ImpossibleDate
    sex = Sex.MALE if int(text[16]) % 2 else Sex.FEMALE
    return ResidentNumber(text, text[:6], born, sex, text[14:17])


def problems(number: str, today: date) -> tuple[Reason, ...]:
    """Everything that is wrong with ``number``; of one that has not the form, only that.

    >>> problems("11010519491231002X", date(2026, 1, 1))
    ()
    >>> [str(r) for r in problems("990105194913310021", date(2026, 1, 1))]
    ['id_number_check_digit', 'id_number_impossible_date', 'id_number_unknown_region']
    """
    text = compact(number)
    if not _FORM.fullmatch(text):
        return (Reason.ID_NUMBER_MALFORMED,)
    born = _birth_date(text)
    wrong = {
        Reason.ID_NUMBER_CHECK_DIGIT: text[17] != check_character(text[:17]),
        Reason.ID_NUMBER_IMPOSSIBLE_DATE: born is None or born > today,
        Reason.ID_NUMBER_UNKNOWN_REGION: not is_known_region(text[:6], born),
    }
    return tuple(reason for reason, is_wrong in wrong.items() if is_wrong)


def validate(number: str, today: date) -> str:
    """The compact number, when nothing is wrong with it.

    >>> validate("11010519491231002x", date(2026, 1, 1))
    '11010519491231002X'
    >>> validate("110105194912310021", date(2026, 1, 1))
    Traceback (most recent call last):
        ...
    kyc_service.identifiers.errors.WrongCheckDigit: A check digit of the identifier is wrong.
    >>> validate("990105194912310023", date(2026, 1, 1))
    Traceback (most recent call last):
        ...
    kyc_service.identifiers.errors.UnknownRegion: The identifier holds a region code that was never issued.

    Raises:
        InvalidIdentifier: the leaf that names the first problem.
    """
    for reason in problems(number, today):
        raise _ERRORS[reason]
    return compact(number)


def is_valid(number: str, today: date) -> bool:
    """Whether nothing is wrong with ``number``.

    >>> is_valid("11010519491231002X", date(2026, 1, 1))
    True
    """
    return not problems(number, today)


def is_known_region(code: str, born: date | None) -> bool:
    """Whether ``code`` was in force at some time in the life of somebody ``born`` then.

    >>> is_known_region("110103", date(1990, 1, 1)), is_known_region("110103", date(2011, 1, 1))
    (True, False)
    """
    if code == _TAIWAN_RESIDENTS:
        return True
    county = "".join(found.get("county", "") for _, found in numdb.get("cn/loc").info(code))
    return bool(county) and any(_was_in_force(entry, born) for entry in county.split(","))


def _was_in_force(entry: str, born: date | None) -> bool:
    period = _PERIOD.match(entry)
    return born is None or period is None or not period["end"] or int(period["end"]) >= born.year


def _birth_date(text: str) -> date | None:
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None

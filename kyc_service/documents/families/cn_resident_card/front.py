"""The front of the Chinese resident identity card, from its lines of text.

Name, sex and ethnicity, birth date and address stand one below the other to the left of
the portrait, the number below all. Rows are told apart by what they hold and by their
order, so that labels need not be read where the order is plain.

Source: GA 448-2013 (layout), GB 11643-1999 (number).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kyc_service.documents.families.cn_resident_card.ethnicities import ETHNICITIES
from kyc_service.documents.reading.lines import Line
from kyc_service.documents.reading.rows import Row, group_rows, with_characters
from kyc_service.documents.reading.typed import NUMBER_LENGTH, as_date, as_digit, as_name, as_number
from kyc_service.domain.document import FieldName, Sex
from kyc_service.identifiers.gb11643 import check_character

NUMBER: Final = re.compile(r"(?<![0-9])[0-9OoQDIl|SBZ]{14,17}[0-9XxOoIl|×](?![0-9])|[0-9]{12,19}")
LABELS: Final = re.compile(r"姓名|性别|民族|出生|住址|公民身份号码|身份号码|公民身份")
_SEX: Final = r"^(?:性?别)?(?P<sex>[男女])(?:民?族)?(?P<ethnicity>\D{0,6})$"
_BIRTH: Final = r"(?P<y>[0-9OIlSBZ]{4})年(?P<m>[0-9OIlSBZ]{1,2})月(?P<d>[0-9OIlSBZ]{1,2})日?"
_NAME: Final = r"^(?:姓名|名)?(?P<name>.{1,30})$"
_MARK: Final = re.compile(r"样[本张]|SPECIMEN|样[本张]SPECIMEN")
_WIDEST_GAP: Final = 2.5
"""In line heights: what stands farther to the right of a name's last character is no part of it."""
_SEXES: Final = {"男": Sex.MALE, "女": Sex.FEMALE}


@dataclass(frozen=True, slots=True, eq=False)
class CnFront:
    """What stands on the front. Rows where it stands, ``None`` or empty where it was not found.

    ``doubtful``: fields of which light may have eaten a part.
    """

    number: Row
    name: Row | None = None
    sex: Row | None = None
    ethnicity: Row | None = None
    birth: Row | None = None
    address: tuple[Row, ...] = ()
    doubtful: frozenset[FieldName] = frozenset()

    @property
    def is_confirmed(self) -> bool:
        """Whether the number's check character holds and the printed birth date is the one in the number.

        No misreading of one digit passes the first, and two that do must both spare the birth date.
        """
        return (
            self.has_true_check and self.birth_date is not None and self.birth_in_number == f"{self.birth_date:%Y%m%d}"
        )

    @property
    def has_true_check(self) -> bool:
        """Whether the number is whole and its check character holds."""
        text = self.number.text
        return self.has_whole_number and check_character(text[:-1]) == text[-1]

    @property
    def birth_in_number(self) -> str:
        """Year, month and day as the number has them, eight characters."""
        return self.number.text[6:14]

    @property
    def has_whole_number(self) -> bool:
        """Whether the number has the length and the characters of one."""
        text = self.number.text
        return len(text) == NUMBER_LENGTH and text[:-1].isdecimal() and text.isascii() and (text[-1] in "0123456789X")

    @property
    def group_is_known(self) -> bool:
        """Whether the ethnic group is one of the 56."""
        return self.ethnicity is not None and self.ethnicity.text in ETHNICITIES

    @property
    def is_complete(self) -> bool:
        """Whether every field was found in its form."""
        found = self.has_whole_number and self.name is not None and self.sex is not None and bool(self.address)
        return found and self.group_is_known and self.birth_date is not None

    @property
    def has_plain_name(self) -> bool:
        """Whether the name holds no Latin letter and no digit, as all names on this card."""
        return self.name is not None and not any(c.isascii() for c in self.name.text)

    @property
    def birth_date(self) -> date | None:
        """The printed birth date, if it is a real day."""
        found = re.search(_BIRTH, self.birth.text) if self.birth is not None else None
        return as_date(found["y"], found["m"], found["d"]) if found else None

    @property
    def sex_value(self) -> Sex | None:
        """The printed sex."""
        return _SEXES.get(self.sex.text) if self.sex is not None else None


def number_in(line: Line) -> Row | None:
    """The identity number on ``line``, digits read as digits; ``None``: there is none."""
    row = Row((line,))
    found = row.group(NUMBER.pattern)
    return None if found is None else with_characters(found, as_number(found.characters))


def fuller(one: CnFront, other: CnFront) -> CnFront:
    """``one``, what it lacks taken from ``other``, which was read on the same page in another way."""
    number = one.number if one.has_whole_number or not other.has_whole_number else other.number
    return CnFront(
        number=number,
        name=one.name or other.name,
        sex=one.sex if one.sex_value is not None else other.sex,
        ethnicity=one.ethnicity if one.group_is_known else other.ethnicity or one.ethnicity,
        birth=one.birth if one.birth_date is not None else other.birth,
        address=one.address or other.address,
        doubtful=one.doubtful | other.doubtful,
    )


def parse_front(number: Row, above: Sequence[Line]) -> CnFront:
    """The fields of a front whose number stands on ``number`` and whose other lines are ``above`` it.

    ``above`` may hold labels, which are stripped, or leave them out.
    """
    rows = [r for r in group_rows(line for line in above if not _MARK.fullmatch(line.text)) if r.text]
    sex_at = next((i for i, r in enumerate(rows) if re.search(_SEX, r.text)), None)
    birth_at = next((i for i, r in enumerate(rows) if _birth_of(r) is not None), None)
    named = next((i for i, r in enumerate(rows) if r.text.startswith("姓名")), None)
    first_after_name = sex_at if sex_at is not None else _before(birth_at)
    name_at = named if named is not None else _before(first_after_name)
    sex_row = rows[sex_at] if sex_at is not None else None
    address_from = birth_at + 1 if birth_at is not None else len(rows)
    return CnFront(
        number=number,
        name=_name_of(rows[name_at]) if name_at is not None else None,
        sex=sex_row.group(_SEX, "sex") if sex_row else None,
        ethnicity=sex_row.group(_SEX, "ethnicity") if sex_row else None,
        birth=_birth_of(rows[birth_at]) if birth_at is not None else None,
        address=_address(rows[address_from:]),
    )


def _name_of(row: Row) -> Row | None:
    name = _unbroken(row).group(_NAME, "name")
    return None if name is None else with_characters(name, as_name(name.characters))


def _before(index: int | None) -> int | None:
    return index - 1 if index else None


def _unbroken(row: Row) -> Row:
    """The value of ``row`` up to its first wide gap; a label before it may stand apart."""
    lines = [line for line in row.lines if line.text]
    start = 1 if len(lines) > 1 and LABELS.fullmatch(lines[0].text) else 0
    end = start + 1
    while end < len(lines) and lines[end].left - lines[end - 1].right < _WIDEST_GAP * lines[end].height:
        end += 1
    return Row(tuple(lines[start:end]))


def _birth_of(row: Row) -> Row | None:
    found = row.group(_BIRTH)
    return None if found is None else with_characters(found, tuple(as_digit(c) for c in found.characters))


def _address(rows: Sequence[Row]) -> tuple[Row, ...]:
    stripped = (row.without(r"^住?址") for row in rows)
    return tuple(row for row in stripped if row.text)

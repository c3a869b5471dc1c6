"""The Chinese foreign permanent resident ID card, version 2023 (外国人永久居留身份证).

Told by its number (18 characters beginning with 9) together with its bilingual labels. The
issuer has published what stands on the card but not where, so nothing is read by place:
dates are known by their form, the rest by its label. Names and nationality are therefore
never certain, and go to people; the rest is read once, and certain only beyond doubt.

Source: National Immigration Administration, 新版外国人永久居留身份证适配性改造要点 (2023).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from kyc_service.documents.families.cn_resident_card.front import number_in
from kyc_service.documents.families.protocol import Shows, SideReading, Sign
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.reading.certainty import is_beyond_doubt
from kyc_service.documents.reading.fields import field_of
from kyc_service.documents.reading.lines import Line
from kyc_service.documents.reading.rows import Row, group_rows, with_characters
from kyc_service.documents.reading.typed import NUMBER_LENGTH, as_date, as_digit
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading, Sex
from kyc_service.inference.ocr import Quad

_FIRST_DIGIT: Final = "9"
_LABELS: Final = re.compile(r"国籍|Nationality|证件号码|IDNo|永久居留|PermanentResident", re.IGNORECASE)
_FEWEST_LABELS: Final = 2
_DAY: Final = r"\d{4}[.年]\d{2}[.月]\d{2}日?"
_PERIOD: Final = re.compile(rf"(?P<begin>{_DAY})[-—–一~至](?P<end>{_DAY})")
_BIRTH: Final = re.compile(rf"(?<![-—–一~至\d])(?P<birth>{_DAY})(?![-—–一~至\d])")
_SEX: Final = re.compile(r"(?P<sex>[男女])[/／](?P<letter>[MF])")
_NATIONALITY: Final = re.compile(r"[/／](?P<code>[A-Z]{3})$")
_NAME_LABEL: Final = r"^姓名(?:[/／]?Name)?[:：]?"
_SEXES: Final = {("男", "M"): Sex.MALE, ("女", "F"): Sex.FEMALE}
_CHINA: Final = "CHN"


@dataclass(frozen=True, slots=True)
class CnForeignResidentCard:
    """The side with the portrait."""

    name: str = "cn_foreign_permanent_resident_card"

    def is_told_by(self, line: Line) -> bool:
        """See :class:`Family`: citizens' numbers begin with 1 to 8."""
        number = number_in(line)
        return number is not None and len(number.text) == NUMBER_LENGTH and number.text[0] == _FIRST_DIGIT

    def corners(self, sign: Sign) -> Quad | None:
        """See :class:`Family`: nobody has published where the number stands on the card."""
        del sign
        return None

    def read(self, sign: Sign, today: date) -> SideReading | None:
        """See :class:`Family`. A number beginning with 9 without the card's labels is a misread one of another card."""
        del today
        number = number_in(sign.line)
        page = sign.page
        lines = [line for i, line in enumerate(page.read(range(len(page.quads)))) if i != sign.index and line.text]
        labels = {label for line in lines for label in _LABELS.findall(line.text)}
        if number is None or len(labels) < _FEWEST_LABELS:
            return None
        reading = _reading(page.document, number, lines)
        is_whole = None not in (reading.id_number, reading.date_of_birth)
        return SideReading(self.name, Shows.FRONT, page.document, reading, is_whole, lines=tuple(lines))


def _reading(document: LocatedDocument, number: Row, lines: Sequence[Line]) -> DocumentReading:
    rows = group_rows(lines)
    period = _first(rows, _PERIOD.pattern)
    begin, end = (_first([period] if period else [], _PERIOD.pattern, part) for part in ("begin", "end"))
    birth = _first([row for row in rows if not _PERIOD.search(row.text)], _BIRTH.pattern, "birth")
    sex, letter = (_first(rows, _SEX.pattern, part) for part in ("sex", "letter"))
    name, nationality = _name(rows), _first(rows, _NATIONALITY.pattern, "code")
    days = {key: _day(row) for key, row in (("birth", birth), ("begin", begin), ("end", end))}
    fields = [
        _field(document, FieldName.ID_NUMBER, number),
        _field(document, FieldName.DATE_OF_BIRTH, _digits(birth), is_sound=days["birth"] is not None),
        _field(document, FieldName.SEX, sex),
        _field(document, FieldName.VALID_FROM, _digits(begin), is_sound=days["begin"] is not None),
        _field(document, FieldName.VALID_UNTIL, _digits(end), is_sound=days["end"] is not None),
        _field(document, FieldName.FULL_NAME, name, is_sound=False),
        _field(document, FieldName.NATIONALITY, nationality, is_sound=False),
    ]
    return DocumentReading(
        document_type=DocumentType.CN_FOREIGN_PERMANENT_RESIDENT_CARD,
        issuing_country=_CHINA,
        fields=tuple(field for field in fields if field is not None),
        full_name=name.text if name is not None else None,
        sex=_SEXES.get((sex.text, letter.text)) if sex is not None and letter is not None else None,
        date_of_birth=days["birth"],
        id_number=number.text,
        valid_from=days["begin"],
        valid_until=days["end"],
        printed_lines=tuple(line.text for line in lines),
        captures=frozenset({document.region.capture}),
    )


def _field(
    document: LocatedDocument, name: FieldName, row: Row | None, *, is_sound: bool = True
) -> FieldReading | None:
    return field_of(document, name, [row], is_sound=is_sound and is_beyond_doubt([row]))


def _first(rows: Sequence[Row], pattern: str, group: str | int = 0) -> Row | None:
    return next((found for row in rows if (found := row.group(pattern, group)) is not None), None)


def _name(rows: Sequence[Row]) -> Row | None:
    """What stands beside the label of the name, or on the row below it."""
    for row, below in pairwise([*rows, None]):
        if row is not None and re.match(_NAME_LABEL, row.text):
            beside = row.without(_NAME_LABEL)
            return beside if beside.text else below
    return None


def _digits(row: Row | None) -> Row | None:
    return None if row is None else with_characters(row, tuple(as_digit(c) for c in row.characters))


def _day(row: Row | None) -> date | None:
    numbers = re.findall(r"\d+", row.text) if row is not None else []
    return as_date(numbers[0], numbers[1], numbers[2]) if numbers else None

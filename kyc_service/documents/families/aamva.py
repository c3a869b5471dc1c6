"""North American driving licences and identity cards, by the AAMVA card design standard.

The back's PDF417 says everything, error-corrected; the front is told by its print as a whole
and gives what stands beside its labels, to be held against the barcode. Jurisdictions lay
their fronts out as they like, so nothing is read by place, and a front alone proves little. Licences and
identity cards share the layout and the rules, and are one type here
(:attr:`DocumentType.DRIVING_LICENCE`): which of them a card is, its barcode says.

Source: AAMVA DL/ID Card Design Standard 2020, annexes A (labels of the front) and D (PDF417).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kyc_service.documents.families.protocol import Shows, SideReading
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.reading.certainty import is_beyond_doubt
from kyc_service.documents.reading.fields import field_of
from kyc_service.documents.reading.lines import Line, Page
from kyc_service.documents.reading.rows import Row
from kyc_service.documents.reading.typed import as_date
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.identifiers import aamva
from kyc_service.identifiers.errors import MalformedIdentifier
from kyc_service.inference.barcode import Barcode

_TITLE: Final = re.compile(
    r"(?:DRIVER|OPERATOR)['’]?S?LICEN[CS]E|IDENTIFICATIONCARD|IDENTITYCARD|LICEN[CS]E/?PERMIS", re.IGNORECASE
)
_FILE_TYPES: Final = ("ANSI ", "AAMVA")
_LABELS: Final = re.compile(r"DOB|EXP|ISS|SEX|HGT|EYES|CLASS|DLN|LIC#|DD", re.IGNORECASE)
_FEWEST_LABELS: Final = 3
_DAY: Final = r"(?P<value>(?P<m>\d{2})[/.-](?P<d>\d{2})[/.-](?P<y>\d{4}))"
_DATES: Final = {
    FieldName.DATE_OF_BIRTH: re.compile(rf"(?:^3|DOB|BIRTH)\D{{0,6}}{_DAY}", re.IGNORECASE),
    FieldName.VALID_FROM: re.compile(rf"(?:^4a|ISS)\D{{0,6}}{_DAY}", re.IGNORECASE),
    FieldName.VALID_UNTIL: re.compile(rf"(?:^4b|EXP)\D{{0,6}}{_DAY}", re.IGNORECASE),
}
_NUMBER: Final = re.compile(
    r"(?:^4d(?:LIC#|DLN?|IDN?|NO\.?)?|LIC#|DLN|LICENSENO\.?|^DL)[:#]?(?P<value>[A-Z0-9-]{5,20})$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class AamvaCard:
    """Both sides: the one with the barcode, and the one with the portrait."""

    name: str = "aamva"

    def read_barcode(self, document: LocatedDocument, barcode: Barcode, today: date) -> SideReading | None:
        """See :class:`BarcodeFamily`. A payload that only looks like one of this family's is kept, to be judged."""
        text = aamva.decode(barcode.payload)
        try:
            reading = _said(document, barcode, text, aamva.parse(text, today))
        except MalformedIdentifier:
            if not any(file_type in text for file_type in _FILE_TYPES):
                return None
            reading = _unparsed(document, barcode, text)
        return SideReading(self.name, Shows.EITHER, document, reading, is_whole=True)

    def read(self, page: Page, lines: Sequence[Line], today: date) -> SideReading | None:
        """See :class:`PrintFamily`."""
        del today
        text = [line.text for line in lines]
        labels = {label.upper() for line in text for label in _LABELS.findall(line)}
        if not any(_TITLE.search(line) for line in text) or len(labels) < _FEWEST_LABELS:
            return None
        reading = _printed(page.document, lines)
        return SideReading(self.name, Shows.FRONT, page.document, reading, is_whole=True, lines=tuple(lines))


def _said(document: LocatedDocument, barcode: Barcode, text: str, card: aamva.Card) -> DocumentReading:
    name = card.name.full if card.name is not None else None
    values = {
        FieldName.BARCODE: text,
        FieldName.FULL_NAME: name,
        FieldName.DOCUMENT_NUMBER: card.number,
        FieldName.DATE_OF_BIRTH: _iso(card.date_of_birth),
        FieldName.SEX: card.sex.value if card.sex is not None else None,
        FieldName.ADDRESS: card.address,
        FieldName.VALID_FROM: _iso(card.date_of_issue),
        FieldName.VALID_UNTIL: _iso(card.date_of_expiry),
        FieldName.ISSUING_COUNTRY: card.country,
    }
    return DocumentReading(
        document_type=DocumentType.DRIVING_LICENCE,
        issuing_country=card.country,
        fields=tuple(_in_symbol(document, barcode, key, value) for key, value in values.items() if value),
        full_name=name,
        sex=card.sex,
        date_of_birth=card.date_of_birth,
        address=card.address,
        valid_from=card.date_of_issue,
        valid_until=card.date_of_expiry,
        barcode=text,
        captures=frozenset({document.region.capture}),
    )


def _unparsed(document: LocatedDocument, barcode: Barcode, text: str) -> DocumentReading:
    """A payload that names its standard and does not keep to it."""
    return DocumentReading(
        document_type=DocumentType.DRIVING_LICENCE,
        issuing_country=None,
        fields=(_in_symbol(document, barcode, FieldName.BARCODE, text),),
        barcode=text,
        captures=frozenset({document.region.capture}),
    )


def _in_symbol(document: LocatedDocument, barcode: Barcode, name: FieldName, text: str) -> FieldReading:
    """Certain: the symbol's error correction either restores every byte or gives none."""
    region = document.region_of(barcode.quad, name.value)
    return FieldReading(name, document.region.capture, text, 1.0, 1.0, region, is_certain=True)


def _printed(document: LocatedDocument, lines: Sequence[Line]) -> DocumentReading:
    """What stands beside the front's labels; values that stand below theirs are left to the barcode.

    No check digit covers them and each is read once: they are certain only beyond doubt.
    """
    number = _value(lines, _NUMBER)
    rows = {name: _value(lines, pattern) for name, pattern in _DATES.items()}
    days = {name: _day(lines, pattern) for name, pattern in _DATES.items()}
    fields = [
        field_of(document, FieldName.DOCUMENT_NUMBER, [number], is_sound=is_beyond_doubt([number])),
        *(
            field_of(document, name, [row], is_sound=days[name] is not None and is_beyond_doubt([row]))
            for name, row in rows.items()
        ),
    ]
    return DocumentReading(
        document_type=DocumentType.DRIVING_LICENCE,
        issuing_country=None,
        fields=tuple(field for field in fields if field is not None),
        date_of_birth=days[FieldName.DATE_OF_BIRTH],
        valid_from=days[FieldName.VALID_FROM],
        valid_until=days[FieldName.VALID_UNTIL],
        printed_lines=tuple(line.text for line in lines if line.text),
        captures=frozenset({document.region.capture}),
    )


def _value(lines: Sequence[Line], pattern: re.Pattern[str]) -> Row | None:
    """What ``pattern`` finds on the first line it is met on."""
    for line in lines:
        found = pattern.search(line.text)
        if found is not None:
            return Row((line,)).part(found.start("value"), found.end("value"))
    return None


def _day(lines: Sequence[Line], pattern: re.Pattern[str]) -> date | None:
    found = next((match for line in lines if (match := pattern.search(line.text))), None)
    return as_date(found["y"], found["m"], found["d"]) if found is not None else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None

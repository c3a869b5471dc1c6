"""The Chinese resident identity card, second generation (GA 448-2013): front and back.

Front and back are told by different lines, so each is a family of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from kyc_service.documents.families.cn_resident_card.back import CnBack, validity_in
from kyc_service.documents.families.cn_resident_card.ethnicities import ETHNICITIES
from kyc_service.documents.families.cn_resident_card.front import CnFront, number_in
from kyc_service.documents.families.cn_resident_card.places import (
    card_around_number,
    card_around_validity,
    read_cn_back,
    read_cn_front,
)
from kyc_service.documents.families.protocol import Shows, SideReading, Sign
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.reading.fields import field_of
from kyc_service.documents.reading.lines import Line
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.inference.ocr import Quad

_CHINA: Final = "CHN"
_NUMBER_LENGTHS: Final = range(15, 20)
_PORTRAIT: Final = ((0.58, 0.06), (1.0, 0.80))
"""Left top and right bottom as shares of the card: the portrait with a margin, for the frame is only as good as a line's ends."""


@dataclass(frozen=True, slots=True)
class CnResidentCardFront:
    """The side with portrait, name and number."""

    name: str = "cn_resident_identity_card.front"

    def is_told_by(self, line: Line) -> bool:
        """See :class:`Family`: a number of about 18 characters, and no period of validity."""
        number = number_in(line)
        return number is not None and len(number.text) in _NUMBER_LENGTHS and validity_in(line) is None

    def corners(self, sign: Sign) -> Quad | None:
        """See :class:`Family`."""
        return card_around_number(sign.line)

    def read(self, sign: Sign, today: date) -> SideReading | None:
        """See :class:`Family`."""
        del today
        front = read_cn_front(sign)
        document = sign.page.document
        reading = _front_reading(document, front)
        corners = card_around_number(front.number.lines[0])
        return SideReading(
            family=self.name,
            shows=Shows.FRONT,
            document=document,
            reading=reading,
            is_whole=None not in (reading.id_number, reading.full_name, reading.date_of_birth),
            corners=corners,
            portrait=None if corners is None else _part_of(corners, _PORTRAIT),
        )


@dataclass(frozen=True, slots=True)
class CnResidentCardBack:
    """The side with emblem, issuing authority and period of validity."""

    name: str = "cn_resident_identity_card.back"

    def is_told_by(self, line: Line) -> bool:
        """See :class:`Family`."""
        return validity_in(line) is not None

    def corners(self, sign: Sign) -> Quad | None:
        """See :class:`Family`."""
        return card_around_validity(sign.line)

    def read(self, sign: Sign, today: date) -> SideReading | None:
        """See :class:`Family`."""
        del today
        back = read_cn_back(sign)
        if back is None:
            return None
        document = sign.page.document
        reading = _back_reading(document, back)
        corners = card_around_validity(back.validity.lines[0])
        return SideReading(self.name, Shows.BACK, document, reading, reading.valid_from is not None, corners)


def _part_of(corners: Quad, part: tuple[tuple[float, float], tuple[float, float]]) -> Quad:
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    (left, top), (right, bottom) = part
    places = ((left, top), (right, top), (right, bottom), (left, bottom))
    return np.array([corners[0] + across * x + down * y for x, y in places], np.float32)


def _front_reading(document: LocatedDocument, front: CnFront) -> DocumentReading:
    group_is_known = front.ethnicity is not None and front.ethnicity.text in ETHNICITIES
    fields = [
        field_of(document, FieldName.FULL_NAME, [front.name], is_sound=front.has_plain_name),
        field_of(document, FieldName.SEX, [front.sex]),
        field_of(document, FieldName.ETHNICITY, [front.ethnicity], is_sound=group_is_known),
        field_of(document, FieldName.DATE_OF_BIRTH, [front.birth], is_sound=front.birth_date is not None),
        field_of(document, FieldName.ADDRESS, front.address),
        field_of(document, FieldName.ID_NUMBER, [front.number], is_sound=front.has_whole_number),
    ]
    return DocumentReading(
        document_type=DocumentType.CN_RESIDENT_IDENTITY_CARD,
        issuing_country=_CHINA,
        fields=tuple(f for f in fields if f is not None),
        full_name=front.name.text if front.name else None,
        sex=front.sex_value,
        date_of_birth=front.birth_date,
        id_number=front.number.text if front.has_whole_number else None,
        address="".join(row.text for row in front.address) or None,
    )


def _back_reading(document: LocatedDocument, back: CnBack) -> DocumentReading:
    is_dated = back.valid_from is not None and (back.is_open or back.valid_until is not None)
    start, end = back.parts()
    fields = [
        field_of(document, FieldName.AUTHORITY, [back.authority]),
        field_of(document, FieldName.VALID_FROM, [start], is_sound=is_dated),
        field_of(document, FieldName.VALID_UNTIL, [end], is_sound=is_dated),
    ]
    return DocumentReading(
        document_type=DocumentType.CN_RESIDENT_IDENTITY_CARD,
        issuing_country=_CHINA,
        fields=tuple(f for f in fields if f is not None),
        valid_from=back.valid_from,
        valid_until=back.valid_until,
        valid_until_is_open=back.is_open and back.valid_from is not None,
    )

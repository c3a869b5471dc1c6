"""The Chinese resident identity card, second generation (GA 448-2013): front and back.

Front and back are told by different lines, so each is a family of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from kyc_service.documents.families.cn_resident_card.back import CnBack, validity_in
from kyc_service.documents.families.cn_resident_card.by_place import (
    back_by_place,
    front_by_place,
    number_again,
    number_line,
    validity_line,
)
from kyc_service.documents.families.cn_resident_card.front import CnFront, fuller, number_in
from kyc_service.documents.families.cn_resident_card.layout import BACK, FRONT
from kyc_service.documents.families.cn_resident_card.places import (
    card_around_number,
    card_around_validity,
    read_cn_back,
    read_cn_front,
)
from kyc_service.documents.families.protocol import Shows, SideReading, Sign
from kyc_service.documents.finding.face import Face
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.reading.certainty import is_beyond_doubt
from kyc_service.documents.reading.fields import field_of
from kyc_service.documents.reading.lines import Line, Page
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.inference.ocr import Quad

_CHINA: Final = "CHN"
_NUMBER_LENGTHS: Final = range(15, 20)
_FOREIGNERS: Final = "9"
"""What numbers of foreign permanent residents begin with; citizens' begin with 1 to 8."""
_PORTRAIT: Final = ((0.58, 0.06), (1.0, 0.80))
"""Left top and right bottom as shares of the card: the portrait with a margin, for the frame is only as good as a line's ends."""

_NUMBER_CELLS: Final = ((0.322, 0.832), (0.840, 0.906))
_PORTRAIT_PRINT: Final = ((0.638, 0.141), (0.924, 0.715))


@dataclass(frozen=True, slots=True)
class CnResidentCardFront:
    """The side with portrait, name and number."""

    name: str = "cn_resident_identity_card.front"

    @property
    def face(self) -> Face:
        """See :class:`PlacedFamily`."""
        return FRONT

    def sign(self, page: Page) -> Sign | None:
        """See :class:`PlacedFamily`."""
        line = number_line(page)
        return Sign(page, line) if self.is_told_by(line) else None

    def is_told_by(self, line: Line) -> bool:
        """See :class:`Family`: a number of about 18 characters, and no period of validity."""
        number = number_in(line)
        if number is None or number.text.startswith(_FOREIGNERS):
            return False
        return len(number.text) in _NUMBER_LENGTHS and validity_in(line) is None

    def corners(self, sign: Sign) -> Quad | None:
        """See :class:`Family`."""
        return card_around_number(sign.line)

    def read(self, sign: Sign, today: date) -> SideReading | None:
        """See :class:`Family`."""
        del today
        front = _front(sign)
        document = sign.page.document
        reading = _front_reading(document, front)
        corners = _page_corners(sign.page) if sign.index is None else card_around_number(front.number.lines[0])
        return SideReading(
            family=self.name,
            shows=Shows.FRONT,
            document=document,
            reading=reading,
            is_whole=_is_whole(reading),
            corners=corners,
            portrait=None if corners is None else _part_of(corners, _PORTRAIT),
            number=None if corners is None else _part_of(corners, _NUMBER_CELLS),
            portrait_print=None if corners is None else _part_of(corners, _PORTRAIT_PRINT),
        )


@dataclass(frozen=True, slots=True)
class CnResidentCardBack:
    """The side with emblem, issuing authority and period of validity."""

    name: str = "cn_resident_identity_card.back"

    @property
    def face(self) -> Face:
        """See :class:`PlacedFamily`."""
        return BACK

    def sign(self, page: Page) -> Sign | None:
        """See :class:`PlacedFamily`."""
        line = validity_line(page)
        return Sign(page, line) if self.is_told_by(line) else None

    def is_told_by(self, line: Line) -> bool:
        """See :class:`Family`."""
        return validity_in(line) is not None

    def corners(self, sign: Sign) -> Quad | None:
        """See :class:`Family`."""
        return card_around_validity(sign.line)

    def read(self, sign: Sign, today: date) -> SideReading | None:
        """See :class:`Family`."""
        del today
        back = _back(sign)
        if back is None:
            return None
        document = sign.page.document
        reading = _back_reading(document, back)
        corners = _page_corners(sign.page) if sign.index is None else card_around_validity(back.validity.lines[0])
        return SideReading(self.name, Shows.BACK, document, reading, reading.valid_from is not None, corners)


def _front(sign: Sign) -> CnFront:
    """By places where the line was found so, by all lines where that left a doubt."""
    front = _front_read(sign)
    if (
        front.is_confirmed
        or not front.has_whole_number
        or number_again(sign.page, front.number.lines[0]) == front.number.text
    ):
        return front
    return replace(front, doubtful=front.doubtful | {FieldName.ID_NUMBER})


def _front_read(sign: Sign) -> CnFront:
    placed = front_by_place(sign.page, sign.line) if sign.index is None else None
    if placed is not None and placed.is_complete:
        return placed
    searched = read_cn_front(sign)
    return searched if placed is None else fuller(placed, searched)


def _back(sign: Sign) -> CnBack | None:
    placed = back_by_place(sign.page, sign.line) if sign.index is None else None
    if placed is not None and placed.is_complete:
        return placed
    searched = read_cn_back(sign)
    if searched is None or placed is None:
        # Found by lines alone, the period was read once and nothing looked for light over it.
        return placed if searched is None else replace(searched, doubtful=searched.doubtful | {FieldName.VALID_UNTIL})
    return replace(searched, doubtful=searched.doubtful | placed.doubtful)


def _part_of(corners: Quad, part: tuple[tuple[float, float], tuple[float, float]]) -> Quad:
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    (left, top), (right, bottom) = part
    places = ((left, top), (right, top), (right, bottom), (left, bottom))
    return np.array([corners[0] + across * x + down * y for x, y in places], np.float32)


def _is_whole(reading: DocumentReading) -> bool:
    """Whether every field that no other check can do without was found on a front."""
    needed = (reading.id_number, reading.full_name, reading.date_of_birth, reading.sex, reading.address)
    return None not in needed


def _page_corners(page: Page) -> Quad:
    width, height = page.size
    return np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)


def _front_reading(document: LocatedDocument, front: CnFront) -> DocumentReading:
    whole = {name: name not in front.doubtful for name in FieldName}
    is_contradicted = front.has_true_check and not front.is_confirmed
    name_is_sound = front.has_plain_name and whole[FieldName.FULL_NAME]
    birth_is_sound = front.birth_date is not None and (not is_contradicted or is_beyond_doubt([front.birth]))
    # A wrong check character is far oftener a misreading than a forgery: only a reading beyond doubt may accuse.
    number_may_accuse = front.has_true_check or is_beyond_doubt([front.number])
    number_is_sound = front.has_whole_number and whole[FieldName.ID_NUMBER] and number_may_accuse
    fields = [
        field_of(document, FieldName.FULL_NAME, [front.name], is_sound=name_is_sound),
        field_of(document, FieldName.SEX, [front.sex]),
        field_of(document, FieldName.ETHNICITY, [front.ethnicity], is_sound=front.group_is_known),
        field_of(
            document, FieldName.DATE_OF_BIRTH, [front.birth], is_sound=birth_is_sound, is_confirmed=front.is_confirmed
        ),
        field_of(document, FieldName.ADDRESS, front.address, is_sound=whole[FieldName.ADDRESS]),
        field_of(
            document, FieldName.ID_NUMBER, [front.number], is_sound=number_is_sound, is_confirmed=front.is_confirmed
        ),
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
    is_dated = back.is_lawful and FieldName.VALID_UNTIL not in back.doubtful
    start, end = back.parts()
    fields = [
        field_of(document, FieldName.AUTHORITY, [back.authority], is_sound=FieldName.AUTHORITY not in back.doubtful),
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

"""From what stands on a side to a :class:`DocumentReading`: fields with confidence and place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kyc_service.documents.families.cn_resident_card.back import CnBack
from kyc_service.documents.families.cn_resident_card.ethnicities import ETHNICITIES
from kyc_service.documents.families.cn_resident_card.front import CnFront
from kyc_service.documents.families.icao_mrz.alphabet import in_zone
from kyc_service.documents.families.icao_mrz.zone import MrzZone
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.reading.certainty import confidences_of, is_certain, is_gapless
from kyc_service.documents.reading.rows import Row, outline
from kyc_service.documents.side import Side
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.identifiers.mrz import Mrz, issuing_country

_CHINA: Final = "CHN"
_FREE_TEXT: Final = frozenset({FieldName.FULL_NAME, FieldName.ADDRESS, FieldName.AUTHORITY})
_CHECKED: Final = frozenset({FieldName.DOCUMENT_NUMBER, FieldName.DATE_OF_BIRTH, FieldName.VALID_UNTIL})
_TYPES: Final = {"P": DocumentType.PASSPORT, "V": DocumentType.VISA}


def reading_of(side: Side) -> DocumentReading | None:
    """What ``side`` says; ``None`` where it belongs to no family that is read."""
    if side.document is None:
        return None
    if side.front is not None:
        return _front(side, side.document, side.front)
    if side.back is not None:
        return _back(side, side.document, side.back)
    if side.zone is not None and side.zone.fields is not None:
        return _zone(side, side.document, side.zone, side.zone.fields)
    return None


def _front(side: Side, document: LocatedDocument, front: CnFront) -> DocumentReading:
    field = _FieldsOf(side, document)
    group_is_known = front.ethnicity is not None and front.ethnicity.text in ETHNICITIES
    fields = [
        field.of(FieldName.FULL_NAME, [front.name], is_sound=front.has_plain_name),
        field.of(FieldName.SEX, [front.sex]),
        field.of(FieldName.ETHNICITY, [front.ethnicity], is_sound=group_is_known),
        field.of(FieldName.DATE_OF_BIRTH, [front.birth], is_sound=front.birth_date is not None),
        field.of(FieldName.ADDRESS, front.address),
        field.of(FieldName.ID_NUMBER, [front.number], is_sound=front.has_whole_number),
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


def _back(side: Side, document: LocatedDocument, back: CnBack) -> DocumentReading:
    field = _FieldsOf(side, document)
    is_dated = back.valid_from is not None and (back.is_open or back.valid_until is not None)
    start, end = back.parts()
    fields = [
        field.of(FieldName.AUTHORITY, [back.authority]),
        field.of(FieldName.VALID_FROM, [start], is_sound=is_dated),
        field.of(FieldName.VALID_UNTIL, [end], is_sound=is_dated),
    ]
    return DocumentReading(
        document_type=DocumentType.CN_RESIDENT_IDENTITY_CARD,
        issuing_country=_CHINA,
        fields=tuple(f for f in fields if f is not None),
        valid_from=back.valid_from,
        valid_until=back.valid_until,
        valid_until_is_open=back.is_open and back.valid_from is not None,
    )


def _zone(side: Side, document: LocatedDocument, zone: MrzZone, fields: Mrz) -> DocumentReading:
    """Every value comes from the zone, so every field stands where the zone stands."""
    name = f"{fields.surname} {fields.given_names}".strip()
    rows = [in_zone(row, holds_letters_only=row in zone.name_rows) for row in zone.rows]
    named = [row for row, found in zip(rows, zone.rows, strict=True) if found in zone.name_rows]
    coded = [row for row, found in zip(rows, zone.rows, strict=True) if found in zone.coded_rows] or rows
    sources: dict[FieldName, tuple[Sequence[Row], str]] = {
        FieldName.MRZ: (rows, "\n".join(zone.lines)),
        FieldName.FULL_NAME: (named, name),
        FieldName.DOCUMENT_NUMBER: (coded, fields.document_number),
        FieldName.ISSUING_COUNTRY: (rows[:1], fields.issuing_state),
        FieldName.NATIONALITY: (coded, fields.nationality),
        FieldName.SEX: (coded, fields.sex.value),
        FieldName.DATE_OF_BIRTH: (coded, fields.date_of_birth.isoformat() if fields.date_of_birth else ""),
        FieldName.VALID_UNTIL: (coded, fields.date_of_expiry.isoformat() if fields.date_of_expiry else ""),
    }
    field = _FieldsOf(side, document)
    is_form_kept = not fields.malformed
    read = [
        field.of(key, where, text=text, is_sound=is_form_kept, is_confirmed=key in _CHECKED and not fields.failed)
        for key, (where, text) in sources.items()
        if text
    ]
    return DocumentReading(
        document_type=_TYPES.get(fields.document_code[:1], DocumentType.IDENTITY_CARD),
        issuing_country=issuing_country(fields.issuing_state),
        fields=tuple(f for f in read if f is not None),
        full_name=name or None,
        sex=fields.sex,
        date_of_birth=fields.date_of_birth,
        valid_until=fields.date_of_expiry,
        mrz_lines=zone.lines,
        printed_lines=tuple(line.text for line in side.lines if line.text),
    )


class _FieldsOf:
    """Makes the fields of one side."""

    def __init__(self, side: Side, document: LocatedDocument) -> None:
        self._side = side
        self._document = document

    def of(
        self,
        name: FieldName,
        rows: Sequence[Row | None],
        *,
        text: str | None = None,
        is_sound: bool = True,
        is_confirmed: bool = False,
    ) -> FieldReading | None:
        """The field called ``name`` on ``rows``; ``None`` where nothing stands there. Without ``is_sound``, uncertain."""
        found = [row for row in rows if row is not None and row.characters]
        if not found:
            return None
        mean, lowest = confidences_of(found)
        return FieldReading(
            name=name,
            capture=self._side.capture,
            text="".join(row.text for row in found) if text is None else text,
            confidence=mean,
            min_confidence=lowest,
            region=self._document.region_of(outline(found), name.value),
            is_certain=is_sound
            and (name not in _FREE_TEXT or self._side.zone is not None or is_gapless(found))
            and is_certain(name, lowest, is_confirmed=is_confirmed),
        )

"""The document against the claims: name, birth date, number, type, country. Equal or not, never alike."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from kyc_service.consistency.applicability import (
    has_barcode_instead_of_mrz,
    is_foreign_resident_card,
    is_resident_card,
)
from kyc_service.consistency.names import NameMatch, WrittenName, match_name
from kyc_service.consistency.sources import captures_of, evidence_of, unread, weighed, without_document
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import aamva, gb11643, mrz
from kyc_service.identifiers.errors import InvalidIdentifier, MalformedIdentifier

_REASONS: Final[dict[NameMatch, tuple[Reason, ...]]] = {
    NameMatch.EXACT: (),
    NameMatch.NORMALISED: (),
    NameMatch.TRANSLITERATED: (Reason.NAME_MATCHES_NORMALISED,),
    NameMatch.REORDERED: (Reason.NAME_MATCHES_NORMALISED,),
    NameMatch.DIFFERENT: (Reason.NAME_MISMATCH,),
}
_NOT_ALPHANUMERIC: Final = re.compile(r"[^0-9A-Z]")


def measure(document: DocumentReading | None, claims: Claims, today: date) -> tuple[Measurement, ...]:
    """``document.data_comparison``: five checks, always all of them."""
    if document is None:
        return without_document(
            CheckName.NAME_COMPARISON,
            CheckName.DATE_OF_BIRTH_COMPARISON,
            CheckName.ID_NUMBER_COMPARISON,
            CheckName.DOCUMENT_TYPE_COMPARISON,
            CheckName.ISSUING_COUNTRY_COMPARISON,
        )
    return (
        _name(document, claims.full_name, today),
        _birth_date(document, claims.date_of_birth),
        _id_number(document, claims.id_number, today),
        _document_type(document, claims),
        _issuing_country(document, claims.issuing_country),
    )


def _not_provided(check: CheckName) -> NotAssessed:
    return NotAssessed(check, Reason.NOT_PROVIDED, "not claimed")


def _name(document: DocumentReading, claimed: str | None, today: date) -> Measurement:
    check, name = CheckName.NAME_COMPARISON, FieldName.FULL_NAME
    if claimed is None or not claimed.strip():
        return _not_provided(check)
    written = _written_name(document, today)
    if written is None and not document.full_name:
        return unread(document, check, name)
    found = match_name(claimed, document.full_name, written)
    captures = captures_of(document, name)
    if found is NameMatch.INCOMPARABLE:
        return NotAssessed(check, Reason.FACT_UNKNOWN, "the claim is in another script than the document", captures)
    printed = document.full_name or (written.whole if written else None)
    evidence = evidence_of(document, [name], mode=found.value, claimed=claimed, document=printed)
    return weighed(document, [name], Finding(check, _REASONS[found], captures, evidence))


def _written_name(document: DocumentReading, today: date) -> WrittenName | None:
    zone = _zone(document, today)
    if zone:
        return WrittenName(zone.surname, zone.given_names, zone.is_name_truncated)
    name = _name_in_barcode(document, today)
    if name is None:
        return None
    family, given = aamva.letters_only(name.family), aamva.letters_only(name.given)
    return WrittenName(family, given, name.is_truncated)


def _zone(document: DocumentReading, today: date) -> mrz.Mrz | None:
    try:
        return mrz.parse(document.mrz_lines, today)
    except MalformedIdentifier:
        return None


def _name_in_barcode(document: DocumentReading, today: date) -> aamva.Name | None:
    try:
        return aamva.parse(document.barcode or "", today).name
    except MalformedIdentifier:
        return None


def _birth_date(document: DocumentReading, claimed: date | None) -> Measurement:
    check, name = CheckName.DATE_OF_BIRTH_COMPARISON, FieldName.DATE_OF_BIRTH
    if claimed is None:
        return _not_provided(check)
    if document.date_of_birth is None:
        return unread(document, check, name)
    return _compared(
        document,
        check,
        name,
        claimed=claimed.isoformat(),
        read=document.date_of_birth.isoformat(),
        reason=Reason.DATE_OF_BIRTH_MISMATCH,
    )


def _id_number(document: DocumentReading, claimed: str | None, today: date) -> Measurement:
    """The claimed number against the national number or, where there is none, the document's own."""
    check, reason = CheckName.ID_NUMBER_COMPARISON, Reason.ID_NUMBER_MISMATCH
    if claimed is None or not claimed.strip():
        return _not_provided(check)
    name, number = FieldName.ID_NUMBER, document.id_number
    if number is None and not is_resident_card(document) and not _is_resident_number(claimed):
        name, number = FieldName.DOCUMENT_NUMBER, _own_number(document, today)
    if number is None:
        return unread(document, check, name)
    return _compared(document, check, name, claimed=_plain(claimed), read=_plain(number), reason=reason)


def _own_number(document: DocumentReading, today: date) -> str | None:
    reading, zone = document.field(FieldName.DOCUMENT_NUMBER), _zone(document, today)
    if reading:
        return reading.text
    return zone.document_number if zone else None


def _document_type(document: DocumentReading, claims: Claims) -> Measurement:
    """The claimed kind against the one recognised, which hangs on the layout and not on any one field."""
    check = CheckName.DOCUMENT_TYPE_COMPARISON
    if claims.document_type is None:
        return _not_provided(check)
    reasons = () if claims.document_type is document.document_type else (Reason.DOCUMENT_TYPE_MISMATCH,)
    name = _telling_field(document)
    values = {"claimed": claims.document_type.value, "document": document.document_type.value}
    return Finding(check, reasons, captures_of(document, name), evidence_of(document, [name], **values))


def _telling_field(document: DocumentReading) -> FieldName:
    """What a document of this kind is told by; a licence without its barcode by its front, where its number stands."""
    if is_resident_card(document) or is_foreign_resident_card(document):
        return FieldName.ID_NUMBER
    if not has_barcode_instead_of_mrz(document):
        return FieldName.MRZ
    return FieldName.BARCODE if document.barcode is not None else FieldName.DOCUMENT_NUMBER


def _issuing_country(document: DocumentReading, claimed: str | None) -> Measurement:
    check, name = CheckName.ISSUING_COUNTRY_COMPARISON, FieldName.ISSUING_COUNTRY
    if claimed is None or not claimed.strip():
        return _not_provided(check)
    if document.issuing_country is None:
        return unread(document, check, name)
    read, reason = document.issuing_country.upper(), Reason.ISSUING_COUNTRY_MISMATCH
    return _compared(document, check, name, claimed=claimed.strip().upper(), read=read, reason=reason)


def _compared(
    document: DocumentReading, check: CheckName, name: FieldName, *, claimed: str, read: str, reason: Reason
) -> Measurement:
    reasons = () if claimed == read else (reason,)
    evidence = evidence_of(document, [name], claimed=claimed, document=read)
    return weighed(document, [name], Finding(check, reasons, captures_of(document, name), evidence))


def _is_resident_number(number: str) -> bool:
    try:
        gb11643.parse(number)
    except InvalidIdentifier:
        return False
    return True


def _plain(number: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", gb11643.compact(number))

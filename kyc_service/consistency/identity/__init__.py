"""The document against the claims: name, birth date, number, address, type, country. Equal or not, never alike."""

from __future__ import annotations

from datetime import date

from kyc_service.consistency.applicability import (
    has_barcode_instead_of_mrz,
    is_foreign_resident_card,
    is_resident_card,
    not_applicable,
)
from kyc_service.consistency.evidence import claimed_by
from kyc_service.consistency.identity import address, full_name
from kyc_service.consistency.identity.comparison import compared, not_claimed
from kyc_service.consistency.identity.number import measure as measure_number
from kyc_service.consistency.sources import captures_of, evidence_of, unread, without_document
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Finding, Measurement
from kyc_service.domain.reasons import Reason


def measure(document: DocumentReading | None, claims: Claims, facts: Facts, today: date) -> tuple[Measurement, ...]:
    """``document.data_comparison``: every check of it that applies to ``document``."""
    if document is None:
        return without_document(
            CheckName.NAME_COMPARISON,
            CheckName.DATE_OF_BIRTH_COMPARISON,
            CheckName.ID_NUMBER_COMPARISON,
            CheckName.ADDRESS_COMPARISON,
            CheckName.DOCUMENT_TYPE_COMPARISON,
            CheckName.ISSUING_COUNTRY_COMPARISON,
        )
    skipped = not_applicable(document)
    measured = (
        full_name.measure(document, claims, facts, today),
        _birth_date(document, claims),
        measure_number(document, claims, today),
        address.measure(document, claims, facts),
        _document_type(document, claims),
        _issuing_country(document, claims),
    )
    return tuple(measurement for measurement in measured if measurement.check not in skipped)


def _birth_date(document: DocumentReading, claims: Claims) -> Measurement:
    check, name = CheckName.DATE_OF_BIRTH_COMPARISON, FieldName.DATE_OF_BIRTH
    claimed, read = claims.date_of_birth, document.date_of_birth
    if claimed is None:
        return not_claimed(check)
    if read is None:
        return unread(document, check, name)
    reasons = () if claimed == read else (Reason.DATE_OF_BIRTH_MISMATCH,)
    seen = {"claimed": claimed.isoformat(), "document": read.isoformat()}
    return compared(document, check, name, reasons, claimed_by(claims, "date_of_birth") | seen)


def _document_type(document: DocumentReading, claims: Claims) -> Measurement:
    """The claimed kind against the one recognised, which hangs on the layout and not on any one field."""
    check = CheckName.DOCUMENT_TYPE_COMPARISON
    if claims.document_type is None:
        return not_claimed(check)
    reasons = () if claims.document_type is document.document_type else (Reason.DOCUMENT_TYPE_MISMATCH,)
    name = _telling_field(document)
    values = claimed_by(claims, "document_type") | {
        "claimed": claims.document_type.value,
        "document": document.document_type.value,
    }
    return Finding(check, reasons, captures_of(document, name), evidence_of(document, [name], **values))


def _telling_field(document: DocumentReading) -> FieldName:
    """What a document of this kind is told by; a licence without its barcode by its front, where its number stands."""
    if is_resident_card(document) or is_foreign_resident_card(document):
        return FieldName.ID_NUMBER
    if not has_barcode_instead_of_mrz(document):
        return FieldName.MRZ
    return FieldName.BARCODE if document.barcode is not None else FieldName.DOCUMENT_NUMBER


def _issuing_country(document: DocumentReading, claims: Claims) -> Measurement:
    check, name = CheckName.ISSUING_COUNTRY_COMPARISON, FieldName.ISSUING_COUNTRY
    claimed = (claims.issuing_country or "").strip().upper()
    if not claimed:
        return not_claimed(check)
    if document.issuing_country is None:
        return unread(document, check, name)
    read = document.issuing_country.upper()
    reasons = () if claimed == read else (Reason.ISSUING_COUNTRY_MISMATCH,)
    values = claimed_by(claims, "issuing_country") | {"claimed": claimed, "document": read}
    return compared(document, check, name, reasons, values)

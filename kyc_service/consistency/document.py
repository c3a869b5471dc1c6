"""The document by itself: its number, its machine-readable zone, its validity, its holder's age."""

from __future__ import annotations

from datetime import date

from kyc_service.consistency.ages import completed_years
from kyc_service.consistency.applicability import (
    is_foreign_resident_card,
    is_resident_card,
    national_number_in_zone,
    not_applicable,
)
from kyc_service.consistency.scales import OLDEST_YEARS, mapped
from kyc_service.consistency.sources import captures_of, evidence_of, weighed, without_document
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.measurements import Evidence, Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import cn_foreign_resident, gb11643, mrz, national_number
from kyc_service.identifiers.errors import MalformedIdentifier


def measure(document: DocumentReading | None, today: date) -> tuple[Measurement, ...]:
    """``document.data_validation``: every check of it that applies to ``document``."""
    checks = (CheckName.ID_NUMBER, CheckName.MRZ, CheckName.DOCUMENT_EXPIRATION, CheckName.AGE)
    if document is None:
        return without_document(*checks)
    skipped = not_applicable(document)
    measured = (
        _id_number(document, today),
        _mrz(document, today),
        _expiration(document, today),
        _age(document, today),
    )
    return tuple(measurement for measurement in measured if measurement.check not in skipped)


def _id_number(document: DocumentReading, today: date) -> Measurement:
    check, name = CheckName.ID_NUMBER, FieldName.ID_NUMBER
    captures = captures_of(document, name)
    if not (is_resident_card(document) or is_foreign_resident_card(document)):
        return _national_number(document)
    reading = document.field(name)
    number = document.id_number or (reading.text if reading else "")
    if not number:
        return Finding(check, (Reason.ID_NUMBER_MISSING,), captures)
    problems = gb11643.problems if is_resident_card(document) else cn_foreign_resident.problems
    evidence = evidence_of(document, [name], number=number)
    return weighed(document, [name], Finding(check, problems(number, today), captures, evidence))


def _national_number(document: DocumentReading) -> Measurement:
    """The number that a zone carries by its state's practice; any other has no rule that is sure to be its own."""
    check, name = CheckName.ID_NUMBER, FieldName.ID_NUMBER
    captures, number = captures_of(document, name), national_number_in_zone(document)
    reasons = national_number.problems(document.issuing_country or "", number) if number else None
    if reasons is None:
        return NotAssessed(check, Reason.FACT_UNKNOWN, "no rule for this country's numbers", captures)
    evidence = evidence_of(document, [name], number=number, country=document.issuing_country)
    return weighed(document, [name], Finding(check, reasons, captures, evidence))


def _mrz(document: DocumentReading, today: date) -> Measurement:
    captures = captures_of(document, FieldName.MRZ)
    if not document.mrz_lines:
        return Finding(CheckName.MRZ, (Reason.MRZ_MISSING,), captures)
    evidence = _mrz_evidence(document, today)
    seen = Finding(CheckName.MRZ, mrz.problems(document.mrz_lines, today), captures, evidence)
    return weighed(document, [FieldName.MRZ], seen)


def _mrz_evidence(document: DocumentReading, today: date) -> Evidence:
    """Format, malformed fields and, for each failing check digit, what was expected and what is printed."""
    try:
        zone = mrz.parse(document.mrz_lines, today)
    except MalformedIdentifier:
        return evidence_of(document, [FieldName.MRZ], lines=list(document.mrz_lines))
    return evidence_of(
        document,
        [FieldName.MRZ],
        format=zone.format.value,
        malformed=list(zone.malformed),
        failed=[digit.field for digit in zone.failed],
        expected=[digit.expected for digit in zone.failed],
        printed=[digit.printed for digit in zone.failed],
    )


def _expiration(document: DocumentReading, today: date) -> Measurement:
    check, names = CheckName.DOCUMENT_EXPIRATION, (FieldName.VALID_FROM, FieldName.VALID_UNTIL)
    until, begin = document.valid_until, document.valid_from
    captures = captures_of(document, FieldName.VALID_UNTIL)
    if until is None and not document.valid_until_is_open:
        return NotAssessed(check, Reason.EXPIRY_UNKNOWN, "no date of expiry was read", captures)
    evidence = evidence_of(
        document,
        names,
        valid_from=begin.isoformat() if begin else None,
        valid_until=until.isoformat() if until else None,
        is_open=document.valid_until_is_open,
    )
    wrong = {
        Reason.DOCUMENT_EXPIRED: until is not None and until < today,
        Reason.DOCUMENT_NOT_YET_VALID: begin is not None and begin > today,
    }
    reasons = tuple(reason for reason, is_wrong in wrong.items() if is_wrong)
    return weighed(document, names, Finding(check, reasons, captures, evidence))


def _age(document: DocumentReading, today: date) -> Measurement:
    born, name = document.date_of_birth, FieldName.DATE_OF_BIRTH
    captures = captures_of(document, name)
    if born is None:
        return NotAssessed(CheckName.AGE, Reason.NOT_PROVIDED, "no birth date was read", captures)
    years = completed_years(born, today)
    score = Score(
        check=CheckName.AGE,
        name="age_years",
        native=float(years),
        mapped=mapped(years, OLDEST_YEARS),
        model_id="calendar",
        captures=captures,
        evidence=evidence_of(document, [name], date_of_birth=born.isoformat()),
    )
    return weighed(document, [name], score)

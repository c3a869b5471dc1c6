"""The machine-readable zone against the printed text around it.

The zone is protected by check digits, the print by nothing: a value that is not found again
is not confirmed, and only a printed number that differs in one character from a zone whose
own check digit holds is a contradiction.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from kyc_service.consistency.applicability import has_barcode_instead_of_mrz, not_applicable
from kyc_service.consistency.printed_dates import is_printed
from kyc_service.consistency.sightings import Sighting, capitals, codes_in, differences, folded, names_in
from kyc_service.consistency.sources import captures_of, evidence_of, unread, weighed, without_document
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.measurements import Finding, Measurement
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import mrz
from kyc_service.identifiers.errors import MalformedIdentifier

# Shorter codes differ in one character from too much else.
_SHORTEST_CONTRADICTION: Final = 6


def measure(document: DocumentReading | None, today: date) -> tuple[Measurement, ...]:
    """``printed_text`` of a document with a machine-readable zone; of any other, nothing."""
    if document is None:
        return without_document(CheckName.PRINTED_TEXT_CONSISTENCY)
    if CheckName.PRINTED_TEXT_CONSISTENCY in not_applicable(document) or has_barcode_instead_of_mrz(document):
        return ()
    try:
        zone = mrz.parse(document.mrz_lines, today)
    except MalformedIdentifier:
        return (unread(document, CheckName.PRINTED_TEXT_CONSISTENCY, FieldName.MRZ),)
    return (_compare(document, zone),)


def _compare(document: DocumentReading, zone: mrz.Mrz) -> Measurement:
    # A line of the zone that strayed among the printed ones would confirm itself.
    lines = capitals(line for line in document.printed_lines if "<<" not in line)
    dates = {"date_of_birth": zone.date_of_birth, "date_of_expiry": zone.date_of_expiry}
    sightings = {"document_number": _sight_number(zone, lines), "surname": _sight_surname(zone, lines)} | {
        name: Sighting.FOUND if is_printed(value, lines) else Sighting.NOT_FOUND
        for name, value in dates.items()
        if value
    }
    wrong = {
        Reason.MRZ_CONTRADICTS_PRINTED_TEXT: Sighting.DIFFERENT in sightings.values(),
        Reason.PRINTED_TEXT_NOT_CONFIRMED: Sighting.NOT_FOUND in sightings.values(),
    }
    finding = Finding(
        CheckName.PRINTED_TEXT_CONSISTENCY,
        tuple(reason for reason, is_wrong in wrong.items() if is_wrong),
        captures_of(document, FieldName.MRZ),
        evidence_of(document, [FieldName.MRZ], **{name: seen.value for name, seen in sightings.items()}),
    )
    return weighed(document, [FieldName.MRZ], finding)


def _sight_number(zone: mrz.Mrz, lines: tuple[str, ...]) -> Sighting:
    number = zone.document_number
    printed = codes_in(lines)
    if number in printed:
        return Sighting.FOUND
    alike, printed_alike = folded(number), {folded(run) for run in printed}
    if alike in printed_alike:
        return Sighting.LOOK_ALIKE
    is_certain = all(digit.field != "document_number" for digit in zone.failed)
    is_near = any(differences(alike, run) == 1 for run in printed_alike if len(run) == len(alike))
    if is_certain and is_near and len(number) >= _SHORTEST_CONTRADICTION:
        return Sighting.DIFFERENT
    return Sighting.NOT_FOUND


def _sight_surname(zone: mrz.Mrz, lines: tuple[str, ...]) -> Sighting:
    is_cut = zone.is_name_truncated and not zone.given_names
    is_found = bool(zone.surname) and any(
        mrz.is_written_as(run, zone.surname, is_truncated=is_cut) for run in names_in(lines)
    )
    return Sighting.FOUND if is_found else Sighting.NOT_FOUND

"""The machine-readable zone against the printed text around it.

The zone is protected by check digits, the print by nothing: a value that is not found again
is not confirmed, and only a printed number that differs in one character from a zone whose
own check digit holds is a contradiction.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Final

from kyc_service.consistency.applicability import is_resident_card
from kyc_service.consistency.printed_dates import is_printed
from kyc_service.consistency.sources import captures_of, evidence_of, unread, weighed, without_document
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.measurements import Finding, Measurement
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import mrz
from kyc_service.identifiers.errors import MalformedIdentifier

_WORDS: Final = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_CODES: Final = re.compile(r"[0-9A-Z]+")
_LONGEST_RUN: Final = 6
# Shorter codes differ in one character from too much else.
_SHORTEST_CONTRADICTION: Final = 6
_LOOK_ALIKES: Final = str.maketrans("OIBSZG", "018526")


class Sighting(StrEnum):
    """How a value of the zone was met in the printed text."""

    FOUND = "found"
    LOOK_ALIKE = "look_alike"
    NOT_FOUND = "not_found"
    DIFFERENT = "different"


def measure(document: DocumentReading | None, today: date) -> tuple[Measurement, ...]:
    """``printed_text`` of a document with a machine-readable zone; of a resident card, nothing."""
    if document is None:
        return without_document(CheckName.PRINTED_TEXT_CONSISTENCY)
    if is_resident_card(document):
        return ()
    try:
        zone = mrz.parse(document.mrz_lines, today)
    except MalformedIdentifier:
        return (unread(document, CheckName.PRINTED_TEXT_CONSISTENCY, FieldName.MRZ),)
    return (_compare(document, zone),)


def _compare(document: DocumentReading, zone: mrz.Mrz) -> Measurement:
    # A line of the zone that strayed among the printed ones would confirm itself.
    lines = tuple(unicodedata.normalize("NFKC", line).upper() for line in document.printed_lines if "<<" not in line)
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
    printed = {run for line in lines for run in _runs(_CODES.findall(line), "")}
    if number in printed:
        return Sighting.FOUND
    alike, folded = number.translate(_LOOK_ALIKES), {run.translate(_LOOK_ALIKES) for run in printed}
    if alike in folded:
        return Sighting.LOOK_ALIKE
    is_certain = all(digit.field != "document_number" for digit in zone.failed)
    is_near = any(_differences(alike, run) == 1 for run in folded if len(run) == len(alike))
    if is_certain and is_near and len(number) >= _SHORTEST_CONTRADICTION:
        return Sighting.DIFFERENT
    return Sighting.NOT_FOUND


def _sight_surname(zone: mrz.Mrz, lines: tuple[str, ...]) -> Sighting:
    is_cut = zone.is_name_truncated and not zone.given_names
    is_found = bool(zone.surname) and any(
        mrz.is_written_as(run, zone.surname, is_truncated=is_cut)
        for line in lines
        for run in _runs(_WORDS.findall(line), " ")
    )
    return Sighting.FOUND if is_found else Sighting.NOT_FOUND


def _runs(words: list[str], joint: str) -> Iterator[str]:
    """Every run of neighbouring ``words``, joined."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST_RUN, len(words)) + 1):
            yield joint.join(words[start:end])


def _differences(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))

"""A North American licence or identity card: its barcode by itself, and against the print of its front.

The barcode has error correction, the print has none: a value that is not found in print is
not confirmed, and only a field of the front that was read with certainty and differs from
the barcode in one character is a contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from kyc_service.consistency.applicability import has_barcode_instead_of_mrz
from kyc_service.consistency.printed_dates import is_printed
from kyc_service.consistency.sightings import Sighting, capitals, codes_in, differences, folded, names_in
from kyc_service.consistency.sources import FRONT, captures_of, evidence_of, unread, weighed, without_document
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.domain.measurements import Evidence, Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import aamva
from kyc_service.identifiers.errors import MalformedIdentifier

_BACK: Final = frozenset({CaptureKind.DOCUMENT_BACK})
_NOT_IN_A_NUMBER: Final = re.compile(r"[^0-9A-Z]")
_NOT_A_DIGIT: Final = re.compile(r"[^0-9]")
_DATE_FORMS: Final = ("%m%d%Y", "%Y%m%d", "%d%m%Y")
# Shorter codes differ in one character from too much else.
_SHORTEST_CONTRADICTION: Final = 6
# Shorter beginnings of a name are the beginning of too much else.
_SHORTEST_CUT_NAME: Final = 3


def measure(document: DocumentReading | None, today: date) -> tuple[Measurement, ...]:
    """``barcode``, and ``printed_text`` of a document with a barcode; of any other, nothing."""
    if document is None:
        return without_document(CheckName.BARCODE)
    if not has_barcode_instead_of_mrz(document):
        return ()
    return (_barcode(document, today), _printed_text(document, today))


def _barcode(document: DocumentReading, today: date) -> Measurement:
    check = CheckName.BARCODE
    if document.barcode is None:
        if _was_looked_for(document):
            return Finding(check, (Reason.BARCODE_MISSING,), _BACK)
        return NotAssessed(check, Reason.CAPTURE_MISSING, "the back was not sent", _BACK)
    captures = captures_of(document, FieldName.BARCODE)
    seen = Finding(check, aamva.problems(document.barcode, today), captures, _evidence(document, today))
    return weighed(document, [FieldName.BARCODE], seen)


def _was_looked_for(document: DocumentReading) -> bool:
    return bool(_BACK & (document.captures | {reading.capture for reading in document.fields}))


def _card(document: DocumentReading, today: date) -> aamva.Card | None:
    try:
        return aamva.parse(document.barcode or "", today)
    except MalformedIdentifier:
        return None


def _evidence(document: DocumentReading, today: date) -> Evidence:
    """Version, issuer, kind of card, and in what the payload breaks or leaves the standard."""
    card = _card(document, today)
    if card is None:
        return evidence_of(document, [FieldName.BARCODE])
    return evidence_of(
        document,
        [FieldName.BARCODE],
        version=card.version,
        issuer=card.jurisdiction.name if card.jurisdiction else None,
        is_identity_card=card.is_identity_card,
        malformed=list(card.malformed),
        deviations=list(card.deviations),
    )


def _printed_text(document: DocumentReading, today: date) -> Measurement:
    check, card = CheckName.PRINTED_TEXT_CONSISTENCY, _card(document, today)
    if card is None or card.name is None or card.number is None:
        return unread(document, check, FieldName.BARCODE)
    lines = capitals(document.printed_lines)
    dates = {
        FieldName.DATE_OF_BIRTH: card.date_of_birth,
        FieldName.VALID_FROM: card.date_of_issue,
        FieldName.VALID_UNTIL: card.date_of_expiry,
    }
    sightings = {
        FieldName.DOCUMENT_NUMBER: _sight_number(document, card.number, lines),
        FieldName.FULL_NAME: _sight_name(card.name, lines),
        **{name: _sight_date(document, name, day, lines) for name, day in dates.items() if day},
    }
    wrong = {
        Reason.BARCODE_CONTRADICTS_PRINTED_TEXT: Sighting.DIFFERENT in sightings.values(),
        Reason.PRINTED_TEXT_NOT_CONFIRMED: Sighting.NOT_FOUND in sightings.values(),
    }
    finding = Finding(
        check,
        tuple(reason for reason, is_wrong in wrong.items() if is_wrong),
        FRONT | captures_of(document, FieldName.BARCODE),
        evidence_of(document, [FieldName.BARCODE], **{name.value: seen.value for name, seen in sightings.items()}),
    )
    return weighed(document, [FieldName.BARCODE], finding)


def _sight_number(document: DocumentReading, number: str, lines: tuple[str, ...]) -> Sighting:
    wanted, printed = _NOT_IN_A_NUMBER.sub("", number.upper()), codes_in(lines)
    if wanted in printed:
        return Sighting.FOUND
    if folded(wanted) in {folded(run) for run in printed}:
        return Sighting.LOOK_ALIKE
    reading = _certain_on_front(document, FieldName.DOCUMENT_NUMBER)
    read = _NOT_IN_A_NUMBER.sub("", reading.text.upper()) if reading else ""
    is_near = _is_near(folded(read), [folded(wanted)]) and len(wanted) >= _SHORTEST_CONTRADICTION
    return Sighting.DIFFERENT if is_near else Sighting.NOT_FOUND


def _sight_date(document: DocumentReading, name: FieldName, day: date, lines: tuple[str, ...]) -> Sighting:
    if is_printed(day, lines):
        return Sighting.FOUND
    reading = _certain_on_front(document, name)
    read = _NOT_A_DIGIT.sub("", reading.text) if reading else ""
    return Sighting.DIFFERENT if _is_near(read, [day.strftime(form) for form in _DATE_FORMS]) else Sighting.NOT_FOUND


def _sight_name(name: aamva.Name, lines: tuple[str, ...]) -> Sighting:
    """Family and given names, each in one piece somewhere; a cut part needs only to begin as it is printed."""
    printed = {aamva.letters_only(run) for run in names_in(lines)}
    family_and_given = ((name.family, name.is_family_truncated), (name.given, name.is_given_truncated))
    parts = [(aamva.letters_only(part), is_cut) for part, is_cut in family_and_given if part]
    is_found = bool(parts) and all(_is_among(part, printed, is_cut=is_cut) for part, is_cut in parts)
    return Sighting.FOUND if is_found else Sighting.NOT_FOUND


def _is_among(part: str, printed: Iterable[str], *, is_cut: bool) -> bool:
    """Whether ``part`` is printed. One without letters (``---``) is nowhere: it would be the beginning of everything."""
    may_go_on = is_cut and len(part) >= _SHORTEST_CUT_NAME
    return bool(part) and any(run == part or (may_go_on and run.startswith(part)) for run in printed)


def _certain_on_front(document: DocumentReading, name: FieldName) -> FieldReading | None:
    """The field called ``name`` as printed on the front, if it was read with certainty."""
    found = (field for field in document.fields if field.name is name and field.capture is CaptureKind.DOCUMENT_FRONT)
    return next((field for field in found if field.is_certain), None)


def _is_near(read: str, wanted: Iterable[str]) -> bool:
    return any(len(read) == len(form) and differences(read, form) == 1 for form in wanted)

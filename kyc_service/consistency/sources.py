"""Where a value was read: the captures and boxes that a measurement names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from kyc_service.consistency.applicability import is_resident_card
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.domain.measurements import (
    Evidence,
    EvidenceScalar,
    EvidenceValue,
    Finding,
    Measurement,
    NotAssessed,
    Score,
)
from kyc_service.domain.reasons import Reason

FRONT: Final = frozenset({CaptureKind.DOCUMENT_FRONT})
_BACK_OF_RESIDENT_CARD: Final = frozenset({FieldName.AUTHORITY, FieldName.VALID_FROM, FieldName.VALID_UNTIL})
_IN_THE_ZONE: Final = frozenset(
    {
        FieldName.FULL_NAME,
        FieldName.DOCUMENT_NUMBER,
        FieldName.ISSUING_COUNTRY,
        FieldName.NATIONALITY,
        FieldName.SEX,
        FieldName.DATE_OF_BIRTH,
        FieldName.VALID_UNTIL,
        FieldName.ID_NUMBER,
    }
)
"""What a machine-readable zone says of its holder and document (ICAO 9303-3); a date of issue is not in it."""
_IN_THE_BARCODE: Final = (_IN_THE_ZONE - {FieldName.ID_NUMBER}) | {FieldName.VALID_FROM, FieldName.ADDRESS}
"""What an AAMVA payload says."""


def captures_of(document: DocumentReading, *names: FieldName) -> frozenset[CaptureKind]:
    """The captures that the fields called ``names`` were read from, or should have been."""
    return frozenset(_capture_of(document, name) for name in names)


def evidence_of(document: DocumentReading, names: Iterable[FieldName], /, **values: EvidenceValue) -> Evidence:
    """The boxes of the fields called ``names``, with ``values``."""
    found = dict.fromkeys(reading for name in names if (reading := _reading_of(document, name)))
    return Evidence(regions=tuple(reading.region for reading in found if reading.region), values=values)


def weighed(document: DocumentReading, names: Iterable[FieldName], seen: Finding | Score) -> Finding | Score:
    """``seen``, or that it cannot be relied on: what was read without certainty neither clears nor rejects.

    Values without a reading of their own (the country of a resident card) are as sure as the document's kind.
    """
    readings = dict.fromkeys(reading for name in names if (reading := _reading_of(document, name)))
    uncertain: list[EvidenceScalar] = [reading.name.value for reading in readings if not reading.is_certain]
    if not uncertain:
        return seen
    evidence = replace(seen.evidence, values={**seen.evidence.values, "uncertain_fields": uncertain})
    return Finding(seen.check, (Reason.FIELD_UNCERTAIN,), seen.captures, evidence)


def unread(document: DocumentReading, check: CheckName, *names: FieldName) -> NotAssessed:
    """``check`` cannot be answered, for a field called ``names`` is absent or cannot be parsed."""
    captures = captures_of(document, *names)
    was_sent = captures <= {reading.capture for reading in document.fields} | FRONT
    reason = Reason.FACT_UNKNOWN if was_sent else Reason.CAPTURE_MISSING
    return NotAssessed(check, reason, f"not read: {', '.join(names)}", captures)


def without_document(*checks: CheckName) -> tuple[Measurement, ...]:
    """``checks`` cannot be answered, for no usable document was sent."""
    return tuple(NotAssessed(check, Reason.DOCUMENT_NOT_READ, "no document was read", FRONT) for check in checks)


def _capture_of(document: DocumentReading, name: FieldName) -> CaptureKind:
    reading = _reading_of(document, name)
    if reading:
        return reading.capture
    is_on_back = name is FieldName.BARCODE or (is_resident_card(document) and name in _BACK_OF_RESIDENT_CARD)
    return CaptureKind.DOCUMENT_BACK if is_on_back else CaptureKind.DOCUMENT_FRONT


def _reading_of(document: DocumentReading, name: FieldName) -> FieldReading | None:
    """The field itself, or the machine-readable zone or barcode if that holds it."""
    zone = document.field(FieldName.MRZ) if name in _IN_THE_ZONE else None
    barcode = document.field(FieldName.BARCODE) if name in _IN_THE_BARCODE else None
    return document.field(name) or zone or barcode

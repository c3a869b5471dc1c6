"""Front and back as one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from kyc_service.documents.families.icao_mrz.on_back import is_card, is_named_by
from kyc_service.documents.portrait import AREA_LABEL
from kyc_service.documents.stage import DocumentStage
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.measurements import Evidence, Finding, Measurement, Region
from kyc_service.domain.reasons import Reason, is_retake

_APART: Final = Finding(
    CheckName.FRONT_BACK_CONSISTENCY,
    (Reason.SIDES_OF_DIFFERENT_DOCUMENTS,),
    frozenset({CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK}),
)
_EMPTY_SIDE: Final = frozenset({Reason.DOCUMENT_NOT_FOUND, Reason.DOCUMENT_UNREADABLE})
_NEVER_EXCUSED: Final = frozenset({Reason.DOCUMENT_WRONG_SIDE, Reason.DOCUMENT_SEVERAL, Reason.DOCUMENT_SCREENSHOT})


def join(stages: Sequence[DocumentStage]) -> DocumentStage:
    """Front and back as one document; the front comes first.

    A side that holds nothing to read is no fault where the zone of the document stands on
    the other: a back always (a passport's cover), a front only of an identity card, whose
    portrait is bound to the zone by what the front itself says. A passport's or a visa's
    zone excuses no other front: its portrait stands above it.
    """
    front = stages[0]
    reading = _merged(stages)
    excused = _excused_sides(stages, reading)
    measurements = [
        m
        for i, s in enumerate(stages)
        for m in s.measurements
        if not (i in excused and _is_excused(m, is_front=i == 0))
    ]
    if reading is not None and any(_belong_apart(reading, s.reading) for s in stages if s.reading is not None):
        measurements.append(_APART)
    if reading is not None and not any(m.check is CheckName.SUPPORTED_DOCUMENT for m in measurements):
        seen = frozenset(field.capture for field in reading.fields)
        family = Evidence(values={"family": reading.document_type.value})
        measurements.append(Finding(CheckName.SUPPORTED_DOCUMENT, (), seen, family))
    timings: dict[str, float] = {}
    for stage in stages:
        for name, spent in stage.timings_ms.items():
            timings[name] = timings.get(name, 0.0) + spent
    printed = tuple(line for stage in stages for line in stage.printed_lines)
    area = _bound_outline(front, reading) if 0 in excused else front.portrait_area
    return DocumentStage(reading, tuple(measurements), front.front, MappingProxyType(timings), printed, area)


def _excused_sides(stages: Sequence[DocumentStage], reading: DocumentReading | None) -> frozenset[int]:
    """The sides that need hold nothing that is read, by their place in ``stages``."""
    if reading is None or not reading.mrz_lines:
        return frozenset()
    fronts_too = is_card(reading)
    return frozenset(i for i, s in enumerate(stages) if s.reading is None and (i > 0 or fronts_too))


def _bound_outline(front: DocumentStage, reading: DocumentReading | None) -> Region | None:
    """The outline of a card's front without zone, where its own print says that it belongs to the zone."""
    located = front.front
    if reading is None or located is None or not located.has_outline or not is_named_by(reading, front.printed_lines):
        return None
    return replace(located.region, label=AREA_LABEL)


def _merged(stages: Sequence[DocumentStage]) -> DocumentReading | None:
    """One reading of all sides that belong together: the first one's values, filled up from the others."""
    readings = [stage.reading for stage in stages if stage.reading is not None]
    if not readings:
        return None
    merged = readings[0]
    for other in readings[1:]:
        if not _belong_apart(merged, other):
            merged = _filled(merged, other)
    if 0 not in _excused_sides(stages, merged):
        return merged
    # The print of a card's other side; a note laid down as the back of a passport is none.
    return replace(merged, printed_lines=(*merged.printed_lines, *stages[0].printed_lines))


def _belong_apart(one: DocumentReading, other: DocumentReading) -> bool:
    """Whether two sides cannot be of one document: of other kinds, or with zones or barcodes that differ."""
    if one.document_type is not other.document_type:
        return True
    if (bool(one.mrz_lines) and other.barcode is not None) or (bool(other.mrz_lines) and one.barcode is not None):
        return True
    return _differ(one.mrz_lines, other.mrz_lines) or _differ(one.barcode, other.barcode)


def _differ(one: object, other: object) -> bool:
    return bool(one) and bool(other) and one != other


def _filled(one: DocumentReading, other: DocumentReading) -> DocumentReading:
    """``one`` filled up by ``other``; a barcode's values come first, and the print it is held against stays."""
    if one.barcode is None and other.barcode is not None:
        one, other = other, one
    is_held_against_print = one.barcode is not None
    return replace(
        one,
        fields=(*one.fields, *(f for f in other.fields if is_held_against_print or one.field(f.name) is None)),
        issuing_country=one.issuing_country or other.issuing_country,
        captures=one.captures | other.captures,
        full_name=one.full_name or other.full_name,
        sex=one.sex or other.sex,
        date_of_birth=one.date_of_birth or other.date_of_birth,
        id_number=one.id_number or other.id_number,
        address=one.address or other.address,
        valid_from=one.valid_from or other.valid_from,
        valid_until=one.valid_until or other.valid_until,
        valid_until_is_open=one.valid_until_is_open or other.valid_until_is_open,
        mrz_lines=one.mrz_lines or other.mrz_lines,
        printed_lines=(*one.printed_lines, *other.printed_lines),
    )


def _is_excused(measurement: Measurement, *, is_front: bool) -> bool:
    """Whether a measurement only says that its side holds nothing that is read.

    Of a back beside a zone hardly anything is asked; a front carries the portrait, and must be a usable capture.
    """
    if measurement.check is CheckName.SUPPORTED_DOCUMENT:
        return True
    if not isinstance(measurement, Finding) or measurement.check is not CheckName.CAPTURE_QUALITY:
        return False
    if is_front:
        return any(reason in _EMPTY_SIDE for reason in measurement.reasons)
    return any(is_retake(reason) and reason not in _NEVER_EXCUSED for reason in measurement.reasons)

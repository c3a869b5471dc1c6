"""The document stage: pictures in; what was read and what was measured out. No outcomes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from kyc_service.documents.capture.quality import (
    finding,
    other_side_of,
    quality_of,
    scores_of,
    why_unreadable,
    why_unrecognised,
)
from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.families.icao_mrz.on_back import is_card, is_named_by
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.portrait import AREA_LABEL
from kyc_service.documents.side import Side, read_side
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.measurements import Evidence, Finding, Measurement, NotAssessed, Region
from kyc_service.domain.reasons import Reason, is_retake
from kyc_service.imaging.picture import Picture


@dataclass(frozen=True, slots=True)
class DocumentStage:
    """What one side, or the whole document, gave.

    ``front`` is the document as it was read, turned upright (of the back capture, where
    only that was read). ``timings_ms`` are spent in locate, detect_text, recognise, parse.
    ``printed_lines`` is text that belongs to no field. ``portrait_area`` is where the
    portrait of the document that was read must lie, on the front's picture at full size;
    ``None``: nothing was read that a portrait on the front belongs to.
    """

    reading: DocumentReading | None
    measurements: tuple[Measurement, ...]
    front: LocatedDocument | None
    timings_ms: Mapping[str, float]
    printed_lines: tuple[str, ...] = ()
    portrait_area: Region | None = None


def read_front(
    picture: Picture, located: LocatedDocument | None, engines: DocumentEngines, today: date
) -> DocumentStage:
    """Read the front. ``located`` (of :func:`locate`) saves finding the document again."""
    return _stage(read_side(picture, CaptureKind.DOCUMENT_FRONT, engines, today, located))


def read_back(
    picture: Picture, located: LocatedDocument | None, engines: DocumentEngines, today: date
) -> DocumentStage:
    """Read the back. ``located`` must have been located as :attr:`CaptureKind.DOCUMENT_BACK`."""
    return _stage(read_side(picture, CaptureKind.DOCUMENT_BACK, engines, today, located))


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
    measurements = [m for i, s in enumerate(stages) for m in s.measurements if not (i in excused and _is_excused(m))]
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
    """One reading of all sides: the first one's values, filled up from the others of the same kind."""
    readings = [stage.reading for stage in stages if stage.reading is not None]
    if not readings:
        return None
    merged = readings[0]
    for other in readings[1:]:
        if other.document_type is merged.document_type:
            merged = _filled(merged, other)
    strays = tuple(line for i in sorted(_excused_sides(stages, merged)) for line in stages[i].printed_lines)
    return replace(merged, printed_lines=(*merged.printed_lines, *strays))


def _filled(one: DocumentReading, other: DocumentReading) -> DocumentReading:
    return replace(
        one,
        fields=(*one.fields, *(f for f in other.fields if one.field(f.name) is None)),
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


def _is_excused(measurement: Measurement) -> bool:
    """Whether a measurement only says that its side holds nothing that is read."""
    if measurement.check is CheckName.SUPPORTED_DOCUMENT:
        return True
    if not isinstance(measurement, Finding) or measurement.check is not CheckName.CAPTURE_QUALITY:
        return False
    return any(is_retake(reason) and reason is not Reason.DOCUMENT_WRONG_SIDE for reason in measurement.reasons)


def _stage(side: Side) -> DocumentStage:
    start = time.perf_counter()
    reading = side.found.reading if side.found is not None else None
    measurements, is_usable = _measure(side, reading)
    side.timings.add("parse", start)
    printed = tuple(line.text for line in side.lines if line.text)
    timings = MappingProxyType(dict(side.timings.spent_ms))
    if not is_usable:
        return DocumentStage(None, measurements, side.document, timings, printed)
    return DocumentStage(reading, measurements, side.document, timings, printed, _portrait_area(side))


def _measure(side: Side, reading: DocumentReading | None) -> tuple[tuple[Measurement, ...], bool]:
    """The measurements, and whether the capture was good enough for its reading to count."""
    if side.document is None:
        reasons = [Reason.DOCUMENT_NOT_FOUND]
        return (finding(side, reasons, None), *_family(side, reading, reasons)), False
    quality = quality_of(side.document)
    scores = scores_of(side, side.document, quality)
    reason = _fault(side, reading)
    if reason is Reason.DOCUMENT_UNREADABLE:
        reason = why_unreadable(side.document, quality)
    elif reason is Reason.DOCUMENT_NOT_FOUND:
        reason = why_unrecognised(side, quality)
    retakes = [reason] if reason is not None and is_retake(reason) else []
    reasons = [reason] if reason is not None else []
    return (finding(side, retakes, quality), *scores, *_family(side, reading, reasons)), reason is None


def _fault(side: Side, reading: DocumentReading | None) -> Reason | None:
    if other_side_of(side):
        return Reason.DOCUMENT_WRONG_SIDE
    if side.family is None:
        return Reason.DOCUMENT_NOT_FOUND
    return None if reading is not None and _holds_what_is_required(side, reading) else Reason.DOCUMENT_UNREADABLE


def _holds_what_is_required(side: Side, reading: DocumentReading) -> bool:
    # Where reading was cut short a value may lack its end; a zone is read first, as a whole.
    is_whole = side.found is not None and side.found.is_whole
    return is_whole and not (side.is_cut_short and not reading.mrz_lines)


def _portrait_area(side: Side) -> Region | None:
    """Where the portrait of what was read must lie; ``None``: that holds none."""
    if side.found is None or side.found.portrait is None or side.capture is not CaptureKind.DOCUMENT_FRONT:
        return None
    return side.found.document.region_of(side.found.portrait, AREA_LABEL)


def _family(side: Side, reading: DocumentReading | None, reasons: Sequence[Reason]) -> tuple[Measurement, ...]:
    """The answer to whether the kind of document is supported; the back has no say in it."""
    if side.capture is not CaptureKind.DOCUMENT_FRONT:
        return ()
    check, captures = CheckName.SUPPORTED_DOCUMENT, frozenset({side.capture})
    if Reason.DOCUMENT_UNSUPPORTED in reasons:
        seen = [line.text for line in side.lines if line.text][:20]
        evidence = Evidence((side.document.region,) if side.document else (), {"text": list(seen)})
        return (Finding(check, (Reason.DOCUMENT_UNSUPPORTED,), captures, evidence),)
    if reading is None or reasons:
        why = Reason.CAPTURE_UNUSABLE if any(map(is_retake, reasons)) else Reason.FACT_UNKNOWN
        return (NotAssessed(check, why, "nothing was read", captures),)
    evidence = Evidence(values={"family": reading.document_type.value})
    return (Finding(check, (), captures, evidence),)

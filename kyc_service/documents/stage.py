"""One side of a document: a picture in; what was read and what was measured out. No outcomes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    """What one side, or (of :func:`~kyc_service.documents.join.join`) the whole document, gave.

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

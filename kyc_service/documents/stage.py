"""One side of a document: a picture in; what was read and what was measured out. No outcomes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from kyc_service.documents.authenticity.places import NO_PLACES, Places
from kyc_service.documents.capture.quality import finding, look, quality_of, retake_reason, scores_of
from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.families.protocol import SideReading
from kyc_service.documents.finding.locate import LocatedDocument, locate
from kyc_service.documents.portrait import AREA_LABEL
from kyc_service.documents.reading.typed import NUMBER_LENGTH
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
    ``None``: nothing was read that a portrait on the front belongs to. ``places`` are where
    signs of forgery are looked for.
    """

    reading: DocumentReading | None
    measurements: tuple[Measurement, ...]
    front: LocatedDocument | None
    timings_ms: Mapping[str, float]
    printed_lines: tuple[str, ...] = ()
    portrait_area: Region | None = None
    places: Places = NO_PLACES


def read_front(
    picture: Picture, located: LocatedDocument | None, engines: DocumentEngines, today: date
) -> DocumentStage:
    """Read the front. ``located`` (of :func:`locate`) saves finding the document again."""
    return _read(picture, CaptureKind.DOCUMENT_FRONT, located, engines, today)


def read_back(
    picture: Picture, located: LocatedDocument | None, engines: DocumentEngines, today: date
) -> DocumentStage:
    """Read the back. ``located`` must have been located as :attr:`CaptureKind.DOCUMENT_BACK`."""
    return _read(picture, CaptureKind.DOCUMENT_BACK, located, engines, today)


def _read(
    picture: Picture, capture: CaptureKind, located: LocatedDocument | None, engines: DocumentEngines, today: date
) -> DocumentStage:
    start = time.perf_counter()
    outline = located or locate(picture, capture)
    located_ms = (time.perf_counter() - start) * 1000
    side = read_side(picture, capture, engines, today, outline)
    side.timings.spent_ms["locate"] = side.timings.spent_ms.get("locate", 0.0) + located_ms
    start = time.perf_counter()
    measurements, is_usable = _measure(picture, side, outline, engines)
    side.timings.add("judge_capture", start)
    printed = tuple(line.text for line in side.lines if line.text)
    timings = MappingProxyType(dict(side.timings.spent_ms))
    if side.found is None or not is_usable:
        return DocumentStage(None, measurements, side.document, timings, printed)
    return DocumentStage(
        side.found.reading, measurements, side.document, timings, printed, _portrait_area(side), _places(side.found)
    )


def _measure(
    picture: Picture, side: Side, outline: LocatedDocument | None, engines: DocumentEngines
) -> tuple[tuple[Measurement, ...], bool]:
    """The measurements, and whether the capture was good enough for its reading to count."""
    reading = side.found.reading if side.found is not None else None
    if side.document is None:
        reasons = [Reason.DOCUMENT_NOT_FOUND]
        return (finding(side, reasons, None), *_family(side, reading, reasons)), False
    seen = look(picture, side, outline)
    reason = retake_reason(seen, engines.text)
    retakes = [reason] if reason is not None and is_retake(reason) else []
    reasons = [reason] if reason is not None else []
    quality = quality_of(side.document)
    scores = scores_of(side, side.document, quality)
    return (finding(side, retakes, quality), *scores, *_family(side, reading, reasons)), reason is None


def _portrait_area(side: Side) -> Region | None:
    """Where the portrait of what was read must lie; ``None``: that holds none."""
    if side.found is None or side.found.portrait is None or side.capture is not CaptureKind.DOCUMENT_FRONT:
        return None
    return side.found.document.region_of(side.found.portrait, AREA_LABEL)


def _places(found: SideReading) -> Places:
    number, portrait = (
        None if quad is None else found.document.region_of(quad, label)
        for quad, label in ((found.number, "number"), (found.portrait_print, "portrait"))
    )
    return Places(number, NUMBER_LENGTH if number is not None else 0, portrait)


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

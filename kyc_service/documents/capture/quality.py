"""Whether a capture can be used, from what was read of it and how the picture is.

A retake is asked for only where reading failed: a picture that could be read is usable,
however it looks. How it looks then says what to do better next time, and is given as
scores in any case, for limits of the policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kyc_service.documents.families.protocol import Shows
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.reading.lines import Line
from kyc_service.documents.side import Side
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, EvidenceValue, Finding, Score
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.quality import PatchQuality, measure_patch

MODEL_ID: Final = "patch_quality"
_MIN_WIDTH_PX: Final = 480.0
"""These four limits only name the likely fault of a picture that could not be read; chosen, not calibrated."""
_MIN_SHARPNESS: Final = 0.42
_MIN_LUMA: Final = 55.0
_MAX_OVEREXPOSED: Final = 0.12
_FULL_WIDTH_PX: Final = 1280.0
_SURE: Final = 0.9
_LEAST_SURE_CHARACTERS: Final = 12
_LONG_ASPECT: Final = 4.5
_MIN_LEGIBILITY: Final = 0.88
"""Chosen between what was seen: two passports, shaken, without family 0.59 to 0.86; ten specimens of
families that are not read 0.90 to 1.00."""


def quality_of(document: LocatedDocument) -> PatchQuality:
    """The quality of the document laid flat."""
    return measure_patch(document.pixels)


def scores_of(side: Side, document: LocatedDocument, quality: PatchQuality) -> tuple[Score, ...]:
    """Quality as scores: sharpness (0.11..1), brightness (mean luma, 0..255), overexposed_fraction (0..1), card_width_px."""
    values = {
        "sharpness": (quality.sharpness, 100 * quality.sharpness),
        "brightness": (quality.luma_mean, quality.luma_mean / 2.55),
        "overexposed_fraction": (quality.overexposed_fraction, 100 * (1 - quality.overexposed_fraction)),
        "card_width_px": (document.width_px, min(100.0, 100 * document.width_px / _FULL_WIDTH_PX)),
    }
    return tuple(
        Score(CheckName.CAPTURE_QUALITY, name, native, mapped, MODEL_ID, frozenset({side.capture}))
        for name, (native, mapped) in values.items()
    )


def finding(side: Side, reasons: Sequence[Reason], quality: PatchQuality | None) -> Finding:
    """The finding on ``side``'s capture."""
    values: dict[str, EvidenceValue] = {}
    if quality is not None:
        values = {
            "sharpness": round(quality.sharpness, 4),
            "brightness": round(quality.luma_mean, 1),
            "overexposed_fraction": round(quality.overexposed_fraction, 4),
        }
    regions = (side.document.region,) if side.document is not None else ()
    return Finding(CheckName.CAPTURE_QUALITY, tuple(reasons), frozenset({side.capture}), Evidence(regions, values))


def why_unreadable(document: LocatedDocument, quality: PatchQuality) -> Reason:
    """What most likely kept a document that is there from being read."""
    return _fault(document, quality) or Reason.DOCUMENT_UNREADABLE


def why_unrecognised(side: Side, quality: PatchQuality) -> Reason:
    """Why no family was recognised: too poor a picture, no document, or (a rejection, not a retake) an unknown one.

    Only of a good picture can be said that its document is unknown: large print outlives
    blur that makes a zone illegible. White paper is bright, which is no fault where its text is read.
    """
    document = side.document
    if document is None:
        return Reason.DOCUMENT_NOT_FOUND
    sure = sum(c.confidence >= _SURE for line in side.lines for c in line.characters)
    is_text = sure >= _LEAST_SURE_CHARACTERS
    fault = _fault(document, quality) if side.lines and (document.has_outline or is_text) else None
    if not is_text:
        return fault or Reason.DOCUMENT_NOT_FOUND
    if fault not in (None, Reason.DOCUMENT_OVEREXPOSED):
        return fault
    return Reason.DOCUMENT_UNSUPPORTED if legibility_of(side.lines) >= _MIN_LEGIBILITY else Reason.DOCUMENT_UNREADABLE


def legibility_of(lines: Sequence[Line]) -> float:
    """Mean confidence, 0..1, along the long lines, the kind that a zone is made of; 1 where there are none.

    Weighed by length: a line that blur took most characters of is as long as before.
    """
    long = [line for line in lines if line.characters and line.width > _LONG_ASPECT * line.height]
    length = sum(line.width for line in long)
    means = [sum(c.confidence for c in line.characters) / len(line.characters) for line in long]
    return sum(m * line.width for m, line in zip(means, long, strict=True)) / length if length else 1.0


def _fault(document: LocatedDocument, quality: PatchQuality) -> Reason | None:
    faults: tuple[tuple[bool, Reason], ...] = (
        (document.touches_edge, Reason.DOCUMENT_CUT_OFF),
        (document.has_outline and document.width_px < _MIN_WIDTH_PX, Reason.DOCUMENT_TOO_SMALL),
        (quality.luma_mean < _MIN_LUMA, Reason.DOCUMENT_TOO_DARK),
        (quality.overexposed_fraction > _MAX_OVEREXPOSED, Reason.DOCUMENT_OVEREXPOSED),
        (quality.sharpness < _MIN_SHARPNESS, Reason.DOCUMENT_BLURRED),
    )
    return next((reason for is_so, reason in faults if is_so), None)


def other_side_of(side: Side) -> bool:
    """Whether the picture shows the side that was not asked for."""
    unwanted = Shows.BACK if side.capture is CaptureKind.DOCUMENT_FRONT else Shows.FRONT
    return side.found is not None and side.found.shows is unwanted

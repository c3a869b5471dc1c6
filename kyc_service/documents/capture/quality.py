"""Whether a capture can be used, from what was read of it and how the picture is.

A retake is asked for only where reading failed, where the portrait is spoilt for the
comparison of faces, where something lies over a field, or where it is uncertain which
document is meant or that one was photographed at all: any other picture that could be
read is usable, however it looks. How it looks says what to do better next time, and is
given as scores in any case, for limits of the policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kyc_service.documents.capture import faults, limits
from kyc_service.documents.capture.screenshot import is_screenshot
from kyc_service.documents.capture.several import holds_another, says_words_twice
from kyc_service.documents.capture.sharpness import Sharpness, sharpness_of
from kyc_service.documents.capture.small import widest_small_outline
from kyc_service.documents.capture.surface import Surface, surface_of
from kyc_service.documents.capture.view import view_of
from kyc_service.documents.capture.words import card_around_words
from kyc_service.documents.families.protocol import Shows
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.reading.lines import Line
from kyc_service.documents.side import Side
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import FieldName
from kyc_service.domain.measurements import Evidence, EvidenceValue, Finding, Score
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.geometry import Points
from kyc_service.imaging.picture import Picture, Pixels
from kyc_service.imaging.quality import MAX_BLUR_SIGMA_PX, PatchQuality, measure_patch
from kyc_service.inference.ocr import Quad, TextReader

MODEL_ID: Final = "patch_quality"
_FULL_WIDTH_PX: Final = 1280.0
_SURE: Final = 0.9
_LEAST_SURE_CHARACTERS: Final = 12
_LONG_ASPECT: Final = 4.5
_GLANCE_PX: Final = 320
_NO_EDGE: Final = 1.01 / (1.0 + MAX_BLUR_SIGMA_PX)
_TELLING: Final = 8
"""Characters of a number, a date or a line of a zone that are not met twice by chance."""
_PAGE_SPREAD: Final = 0.5
"""Text that is spread over this much of the picture is a page held up to the camera, not a sheet lying about."""
_LEVEL_SLOPE: Final = 0.07
"""4 degrees: papers and prints that lie about under a card lie as they fell."""
_MIN_LEVEL: Final = 0.7
_PAGE_LINES: Final = 100
"""So is so much text; of more than a few hundred lines not all are detected."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a capture is judged by.

    ``outline`` is what was located first, before anything was read; ``surface`` and
    ``sharpness`` are of the card, where it is known where that lies.
    """

    picture: Picture
    side: Side
    outline: LocatedDocument | None
    surface: Surface | None
    pixels: Pixels

    @property
    def sharpness(self) -> Sharpness:
        """Of the card, or of all that was looked at; measured when asked for, which only what could not be read is."""
        return sharpness_of(self.pixels)


def look(picture: Picture, side: Side, outline: LocatedDocument | None) -> Seen:
    """Everything that is measured of a capture but whether it shows another document."""
    view = view_of(picture, side)
    if view is None and outline is not None and outline.has_outline:
        view = view_of(picture, Side(side.capture, outline))
    pixels = view.pixels if view is not None else side.document.pixels if side.document is not None else picture.pixels
    return Seen(picture, side, outline, surface_of(view) if view is not None else None, pixels)


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


def retake_reason(seen: Seen, reader: TextReader) -> Reason | None:
    """Why the capture is to be taken again, or (no retake) that its document is of no known family; ``None``: it is usable."""
    side = seen.side
    if _shows_other_side(seen):
        return Reason.DOCUMENT_WRONG_SIDE
    if is_screenshot(seen.picture):
        return Reason.DOCUMENT_SCREENSHOT
    if _shows_another(seen, reader):
        return Reason.DOCUMENT_SEVERAL
    if side.family is None:
        why = _why_unrecognised(seen)
        # What kind of document it is, the front says; of a back, only that it is not the one that is wanted.
        is_unknown_back = why is Reason.DOCUMENT_UNSUPPORTED and side.capture is CaptureKind.DOCUMENT_BACK
        return Reason.DOCUMENT_NOT_FOUND if is_unknown_back else why
    if not _is_read(side):
        return _why_unreadable(seen)
    return _spoilt(seen)


def _is_read(side: Side) -> bool:
    """Whether everything was read that must stand on the side."""
    # Where reading was cut short a value may lack its end; a zone is read first, as a whole.
    return (
        side.found is not None and side.found.is_whole and not (side.is_cut_short and not side.found.reading.mrz_lines)
    )


def _shows_other_side(seen: Seen) -> bool:
    unwanted = Shows.BACK if seen.side.capture is CaptureKind.DOCUMENT_FRONT else Shows.FRONT
    if seen.side.found is not None:
        return seen.side.found.shows is unwanted
    known = card_around_words(seen.side.lines)
    return known is not None and known.shows is unwanted


def _shows_another(seen: Seen, reader: TextReader) -> bool:
    side = seen.side
    if says_words_twice(side.lines):
        return True
    corners = _corners(seen)
    if side.found is None or corners is None:
        return False
    own = [row for field in side.found.reading.fields for row in field.text.split() if len(row) >= _TELLING]
    return holds_another(seen.picture, side.capture, corners, own, reader, side.timings)


def _corners(seen: Seen) -> Points | None:
    """The whole document's corners on the full-size picture; ``None``: it is not known where it ends."""
    view = seen.surface.view if seen.surface is not None else None
    if view is not None and (view.places is None or view.places.fields):
        return view.corners
    document = seen.side.document
    return np.asarray(document.region.points, np.float32) if document is not None and document.has_outline else None


def _spoilt(seen: Seen) -> Reason | None:
    """What makes a side unusable although it was read."""
    found = seen.side.found
    if seen.surface is None or seen.surface.view.places is None or found is None:
        return None
    number = found.reading.field(FieldName.ID_NUMBER)
    is_spoilt = number is not None and not number.is_certain
    return (
        faults.portrait_fault(seen.surface)
        or faults.covering(seen.surface)
        or (faults.number_fault(seen.surface) if is_spoilt else None)
    )


def _why_unreadable(seen: Seen) -> Reason:
    """What most likely kept a document that is there from being read."""
    return _fault(seen) or Reason.DOCUMENT_UNREADABLE


def _fault(seen: Seen) -> Reason | None:
    fault = _whole_fault(seen)
    if fault is not None or seen.surface is None:
        return fault
    found = seen.side.found
    return faults.local_fault(seen.surface, found.reading if found is not None else None)


def _whole_fault(seen: Seen) -> Reason | None:
    if seen.surface is None:
        return _picture_fault(seen)
    places = seen.surface.view.places
    width = limits.MIN_WIDTH_PX if places is not None and places.fields else limits.MIN_PASSPORT_WIDTH_PX
    return faults.whole_fault(seen.surface, seen.sharpness, width)


def _picture_fault(seen: Seen) -> Reason | None:
    """A fault of a picture on which it is not known where the document lies."""
    if measure_patch(seen.picture.pixels, _GLANCE_PX).luma_p95 < limits.MIN_PICTURE_LUMA:
        return Reason.DOCUMENT_TOO_DARK
    # A picture without a single edge, as of a bare table, is not thereby blurred.
    is_blurred = _NO_EDGE < seen.sharpness.smear < limits.MIN_PICTURE_SHARPNESS
    return Reason.DOCUMENT_BLURRED if is_blurred else None


def _why_unrecognised(seen: Seen) -> Reason:
    """Why no family was recognised: too poor a picture, no document, or (a rejection, not a retake) an unknown one.

    Only of a good picture can be said that its document is unknown: large print outlives
    blur that makes a zone illegible. White paper is bright, which is no fault where its text is read.
    """
    side = seen.side
    if side.document is None:
        return Reason.DOCUMENT_NOT_FOUND
    sure = sum(c.confidence >= _SURE for line in side.lines for c in line.characters)
    is_text = sure >= _LEAST_SURE_CHARACTERS
    is_known = seen.surface is not None and seen.surface.view.places is not None
    if is_known:
        return _fault(seen) or Reason.DOCUMENT_UNREADABLE
    if not _is_page(seen) or not is_text:
        return _why_not_found(seen)
    is_legible = legibility_of(side.lines) >= limits.MIN_LEGIBILITY
    fault = _fault(seen) if side.document.has_outline or not is_legible else _whole_fault(seen)
    if fault not in (None, Reason.DOCUMENT_OVEREXPOSED):
        return fault
    return Reason.DOCUMENT_UNSUPPORTED if is_legible else Reason.DOCUMENT_UNREADABLE


def _why_not_found(seen: Seen) -> Reason:
    """Of a picture without a document that could be named: too dark, too blurred or too far to tell, or none."""
    fault = _picture_fault(seen) if seen.surface is None else _fault(seen) if seen.side.lines else None
    if fault is not None:
        return fault
    if widest_small_outline(seen.picture, limits.MIN_WIDTH_PX) is not None:
        return Reason.DOCUMENT_TOO_SMALL
    return Reason.DOCUMENT_NOT_FOUND


def _is_page(seen: Seen) -> bool:
    """Whether the text stands on an outline, or fills the picture as a page does."""
    page = seen.side.page
    if page is None or not page.quads:
        return seen.surface is not None
    if page.document.has_outline:
        return True
    if _levelness(page.quads) < _MIN_LEVEL:
        return False
    points = np.concatenate(page.quads)
    height, width = page.document.pixels.shape[:2]
    spread = np.ptp(points, axis=0) / (width, height)
    return bool(spread.min() > _PAGE_SPREAD) or len(page.quads) >= _PAGE_LINES


def _levelness(quads: Sequence[Quad]) -> float:
    """The share of text, by length, that runs along or across the picture: of a page held up or scanned nearly all does."""
    edges = np.array([q[1] - q[0] for q in quads], np.float32)
    lengths = np.linalg.norm(edges, axis=1)
    off_axis = np.abs(edges).min(axis=1) / np.maximum(np.abs(edges).max(axis=1), 1e-6)
    return float(lengths[off_axis < _LEVEL_SLOPE].sum() / max(float(lengths.sum()), 1e-6))


def legibility_of(lines: Sequence[Line]) -> float:
    """Mean confidence, 0..1, along the long lines, the kind that a zone is made of; 1 where there are none.

    Weighed by length: a line that blur took most characters of is as long as before.
    """
    long = [line for line in lines if line.characters and line.width > _LONG_ASPECT * line.height]
    length = sum(line.width for line in long)
    means = [sum(c.confidence for c in line.characters) / len(line.characters) for line in long]
    return sum(m * line.width for m, line in zip(means, long, strict=True)) / length if length else 1.0

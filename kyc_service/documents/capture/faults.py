"""What is wrong with a side whose card is known: the first fault that explains it, or none.

Faults of the whole picture come first (dark, small, blurred), for they explain everything
else; then those of a place, where print or the portrait should be: outside the picture,
under a reflection, under a thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import cv2
import numpy as np

from kyc_service.documents.capture import limits
from kyc_service.documents.capture.places import Box, SidePlaces
from kyc_service.documents.capture.sharpness import Sharpness
from kyc_service.documents.capture.surface import Surface
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.reasons import Reason

_EDGE_PX: Final = 8


def portrait_fault(surface: Surface) -> Reason | None:
    """What spoils the portrait for a comparison of faces, whatever was read; ``None``: nothing, or the side has none."""
    places = surface.view.places
    if places is None or places.face is None:
        return None
    if places.portrait is not None and surface.unseen(places.portrait) > limits.MAX_PORTRAIT_UNSEEN:
        return Reason.DOCUMENT_CUT_OFF
    if surface.share(surface.is_blank, places.face) > limits.MAX_PORTRAIT_GLARE:
        # A page that is white all over (a scan, a drawn specimen) has no reflection on its portrait.
        return _glare(surface) if places.fields or not _is_blank_all_over(surface) else None
    if _is_portrait_covered(surface, places):
        return Reason.DOCUMENT_COVERED
    is_faint = bool(places.beside) and portrait_contrast(surface, places.face) < limits.MIN_PORTRAIT_CONTRAST
    return Reason.DOCUMENT_TOO_DARK if is_faint and surface.ground_luma < limits.MIN_GROUND_LUMA else None


def _is_portrait_covered(surface: Surface, places: SidePlaces) -> bool:
    """Whether a thing lies over the portrait: it hides the ground beside the head and reaches out of the portrait's frame.

    A portrait with a ground of its own, pasted into that frame, is no thing on the card.
    """
    if not places.beside or not places.around:
        return False
    hides = min(surface.share(surface.is_foreign, box) for box in places.beside) > limits.MAX_BESIDE_FOREIGN
    return hides and max(surface.share(surface.is_foreign, box) for box in places.around) > limits.MAX_AROUND_FOREIGN


def portrait_contrast(surface: Surface, face: Box) -> float:
    """Standard deviation of luma over ``face``, noise smoothed away."""
    luma = cv2.cvtColor(surface.view.pixels[surface.view.part(face)], cv2.COLOR_BGR2GRAY).astype(np.float32)
    return float(cv2.GaussianBlur(luma, (0, 0), 2.0).std())


def whole_fault(surface: Surface, sharpness: Sharpness, least_width_px: float = limits.MIN_WIDTH_PX) -> Reason | None:
    """A fault of the whole picture."""
    faults = (
        (surface.ground_luma < limits.MIN_GROUND_LUMA, Reason.DOCUMENT_TOO_DARK),
        (surface.view.width_px < least_width_px, Reason.DOCUMENT_TOO_SMALL),
        (sharpness.smear < limits.MIN_SHARPNESS, Reason.DOCUMENT_BLURRED),
        (sharpness.evenness < limits.MIN_EVENNESS, Reason.DOCUMENT_BLURRED),
    )
    return next((reason for is_so, reason in faults if is_so), None)


def local_fault(surface: Surface, reading: DocumentReading | None) -> Reason | None:
    """What hides a field that was not read with certainty: every field, where nothing was read."""
    places = surface.view.places
    if places is None or not places.fields:
        return _anywhere(surface)
    certain = {f.name for f in reading.fields if f.is_certain} if reading is not None else set()
    boxes = [box for name, box in places.fields.items() if name not in certain]
    return _worst(_hidden(surface, boxes))


def number_fault(surface: Surface) -> Reason | None:
    """What hides the number, of which something was read without certainty."""
    places = surface.view.places
    box = places.fields.get(FieldName.ID_NUMBER) if places is not None else None
    return None if box is None else _worst(_hidden(surface, [box]))


def covering(surface: Surface) -> Reason | None:
    """A thing over the place of a field, even where something was read of it: a name may have lost its end."""
    places = surface.view.places
    boxes = places.fields.values() if places is not None else ()
    is_covered = any(surface.share(surface.is_foreign, box) > limits.MAX_FIELD_FOREIGN for box in boxes)
    return Reason.DOCUMENT_COVERED if is_covered else None


def _hidden(surface: Surface, boxes: Iterable[Box]) -> Iterator[tuple[float, Reason]]:
    """How far beyond its limit each fault is at each place; 1 is at the limit."""
    for box in boxes:
        yield surface.unseen(box) / limits.MAX_FIELD_UNSEEN, Reason.DOCUMENT_CUT_OFF
        if surface.unseen(box) < 1.0:
            yield surface.share(surface.is_blank, box) / limits.MAX_FIELD_GLARE, _glare(surface)
            yield surface.share(surface.is_foreign, box) / limits.MAX_FIELD_FOREIGN, Reason.DOCUMENT_COVERED


def _worst(faults: Iterator[tuple[float, Reason]]) -> Reason | None:
    size, reason = max(faults, key=lambda fault: fault[0], default=(0.0, None))
    return reason if size > 1.0 else None


def _glare(surface: Surface) -> Reason:
    return Reason.DOCUMENT_OVEREXPOSED if _is_blank_all_over(surface) else Reason.DOCUMENT_GLARE


def _is_blank_all_over(surface: Surface) -> bool:
    return float(surface.is_blank[surface.view.is_inside].mean()) > limits.MAX_CARD_GLARE


def _anywhere(surface: Surface) -> Reason | None:
    """The same on a card of which only the outline is known."""
    blank = float(surface.is_blank[surface.view.is_inside].mean()) if surface.view.is_inside.any() else 0.0
    if 1.0 - surface.view.is_inside.mean() > limits.MAX_FIELD_UNSEEN:
        return Reason.DOCUMENT_CUT_OFF
    if blank > limits.MAX_FIELD_GLARE:
        return _glare(surface)
    return Reason.DOCUMENT_COVERED if _over_the_edge(surface) > limits.MAX_EDGE_FOREIGN else None


def _over_the_edge(surface: Surface) -> float:
    """The share of the card under the largest foreign thing that reaches over its edge."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(surface.is_foreign.astype(np.uint8))
    rim = np.ones(labels.shape, np.bool_)
    rim[_EDGE_PX:-_EDGE_PX, _EDGE_PX:-_EDGE_PX] = False
    reaching = set(np.unique(labels[rim]).tolist()) & set(range(1, count))
    return max((float(stats[i, cv2.CC_STAT_AREA]) / labels.size for i in reaching), default=0.0)

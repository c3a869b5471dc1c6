"""Where number and portrait lie on a specimen, by its family's print layout and not by reading.

The service takes these places from what it read; a measurement of pixels need not wait for a text recogniser. The
Chinese card's front is the one layout known here; other families are measured without a number and a portrait.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kyc_service.documents.authenticity.places import Places
from kyc_service.documents.finding.locate import LocatedDocument, locate, whole_picture
from kyc_service.domain.captures import CaptureKind
from kyc_service.imaging.geometry import Points
from kyc_service.imaging.picture import Picture

CARD_FAMILY: Final = "cn_resident_identity_card"
NUMBER_CHARACTERS: Final = 18
_CARD_MM: Final = (85.6, 54.0)
_NUMBER_MM: Final = (27.6, 44.9, 71.88, 48.9)
_PORTRAIT_MM: Final = (54.6, 7.6, 79.1, 38.6)


def found_document(picture: Picture, capture: CaptureKind = CaptureKind.DOCUMENT_FRONT) -> LocatedDocument | None:
    """The document, or the whole picture where no outline stands out; ``None`` for pictures too small to hold one."""
    located = locate(picture, capture)
    if located is None and min(picture.pixels.shape[:2]) >= NUMBER_CHARACTERS * 4:
        return whole_picture(picture, capture)
    return located


def placed(document: LocatedDocument, family: str, side: str) -> tuple[LocatedDocument, Places]:
    """The document right way up, with the places its layout gives."""
    if family != CARD_FAMILY or side != "front" or not document.has_outline:
        return document, Places()
    if _number_energy(document.turned(2)) > _number_energy(document):
        document = document.turned(2)
    number, portrait = (_corners(document, box) for box in (_NUMBER_MM, _PORTRAIT_MM))
    return document, Places(
        document.region_of(number, "number"), NUMBER_CHARACTERS, document.region_of(portrait, "portrait")
    )


def _corners(document: LocatedDocument, box_mm: tuple[float, float, float, float]) -> Points:
    height, width = document.pixels.shape[:2]
    left, top, right, bottom = (
        mm * scale for mm, scale in zip(box_mm, (width / _CARD_MM[0], height / _CARD_MM[1]) * 2, strict=True)
    )
    return np.array(((left, top), (right, top), (right, bottom), (left, bottom)), np.float32)


def _number_energy(document: LocatedDocument) -> float:
    """How much upright stroke there is where the number is printed: hardly any where the card lies upside down."""
    (left, top), _, (right, bottom), _ = _corners(document, _NUMBER_MM).round().astype(int)
    part = cv2.cvtColor(document.pixels[top:bottom, left:right], cv2.COLOR_BGR2GRAY)
    return float(np.abs(np.diff(part.astype(np.float32), axis=1)).mean())

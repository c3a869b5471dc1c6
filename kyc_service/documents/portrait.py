"""Where the portrait lies on a document laid flat.

On the Chinese resident identity card it stands in one place (GA 448-2013); the box is
given with a margin, for cards are not always framed to the pixel. Elsewhere the whole
page is searched.
"""

from __future__ import annotations

from typing import Final

from kyc_service.documents.locate import LocatedDocument
from kyc_service.domain.claims import DocumentType
from kyc_service.imaging.picture import Pixels

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels of the laid-flat document."""

_CN_PORTRAIT: Final = (0.58, 0.06, 0.42, 0.74)
"""Left, top, width, height as shares of the card."""


def portrait_box(document: LocatedDocument, document_type: DocumentType | None) -> Box:
    """The box to look for the portrait in; the whole page where the family says nothing of it."""
    height, width = document.pixels.shape[:2]
    if document_type is not DocumentType.CN_RESIDENT_IDENTITY_CARD or not document.has_outline:
        return 0, 0, width, height
    left, top, across, down = _CN_PORTRAIT
    return round(left * width), round(top * height), round(across * width), round(down * height)


def portrait_crop(document: LocatedDocument, document_type: DocumentType | None) -> Pixels:
    """The pixels (BGR uint8) of :func:`portrait_box`."""
    x, y, width, height = portrait_box(document, document_type)
    return document.pixels[y : y + height, x : x + width]

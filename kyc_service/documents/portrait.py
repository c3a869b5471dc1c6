"""Cutting the portrait's place out of the document that was read.

The place is worked out by the family from the very line that was read (the number of a
resident card, the machine-readable zone), never from the outline located first: that may
belong to something else on the same picture, laid there to have its face compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.domain.measurements import Region
from kyc_service.imaging.geometry import Points, map_points
from kyc_service.imaging.picture import Pixels

AREA_LABEL: Final = "portrait_area"
_GREY: Final = 127


@dataclass(frozen=True, slots=True, eq=False)
class PortraitCrop:
    """A part of a document: BGR uint8 ``pixels`` whose top left corner lies at ``offset`` (x, y) of ``document``."""

    pixels: Pixels
    document: LocatedDocument
    offset: tuple[int, int]

    def region_of(self, points: Points, label: str) -> Region:
        """``points`` (N x 2, on ``pixels``) as a region of the uploaded picture, named ``label``."""
        return self.document.region_of(np.asarray(points, np.float32) + np.asarray(self.offset, np.float32), label)


def portrait_crop(front: LocatedDocument, area: Region) -> PortraitCrop:
    """What of ``front`` lies in ``area``: its bounding box, grey outside of ``area`` itself; never empty."""
    corners = map_points(np.linalg.inv(front.to_source), area.points)
    height, width = front.pixels.shape[:2]
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    left, top = (int(v) for v in np.clip(low, 0, [width - 1, height - 1]))
    right, bottom = (int(v) for v in np.clip(high, [left + 1, top + 1], [width, height]))
    pixels = front.pixels[top:bottom, left:right].copy()
    inside = np.zeros(pixels.shape[:2], np.uint8)
    cv2.fillConvexPoly(inside, np.round(corners - [left, top]).astype(np.int32), 1)
    pixels[inside == 0] = _GREY
    return PortraitCrop(pixels, front, (left, top))

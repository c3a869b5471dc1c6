"""Where the portrait of the document that was read must lie, and how to cut that out.

The place is worked out from the very line that was read (the number of a resident card,
the machine-readable zone), never from the outline located first: that may belong to
something else on the same picture, laid there to have its face compared.

Source: GA 448-2013 (resident card); ICAO Doc 9303 parts 4, 6 and 7 (page sizes, portrait
above the zone and to the left).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.documents.families.cn_resident_card.front import CnFront
from kyc_service.documents.families.cn_resident_card.places import corners_from_number
from kyc_service.documents.families.icao_mrz.zone import MrzZone
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.documents.side import Side
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Region
from kyc_service.identifiers.mrz import MrzFormat
from kyc_service.imaging.geometry import Points, map_points
from kyc_service.imaging.picture import Pixels

AREA_LABEL: Final = "portrait_area"
_CN_PORTRAIT: Final = ((0.58, 0.06), (1.0, 0.80))
"""Left top and right bottom as shares of the card: the portrait with a margin, for the frame is only as good as a line's ends."""
_PITCH_MM: Final = 2.54
_BELOW_MM: Final = 17.0
"""From the top of the zone's first line to the page's lower edge."""
_ZONES_MM: Final = {
    MrzFormat.TD3: (44 * _PITCH_MM, 88.0 - _BELOW_MM),
    MrzFormat.MRV_A: (44 * _PITCH_MM, 80.0 - _BELOW_MM),
    MrzFormat.TD2: (36 * _PITCH_MM, 74.0 - _BELOW_MM),
    MrzFormat.MRV_B: (36 * _PITCH_MM, 74.0 - _BELOW_MM),
}
"""Width of the zone and height of the page above it. TD1 has its zone on the side without portrait."""
_MARGIN: Final = 0.05
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


def portrait_area(side: Side) -> Region | None:
    """Where the portrait of what was read on ``side`` must lie, labelled ``portrait_area``; ``None``: that holds none."""
    if side.document is None or side.capture is not CaptureKind.DOCUMENT_FRONT:
        return None
    if side.front is not None:
        return side.document.region_of(_on_card(side.front), AREA_LABEL)
    corners = _above_zone(side.zone) if side.zone is not None else None
    return None if corners is None else side.document.region_of(corners, AREA_LABEL)


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


def _on_card(front: CnFront) -> Points:
    card = corners_from_number(front.number)
    across, down = card[1] - card[0], card[3] - card[0]
    (left, top), (right, bottom) = _CN_PORTRAIT
    places = ((left, top), (right, top), (right, bottom), (left, bottom))
    return np.array([card[0] + across * x + down * y for x, y in places], np.float32)


def _above_zone(zone: MrzZone) -> Points | None:
    """The page above ``zone``, as wide as it and a little more: the portrait may begin left of its first character."""
    size = _ZONES_MM.get(zone.fields.format) if zone.fields is not None else None
    if size is None:
        return None
    quads = [line.quad for row in zone.rows for line in row.lines]
    axis = max((q[1] - q[0] for q in quads), key=lambda v: float(np.linalg.norm(v)))
    along = axis / max(1e-6, float(np.linalg.norm(axis)))
    down = np.array([-along[1], along[0]], np.float32)
    points = np.concatenate(quads)
    ends: NDArray[np.float32] = points @ along
    width = float(ends.max() - ends.min())
    left, right = float(ends.min()) - _MARGIN * width, float(ends.max()) + _MARGIN * width
    bottom = float((points @ down).min())
    top = bottom - width * size[1] / size[0]
    return np.array(
        [along * x + down * y for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))], np.float32
    )

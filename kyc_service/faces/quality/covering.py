"""Are eyes, mouth and skin to be seen? No model was trained for it: what must differ on a bare face is measured.

An open eye is white and dark side by side, a mouth has a dark line between its lips, and
the tip of the nose has the colour of the skin around the eyes. Dark glasses, masks and
microphones break these; a hand has the skin's own colour and is seen only where it hides
a mouth. All contrasts are shares of the skin's own luma, so that dark skin in the same
light gives the same.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kyc_service.faces.quality.standard_face import Points, StandardFace

_LIDS: Final = slice(0, 16)
_LID_MARGIN_PX: Final = 9
_LIPS: Final = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
_MOUTH_LEFT, _MOUTH_RIGHT, _MOUTH_TOP, _MOUTH_BOTTOM = 61, 291, 0, 17
_INSIDE_CORNERS_PX: Final = 3
_ABOVE_PX, _BELOW_PX = 4, 5
_UPPER_SKIN: Final = (
    (109, 10, 338, 337, 336, 9, 107, 108),
    (228, 229, 230, 231, 120, 119, 118),
    (448, 449, 450, 451, 349, 348, 347),
    (193, 417, 420, 198),
    (117, 118, 101, 36, 205, 187, 123),
    (346, 347, 330, 266, 425, 411, 352),
)
"""Forehead, under both eyes, bridge of the nose, both cheeks."""
_LOWER_SKIN: Final = (
    (51, 281, 275, 4, 45),
    (97, 2, 326, 393, 164, 167),
    (205, 206, 216, 212, 214, 192, 187),
    (425, 426, 436, 432, 434, 416, 411),
    (204, 194, 201, 200, 421, 418, 424, 262, 369, 396, 175, 171, 140, 32),
    _LIPS,
)
"""Tip of the nose, above the lip, both lower cheeks, chin, lips."""
_MOST_DEVIATION: Final = 20.0
"""One part that differs (a lipstick, a beard) must not outvote the others."""
_BLACK: Final = 8.0


def skin_luma(face: StandardFace) -> float:
    """Luma of the upper face's skin, 0..255: what contrasts are shares of."""
    return float(np.median([_median(face, part)[0] for part in _UPPER_SKIN]))


def eye_contrast(face: StandardFace, skin: float) -> float:
    """Spread of luma within the lids and just around them, as a share of the skin's, of the plainer eye; from 0.

    ISO: eyes visible. OFIQ asks a segmentation network for the covered share; this tells
    only whether something with an eye's contrasts is there.
    """
    return min(_spread_within(face, eye[_LIDS]) for eye in (face.left_eye, face.right_eye)) / (skin + _BLACK)


def mouth_contrast(face: StandardFace, skin: float) -> float:
    """Depth of the dark line between the lips plus the spread of luma on them, as a share of the skin's; from 0.

    ISO: mouth occlusion prevention. OFIQ asks a segmentation network.
    """
    points = face.points
    left, right = int(points[_MOUTH_LEFT, 0]) + _INSIDE_CORNERS_PX, int(points[_MOUTH_RIGHT, 0]) - _INSIDE_CORNERS_PX
    top, bottom = int(points[_MOUTH_TOP, 1]) - _ABOVE_PX, int(points[_MOUTH_BOTTOM, 1]) + _BELOW_PX
    rows = face.luma[max(0, top) : max(0, bottom), max(0, left) : max(left + 3, right, 0)]
    if not rows.size:
        return 0.0
    by_row = rows.mean(axis=1)
    spread = float(face.luma[face.inside(points[list(_LIPS)])].std())
    return (float(np.median(by_row) - by_row.min()) + spread) / (skin + _BLACK)


def skin_deviation(face: StandardFace) -> float:
    """How far the lower face's colour (Cr, Cb) lies from the upper face's, in levels, averaged over six parts.

    ISO: face occlusion prevention. OFIQ asks a segmentation network. Colour alone: a beard's
    darkness does not count, a grey mask before grey skin is not seen.
    """
    upper = np.median([_median(face, part)[1:] for part in _UPPER_SKIN], axis=0)
    apart = [float(np.hypot(*(np.array(_median(face, part)[1:]) - upper))) for part in _LOWER_SKIN]
    return float(np.minimum(apart, _MOST_DEVIATION).mean())


def _median(face: StandardFace, part: tuple[int, ...]) -> tuple[float, float, float]:
    inside = face.inside(face.points[list(part)])
    luma, red, blue = (float(np.median(plane[inside])) for plane in (face.luma, face.red, face.blue))
    return luma, red, blue


def _spread_within(face: StandardFace, outline: Points) -> float:
    margin = np.ones((_LID_MARGIN_PX, _LID_MARGIN_PX), dtype=np.uint8)
    inside = cv2.dilate(face.inside(outline).astype(np.uint8), margin) > 0
    return float(face.luma[inside].std())

"""The crops of one face that the embedder looks at: two sizes, each with its mirror image.

The detector's five points jitter by a few pixels of the template, and more where the head
is turned. A mesh over the whole face places the same five points more steadily, so the
crops are cut by those; where mesh and detector contradict each other, by the detector's.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.faces.align import ALIGNED_PX, WIDE_PX, WIDE_SCALE, AlignedFace, similarity
from kyc_service.inference.engines import FaceMesher, Pixels

SCALES: Final = (1.0, 0.9)
"""Sizes of the face, of the template's: the smaller one sees more of the head's outline."""

_MESH_TEMPLATE: Final = np.array(
    [[37.39, 53.23], [73.62, 52.97], [55.27, 76.42], [40.63, 92.16], [71.51, 91.89]], dtype=np.float32
)
"""Where a mesh sees the five points of a face that lies on the template: medians over press photographs."""
_MESH_SIDE_PX: Final = 250
"""Side of the part of the wide crop that the mesh looks at: the face fills about two thirds of it."""
_MESH_MIDDLE: Final = np.array([159.5, 172.0])
"""Middle of that part: a face reaches farther below the template's middle than above."""
_EYES: Final = ((33, 133), (362, 263))
_NOSE: Final = 1
_MOUTH: Final = (61, 291)
_MAX_APART: Final = 13.0
"""Pixels of the template by which mesh and detector differ on average at most: the most over press photographs."""
_MIN_PRESENCE: Final = 0.5
_OVERSAMPLING: Final = 2

_UNREFINED: Final = np.array([[0, 0], [WIDE_PX, 0], [WIDE_PX, WIDE_PX], [0, WIDE_PX]], dtype=np.float32)
"""Corners of the wide crop: it lies on the template as the detector saw the face."""


def views(face: AlignedFace, mesher: FaceMesher) -> tuple[Pixels, ...]:
    """The crops of ``face`` (112x112x3, BGR): each size, then its mirror image."""
    landmarks, template = _landmarks(face, mesher)
    crops = [_crop(face.wide, landmarks, template, scale) for scale in SCALES]
    return tuple(view for crop in crops for view in (crop, np.ascontiguousarray(crop[:, ::-1])))


def _landmarks(face: AlignedFace, mesher: FaceMesher) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Five points on the wide crop, and where they lie on the template."""
    to_part = np.column_stack([np.eye(2), (_MESH_SIDE_PX - 1) / 2 - _MESH_MIDDLE]) * (mesher.side_px / _MESH_SIDE_PX)
    found = mesher.mesh(_warp(face.wide, to_part, mesher.side_px))
    back = cv2.invertAffineTransform(to_part)
    points = found.points[:, :2] @ back[:, :2].T + back[:, 2]
    five = np.stack([*(points[list(eye)].mean(axis=0) for eye in _EYES), points[_NOSE], *points[list(_MOUTH)]])
    apart = np.linalg.norm(_on_template(five) - _MESH_TEMPLATE, axis=1).mean()
    if found.presence < _MIN_PRESENCE or apart > _MAX_APART:
        return _UNREFINED, _on_template(_UNREFINED)
    return five.astype(np.float32), _MESH_TEMPLATE


def _on_template(points: NDArray[np.floating]) -> NDArray[np.float32]:
    """Points of the wide crop in pixels of the template, as the detector would have them lie."""
    return np.asarray((points - WIDE_PX / 2) / WIDE_SCALE + ALIGNED_PX / 2, dtype=np.float32)


def _crop(wide: Pixels, landmarks: NDArray[np.float32], template: NDArray[np.float32], scale: float) -> Pixels:
    """``landmarks`` brought to ``template``, at ``scale`` about the template's middle; averaged down to size."""
    middle = ALIGNED_PX / 2
    goal = (scale * (template - middle) + middle + 0.5) * _OVERSAMPLING - 0.5
    large = _warp(wide, similarity(landmarks, goal.astype(np.float32)), ALIGNED_PX * _OVERSAMPLING)
    return np.asarray(cv2.resize(large, (ALIGNED_PX, ALIGNED_PX), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _warp(pixels: Pixels, matrix: NDArray[np.float64], side: int) -> Pixels:
    warped = cv2.warpAffine(pixels, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)

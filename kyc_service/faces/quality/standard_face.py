"""One face at one size: the crop that every measure of quality reads, and what lies where on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.faces.align import similarity
from kyc_service.faces.mesh import FaceMesh
from kyc_service.inference.engines import Pixels

SIDE_PX: Final = 160
INTER_EYE_PX: Final = 56.0
_EYES: Final = np.array([[52, 60], [108, 60]], dtype=np.float32)
_EYE_CORNERS: Final = ((33, 133), (263, 362))
_LEAST_EYES_PX: Final = 1e-3
_REDUCE_BELOW: Final = 0.5

Points = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class StandardFace:
    """``luma``, ``red`` and ``blue`` (Y, Cr, Cb of BT.601; 160 x 160 float32, 0..255) of a face
    with 56 px between its eyes; ``points`` (468 x 2), ``left_eye`` and ``right_eye`` (76 x 2)
    are those of its mesh in the same pixels.
    """  # noqa: D205 - one sentence that needs two lines

    luma: NDArray[np.float32]
    red: NDArray[np.float32]
    blue: NDArray[np.float32]
    points: Points
    left_eye: Points
    right_eye: Points

    def inside(self, outline: Points) -> Mask:
        """The pixels within the convex hull of ``outline`` (N x 2), at least one."""
        mask = np.zeros(self.luma.shape, dtype=np.uint8)
        cv2.fillConvexPoly(mask, cv2.convexHull(np.round(outline).astype(np.int32)), (1,))
        if not mask.any():
            x, y = np.clip(np.round(outline.mean(axis=0)), 0, SIDE_PX - 1).astype(int)
            mask[y, x] = 1
        return mask > 0


def standard_face(pixels: Pixels, mesh: FaceMesh) -> StandardFace:
    """Cut the face under ``mesh`` out of ``pixels`` (BGR)."""
    eyes = np.stack([mesh.points[list(corners), :2].mean(axis=0) for corners in _EYE_CORNERS]).astype(np.float32)
    if float(np.linalg.norm(eyes[1] - eyes[0])) < _LEAST_EYES_PX:
        eyes = eyes.mean(axis=0) + _EYES - _EYES.mean(axis=0)
    matrix = similarity(eyes, _EYES)
    crop = _cut(pixels, matrix)
    luma, red, blue = cv2.split(np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2YCrCb), dtype=np.float32))
    found = (np.asarray(p[:, :2] @ matrix[:, :2].T + matrix[:, 2], dtype=np.float32) for p in _outlines(mesh))
    planes = (np.asarray(plane, dtype=np.float32) for plane in (luma, red, blue))
    return StandardFace(*planes, *found)


def _outlines(mesh: FaceMesh) -> tuple[Points, Points, Points]:
    return mesh.points, mesh.left_eye, mesh.right_eye


def _cut(pixels: Pixels, matrix: NDArray[np.float64]) -> Pixels:
    """The crop; large faces are reduced by area averaging first, since a plain warp would skip pixels."""
    scale = math.hypot(matrix[0, 0], matrix[1, 0])
    near, to_crop = pixels, matrix
    if scale < _REDUCE_BELOW:
        back = cv2.invertAffineTransform(matrix)
        frame = np.array([[0, 0, 1], [SIDE_PX, 0, 1], [SIDE_PX, SIDE_PX, 1], [0, SIDE_PX, 1]]) @ np.asarray(back).T
        height, width = pixels.shape[:2]
        left, top = np.clip(np.floor(frame.min(axis=0)), 0, (width - 1, height - 1)).astype(int)
        right, bottom = np.clip(np.ceil(frame.max(axis=0)), (left + 1, top + 1), (width, height)).astype(int)
        part = pixels[top:bottom, left:right]
        size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
        near = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        zoom = np.array([part.shape[1] / size[0], part.shape[0] / size[1]])
        # Pixels are counted from their centres: x = left + (x' + 1/2) * zoom - 1/2
        start = np.array([left, top]) + zoom / 2 - 0.5
        to_crop = np.column_stack([matrix[:, :2] * zoom, matrix[:, 2] + matrix[:, :2] @ start])
    warped = cv2.warpAffine(near, to_crop, (SIDE_PX, SIDE_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)

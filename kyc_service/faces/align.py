"""Bring a face to the place where the embedder expects it.

Source: Guo et al., InsightFace, the 112x112 template of ArcFace (Deng et al., 2019);
Umeyama, "Least-squares estimation of transformation parameters" (1991).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.measurements import Region
from kyc_service.inference.engines import DetectedFace, Pixels

ALIGNED_PX: Final = 112
TEMPLATE: Final = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]],
    dtype=np.float32,
)
TEMPLATE_INTER_EYE_PX: Final = float(np.linalg.norm(TEMPLATE[1] - TEMPLATE[0]))

WIDE_PX: Final = 320
WIDE_SCALE: Final = 1.6
_WIDE_TEMPLATE: Final = (TEMPLATE - ALIGNED_PX / 2) * WIDE_SCALE + WIDE_PX / 2
_REDUCE_BELOW: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class AlignedFace:
    """One face, brought to the template.

    ``aligned`` (112x112x3, BGR) is what the embedder sees; ``wide`` (320x320x3, BGR) the
    same face at 1.6 times the size with its surroundings. ``box`` (x, y, width, height)
    and ``landmarks`` (5 x 2) are in pixels of the array that was searched, ``region`` is
    on the capture at full size, ``confidence`` the detector's, 0..1.
    """

    aligned: Pixels
    wide: Pixels
    box: tuple[float, float, float, float]
    landmarks: NDArray[np.float32]
    region: Region
    confidence: float


def align(pixels: Pixels, face: DetectedFace, region: Region) -> AlignedFace:
    """Cut ``face`` out of ``pixels`` (BGR), upright and at the template's size.

    Large faces are reduced by area averaging first; a plain warp would skip pixels.
    """
    near, landmarks = _at_working_scale(pixels, face.landmarks)
    return AlignedFace(
        aligned=_warp(near, similarity(landmarks, TEMPLATE), ALIGNED_PX),
        wide=_warp(near, similarity(landmarks, _WIDE_TEMPLATE), WIDE_PX),
        box=face.box,
        landmarks=face.landmarks,
        region=region,
        confidence=face.confidence,
    )


def corners(box: tuple[float, float, float, float]) -> NDArray[np.float32]:
    """The four corners of (x, y, width, height), clockwise from the top left; 4 x 2.

    >>> corners((1, 2, 10, 20)).tolist()
    [[1.0, 2.0], [11.0, 2.0], [11.0, 22.0], [1.0, 22.0]]
    """
    x, y, width, height = box
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], dtype=np.float32)


def similarity(source: NDArray[np.float32], target: NDArray[np.float32]) -> NDArray[np.float64]:
    """The 2x3 rotation, scale and shift that bring ``source`` (N x 2) nearest to ``target``.

    >>> square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32)
    >>> np.allclose(similarity(square, square * 2 + 3), [[2, 0, 3], [0, 2, 3]])
    True
    """
    points, goals = source.astype(np.float64), target.astype(np.float64)
    from_middle, to_middle = points.mean(axis=0), goals.mean(axis=0)
    p, q = points - from_middle, goals - to_middle
    # Rotation with scale is one complex number, so the least squares solution is a division.
    squares = float((p**2).sum())
    a = float((p * q).sum()) / squares
    b = float((p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum()) / squares
    turn = np.array([[a, -b], [b, a]])
    return np.column_stack([turn, to_middle - turn @ from_middle])


def _warp(pixels: Pixels, matrix: NDArray[np.float64], side: int) -> Pixels:
    warped = cv2.warpAffine(pixels, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)


def _at_working_scale(pixels: Pixels, landmarks: NDArray[np.float32]) -> tuple[Pixels, NDArray[np.float32]]:
    """The part of ``pixels`` that both crops read, reduced to the wide crop's scale if the face is large."""
    wide = similarity(landmarks, _WIDE_TEMPLATE)
    scale = float(np.hypot(wide[0, 0], wide[1, 0]))
    if scale / WIDE_SCALE >= _REDUCE_BELOW:
        return pixels, landmarks
    back = cv2.invertAffineTransform(wide)
    frame = np.array([[0, 0, 1], [WIDE_PX, 0, 1], [WIDE_PX, WIDE_PX, 1], [0, WIDE_PX, 1]], dtype=np.float64) @ back.T
    height, width = pixels.shape[:2]
    left, top = np.clip(np.floor(frame.min(axis=0)), 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(np.ceil(frame.max(axis=0)) + 1, (left + 1, top + 1), (width, height)).astype(int)
    crop = pixels[top:bottom, left:right]
    size = (max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale)))
    reduced = np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    zoom = np.array([crop.shape[1] / size[0], crop.shape[0] / size[1]])
    # Pixels are counted from their centres: x = left + (x' + 1/2) * zoom - 1/2
    moved = (landmarks - np.array([left, top]) + 0.5) / zoom - 0.5
    return reduced, moved.astype(np.float32)

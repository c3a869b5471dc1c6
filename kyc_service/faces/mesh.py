"""Lay a mesh of 468 points over a face, and draw its eyes more finely.

The face is cut out upright; what the network answers is laid back onto the picture. The
lids come from a second network that looks at each eye alone: the mesh's own hardly close.

Source: Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on
Mobile GPUs" (2019); Ablavatski et al., "Real-time Pupil Tracking from Monocular Video for
Digital Puppetry" (2020).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.inference.engines import DetectedFace, EyeContours, FaceEngines, Pixels

_CROP_FACTOR: Final = 1.5
"""Side of the crop, in the longer side of the face's box: what the network was trained on."""
_EYE_FACTOR: Final = 2.3
"""Side of an eye's crop, in the distance between the eye's corners."""
_LEFT_CORNERS: Final = (33, 133)
_RIGHT_CORNERS: Final = (263, 362)
_CHIN: Final = 152
_FOREHEAD: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class FaceMesh:
    """A face as a surface, in pixels of the picture that was searched.

    ``points``: 468 x 3 float32 (x, y, z), z in the same scale and less where nearer to
    the camera, its zero near the head's middle; MediaPipe's order. ``left_eye`` and
    ``right_eye``: 76 x 2 float32, by the picture's sides: 0..8 the lower lid from the
    outer corner to the inner one, 9..15 the upper lid, 71..75 the iris (middle, right,
    above, left, below). ``presence``: how surely this is a face, 0..1.
    """

    points: NDArray[np.float32]
    left_eye: NDArray[np.float32]
    right_eye: NDArray[np.float32]
    presence: float


def mesh_of(pixels: Pixels, face: DetectedFace, engines: FaceEngines) -> FaceMesh:
    """The mesh of ``face`` in ``pixels`` (BGR): one look at the face, one at each eye; 15 ms."""
    eyes = face.landmarks[1] - face.landmarks[0]
    x, y, width, height = face.box
    middle = np.array([x + width / 2, y + height / 2])
    return _look(pixels, middle, _CROP_FACTOR * max(width, height), math.atan2(eyes[1], eyes[0]), engines)


def mesh_after(pixels: Pixels, before: FaceMesh, engines: FaceEngines) -> FaceMesh:
    """The mesh in the next frame of a clip, looked for where ``before`` was: no detection needed.

    Its presence falls where the face has gone.
    """
    low, high = before.points[:, :2].min(axis=0), before.points[:, :2].max(axis=0)
    across = before.points[_RIGHT_CORNERS[0], :2] - before.points[_LEFT_CORNERS[0], :2]
    side = _CROP_FACTOR * float((high - low).max())
    return _look(pixels, (low + high) / 2, side, math.atan2(across[1], across[0]), engines)


def _look(pixels: Pixels, middle: NDArray[np.floating], side: float, lean: float, engines: FaceEngines) -> FaceMesh:
    to_crop = _to_crop(middle, max(side, 1.0), lean, engines.mesher.side_px)
    crop = _warp(pixels, to_crop, engines.mesher.side_px)
    found = engines.mesher.mesh(crop)
    points = _laid_back(found.points, to_crop)
    left = _eye(pixels, points[_LEFT_CORNERS, :2], lean, engines.eyes, is_mirrored=False)
    right = _eye(pixels, points[_RIGHT_CORNERS, :2], lean, engines.eyes, is_mirrored=True)
    return FaceMesh(points, left, right, found.presence)


def _eye(
    pixels: Pixels, corners: NDArray[np.float32], lean: float, network: EyeContours, *, is_mirrored: bool
) -> NDArray[np.float32]:
    """Contours of one eye, 76 x 2; the network knows one side, so the other is shown mirrored."""
    side = _EYE_FACTOR * max(float(np.linalg.norm(corners[1] - corners[0])), 1.0)
    to_crop = _to_crop(corners.mean(axis=0), side, lean, network.side_px)
    if is_mirrored:
        to_crop = np.array([[-1, 0, network.side_px - 1], [0, 1, 0]]) @ np.vstack([to_crop, [0, 0, 1]])
    found = network.contours(_warp(pixels, to_crop, network.side_px))
    return _flat(found[:, :2], cv2.invertAffineTransform(to_crop))


def _to_crop(middle: NDArray[np.floating], side: float, lean: float, side_px: int) -> NDArray[np.float64]:
    """The 2 x 3 map from the picture to a crop of ``side_px`` about ``middle``, turned upright by ``lean`` radians."""
    scale = side_px / side
    cosine, sine = scale * math.cos(lean), scale * math.sin(lean)
    turn = np.array([[cosine, sine], [-sine, cosine]])
    return np.column_stack([turn, (side_px - 1) / 2 - turn @ middle.astype(np.float64)])


def _laid_back(points: NDArray[np.float32], to_crop: NDArray[np.float64]) -> NDArray[np.float32]:
    scale = math.hypot(to_crop[0, 0], to_crop[1, 0])
    flat = _flat(points[:, :2], cv2.invertAffineTransform(to_crop))
    return np.column_stack([flat, points[:, 2] / scale]).astype(np.float32)


def _flat(points: NDArray[np.float32], matrix: cv2.typing.MatLike) -> NDArray[np.float32]:
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], dtype=np.float32)


def _warp(pixels: Pixels, matrix: NDArray[np.float64], side_px: int) -> Pixels:
    near, onto = _reduced(pixels, matrix, side_px)
    flags = cv2.INTER_LINEAR
    warped = cv2.warpAffine(near, onto, (side_px, side_px), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)


def _reduced(pixels: Pixels, matrix: NDArray[np.float64], side_px: int) -> tuple[Pixels, NDArray[np.float64]]:
    """The part of ``pixels`` that the crop reads, averaged down where bilinear sampling would skip pixels."""
    step = int(1 / math.hypot(matrix[0, 0], matrix[1, 0]))
    if step < 2:  # noqa: PLR2004 - down to half size every pixel is seen
        return pixels, matrix
    back = cv2.invertAffineTransform(matrix)
    frame = np.array([[0, 0], [side_px, 0], [side_px, side_px], [0, side_px]]) @ back[:, :2].T + back[:, 2]
    height, width = pixels.shape[:2]
    left, top = np.clip(np.floor(frame.min(axis=0)) - step, 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(np.ceil(frame.max(axis=0)) + step, (left + 1, top + 1), (width, height)).astype(int)
    part = pixels[top:bottom, left:right]
    size = (max(1, part.shape[1] // step), max(1, part.shape[0] // step))
    small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    zoom = np.array([part.shape[1] / size[0], part.shape[0] / size[1]])
    # Pixels are counted from their centres: x = left + (x' + 1/2) * zoom - 1/2
    shift = np.array([left, top]) + zoom / 2 - 0.5
    return small, np.column_stack([matrix[:, :2] * zoom, matrix[:, 2] + matrix[:, :2] @ shift])

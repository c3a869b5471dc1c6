"""Find faces: coarse first, finer only where coarse sees nothing, closer where the face is small.

A picture on its side is turned by quarters: the detector sees faces there too, but with
landmarks in the wrong places and less confidence than upright.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.imaging.geometry import rotate_points_quarter, rotate_quarter
from kyc_service.inference.engines import DetectedFace, FaceDetector, Pixels

_SEARCH_SIDES_PX: Final = (320, 640)
_CLOSE_INTER_EYE_PX: Final = 24.0
_CLOSE_MARGIN: Final = 0.6
_PADDING: Final = 0.4
_LEAST_SIDE_PX: Final = 16
_SURELY_UPRIGHT: Final = 0.9


def find_faces(pixels: Pixels, detector: FaceDetector) -> tuple[DetectedFace, ...]:
    """All faces in ``pixels`` (BGR), most prominent first, in their coordinates.

    Searched at 320 px along the longer side, then at 640 px, then with a margin around
    the picture, since a face that fills a tight crop is seen only with room around it.
    Where the main face is not surely upright, the picture is also searched turned by
    quarters, and the turn with the surest main face stands. Landmarks then tell how the
    face is turned: see :func:`quarter_turns`.
    """
    if min(pixels.shape[:2]) < _LEAST_SIDE_PX:
        return ()
    best = _search_upright(pixels, detector)
    if best and best[0].confidence >= _SURELY_UPRIGHT:
        return best
    small = _fitted(pixels, _SEARCH_SIDES_PX[-1])
    factor = pixels.shape[1] / small.shape[1]
    for turns in (1, 2, 3):
        turned = rotate_quarter(small, turns)
        found = _search_at(turned, _SEARCH_SIDES_PX[0], detector)
        if found and (not best or found[0].confidence > best[0].confidence):
            size = (turned.shape[1], turned.shape[0])
            best = tuple(moved(_turned_back(face, turns, size), factor, 0, 0) for face in found)
    return best


def quarter_turns(landmarks: NDArray[np.float32]) -> int:
    """Clockwise quarters, 0..3, that bring a face with these ``landmarks`` (5 x 2) upright.

    >>> upright = np.array([[30, 40], [70, 40], [50, 60], [35, 80], [65, 80]], dtype=np.float32)
    >>> quarter_turns(upright), quarter_turns(-upright)
    (0, 2)
    """
    down = landmarks[3:].mean(axis=0) - landmarks[:2].mean(axis=0)
    lean = math.degrees(math.atan2(float(down[0]), float(down[1])))
    return round(lean / 90) % 4


def _search_upright(pixels: Pixels, detector: FaceDetector) -> tuple[DetectedFace, ...]:
    for side in _SEARCH_SIDES_PX:
        faces = _search_at(pixels, side, detector)
        if faces:
            return faces
    return _by_prominence(_search_padded(pixels, detector), pixels)


def _turned_back(face: DetectedFace, turns: int, size: tuple[int, int]) -> DetectedFace:
    """``face`` of a picture turned by ``turns`` (``size``: its width and height), in the picture as it was."""
    x, y, width, height = face.box
    ends = rotate_points_quarter([(x, y), (x + width, y + height)], -turns, size)
    (left, top), (right, bottom) = ends.min(axis=0).tolist(), ends.max(axis=0).tolist()
    landmarks = rotate_points_quarter(face.landmarks, -turns, size)
    return replace(face, box=(left, top, right - left, bottom - top), landmarks=landmarks)


def inter_eye(face: DetectedFace) -> float:
    """Distance between the two eyes, in pixels of the picture that was searched."""
    return float(np.linalg.norm(face.landmarks[1] - face.landmarks[0]))


def area(face: DetectedFace) -> float:
    """Area of the box in square pixels."""
    return face.box[2] * face.box[3]


def moved(face: DetectedFace, scale: float, dx: float, dy: float) -> DetectedFace:
    """``face`` with every coordinate scaled, then shifted."""
    x, y, width, height = face.box
    box = (x * scale + dx, y * scale + dy, width * scale, height * scale)
    shift = np.array([dx, dy], dtype=np.float32)
    return replace(face, box=box, landmarks=(face.landmarks * scale + shift).astype(np.float32))


def _search_at(pixels: Pixels, side: int, detector: FaceDetector) -> tuple[DetectedFace, ...]:
    faces = _search(pixels, side, detector)
    return _closer(pixels, _by_prominence(faces, pixels), side, detector) if faces else ()


def _search(pixels: Pixels, side: int, detector: FaceDetector) -> tuple[DetectedFace, ...]:
    reduced = _fitted(pixels, side)
    factor = pixels.shape[1] / reduced.shape[1]
    return tuple(moved(face, factor, 0, 0) for face in detector.detect(reduced))


def _fitted(pixels: Pixels, side: int) -> Pixels:
    """``pixels`` reduced to ``side`` along the longer side; never enlarged."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _search_padded(pixels: Pixels, detector: FaceDetector) -> tuple[DetectedFace, ...]:
    margin = round(max(pixels.shape[:2]) * _PADDING)
    padded = np.asarray(
        cv2.copyMakeBorder(pixels, margin, margin, margin, margin, cv2.BORDER_REPLICATE), dtype=np.uint8
    )
    return tuple(moved(face, 1, -margin, -margin) for face in _search(padded, _SEARCH_SIDES_PX[0], detector))


def _by_prominence(faces: tuple[DetectedFace, ...], pixels: Pixels) -> tuple[DetectedFace, ...]:
    """Large and central before small and marginal."""
    height, width = pixels.shape[:2]

    def prominence(face: DetectedFace) -> float:
        x, y, w, h = face.box
        aside = np.hypot((x + w / 2) / width - 0.5, (y + h / 2) / height - 0.5)
        return area(face) * (1.0 - min(1.0, float(aside)))

    return tuple(sorted(faces, key=prominence, reverse=True))


def _closer(
    pixels: Pixels, faces: tuple[DetectedFace, ...], side: int, detector: FaceDetector
) -> tuple[DetectedFace, ...]:
    """Look again at the main face from nearby if it was small when it was found."""
    main, others = faces[0], faces[1:]
    scale = min(1.0, side / max(pixels.shape[:2]))
    if scale >= 1 or inter_eye(main) * scale >= _CLOSE_INTER_EYE_PX:
        return faces
    x, y, width, height = main.box
    margin = _CLOSE_MARGIN * max(width, height)
    left, top = max(0, int(x - margin)), max(0, int(y - margin))
    crop = pixels[top : int(y + height + margin), left : int(x + width + margin)]
    if min(crop.shape[:2]) < _LEAST_SIDE_PX:
        return faces
    near = [moved(face, 1, left, top) for face in _search(np.ascontiguousarray(crop), _SEARCH_SIDES_PX[0], detector)]
    same = [face for face in near if _overlap(face, main) > 0.5]  # noqa: PLR2004 - more the same than not
    return (max(same, key=lambda face: _overlap(face, main)), *others) if same else faces


def _overlap(a: DetectedFace, b: DetectedFace) -> float:
    """Intersection over union of two boxes."""
    width = min(a.box[0] + a.box[2], b.box[0] + b.box[2]) - max(a.box[0], b.box[0])
    height = min(a.box[1] + a.box[3], b.box[1] + b.box[3]) - max(a.box[1], b.box[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (area(a) + area(b) - shared)

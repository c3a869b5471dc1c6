"""Face image quality, in numbers.

Names follow ISO/IEC 29794-5 where it has one: inter-eye distance, head pose (yaw),
sharpness, under- and over-exposure prevention. Light and sharpness are read from the
aligned crop, so that they mean the same for every camera: it is what the embedder sees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.inference.engines import Pixels

_NOSE_PROTRUSION: Final = 0.55
"""How far the tip of the nose stands before the plane of eyes and mouth, in inter-eye distances."""
_OVEREXPOSED_LUMA: Final = 247
_LIT_PERCENTILE: Final = 90.0
_INNER_FACE: Final = (slice(26, 104), slice(22, 90))
"""Rows and columns of the 112x112 template that show skin whatever the hair."""


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """What was measured; nothing judged.

    ``yaw_deg``: how far the head is turned, either way, from 0 (frontal); an estimate from
    five points, good to some 10 degrees. ``sharpness``: 0 (blurred) to 1. ``brightness``:
    luma (0..255) of the brighter parts of the face, which says how it is lit rather than
    how dark its skin is. ``overexposed_fraction``: share of the face's pixels that are
    burnt out, 0..1.
    """

    yaw_deg: float
    sharpness: float
    brightness: float
    overexposed_fraction: float


def measure_face(aligned: Pixels, landmarks: NDArray[np.float32]) -> FaceQuality:
    """Measure one face: ``aligned`` is 112x112x3 BGR, ``landmarks`` 5 x 2 in any pixels."""
    luma = np.asarray(cv2.cvtColor(aligned, cv2.COLOR_BGR2GRAY)[_INNER_FACE], dtype=np.float32)
    return FaceQuality(
        yaw_deg=abs(yaw(landmarks)),
        sharpness=_sharpness(luma),
        brightness=float(np.percentile(luma, _LIT_PERCENTILE)),
        overexposed_fraction=float((luma >= _OVEREXPOSED_LUMA).mean()),
    )


def yaw(landmarks: NDArray[np.float32]) -> float:
    """Degrees the head is turned; positive when the nose points to the picture's right.

    The tip of the nose leaves the line from between the eyes to between the mouth's
    corners by protrusion * sin(yaw), while the eyes' distance shrinks by cos(yaw).

    >>> frontal = np.array([[30, 40], [70, 40], [50, 60], [35, 80], [65, 80]], dtype=np.float32)
    >>> yaw(frontal)
    0.0
    >>> turned = frontal + np.array([[0, 0], [0, 0], [12, 0], [0, 0], [0, 0]], dtype=np.float32)
    >>> round(yaw(turned))
    29
    """
    left_eye, right_eye, nose, left_mouth, right_mouth = landmarks.astype(np.float64)
    between_eyes, mouth = (left_eye + right_eye) / 2, (left_mouth + right_mouth) / 2
    down = mouth - between_eyes
    across = np.array([down[1], -down[0]]) / max(float(np.hypot(*down)), 1e-6)
    eyes = max(abs(float((right_eye - left_eye) @ across)), 1e-6)
    aside = float((nose - between_eyes) @ across) / eyes
    return math.degrees(math.atan(aside / _NOSE_PROTRUSION))


def _sharpness(luma: NDArray[np.float32]) -> float:
    """Share of the variation between neighbours that a further blur takes away.

    Source: Crete et al., "The blur effect" (2007): what is blurred already loses little.
    """
    blurred = np.asarray(cv2.GaussianBlur(luma, (0, 0), 1.5), dtype=np.float32)
    kept = [float(np.abs(np.diff(plane, axis=axis)).sum()) for plane in (luma, blurred) for axis in (0, 1)]
    before, after = kept[0] + kept[1], kept[2] + kept[3]
    return 0.0 if before <= 0 else min(1.0, max(0.0, 1.0 - after / before))

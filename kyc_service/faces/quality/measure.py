"""All measures of one face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.faces.align import AlignedFace
from kyc_service.faces.mesh import FaceMesh
from kyc_service.faces.pose import eye_openness, head_pose, mouth_openness
from kyc_service.faces.quality.covering import eye_contrast, mouth_contrast, skin_deviation, skin_luma
from kyc_service.faces.quality.light import (
    brightness,
    dynamic_range_bits,
    illumination_uniformity,
    overexposed_fraction,
)
from kyc_service.faces.quality.sharpness import blockiness, sharpness
from kyc_service.faces.quality.standard_face import standard_face
from kyc_service.inference.engines import Pixels

_INNER_FACE: Final = (slice(26, 104), slice(22, 90))
"""Rows and columns of the 112x112 template that show skin whatever the hair."""
_BESIDE_THE_HEAD: Final = (slice(20, 200), np.r_[0:70, 250:320])
"""Rows and columns of the 320x320 crop on both sides of a head, above the shoulders."""


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """What was measured; nothing judged. Each field is a component: see :data:`COMPONENTS`."""

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    sharpness: float
    brightness: float
    overexposed_fraction: float
    dynamic_range_bits: float
    illumination_uniformity: float
    eye_openness: float
    eye_contrast: float
    mouth_openness: float
    mouth_contrast: float
    skin_deviation: float
    background_deviation: float
    blockiness: float


def measure_face(pixels: Pixels, face: AlignedFace, mesh: FaceMesh) -> FaceQuality:
    """Measure ``face``, found in ``pixels`` (BGR) with ``mesh`` over it."""
    inner = _luma(face.aligned)[_INNER_FACE]
    standard = standard_face(pixels, mesh)
    pose = head_pose(mesh)
    skin = skin_luma(standard)
    return FaceQuality(
        yaw_deg=abs(pose.yaw_deg),
        pitch_deg=abs(pose.pitch_deg),
        roll_deg=abs(pose.roll_deg),
        sharpness=sharpness(inner),
        brightness=brightness(inner),
        overexposed_fraction=overexposed_fraction(inner),
        dynamic_range_bits=dynamic_range_bits(inner),
        illumination_uniformity=illumination_uniformity(standard),
        eye_openness=min(eye_openness(mesh)),
        eye_contrast=eye_contrast(standard, skin),
        mouth_openness=mouth_openness(mesh),
        mouth_contrast=mouth_contrast(standard, skin),
        skin_deviation=skin_deviation(standard),
        background_deviation=float(_luma(face.wide)[_BESIDE_THE_HEAD].std()),
        blockiness=blockiness(pixels, face.box, float(np.linalg.norm(face.landmarks[1] - face.landmarks[0]))),
    )


def _luma(pixels: Pixels) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.float32)

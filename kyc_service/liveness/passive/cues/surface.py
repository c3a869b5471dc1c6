"""Light, colour and focus of the face as ink or a lit screen changes them."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kyc_service.inference.engines import Pixels
from kyc_service.liveness.passive.cues.regions import Box, Plane, around

NAMES: Final = (
    "raised_black",
    "colour_mottle",
    "colour_bands",
    "narrow_colour",
    "face_softer_than_rest",
)
_LEAST: Final = 1e-3
_LEAST_PIXELS: Final = 64


def surface_cues(small: Pixels, small_box: Box) -> dict[str, float]:
    """The :data:`NAMES`, of a picture on which the face is about 128 pixels wide."""
    face = around(small, small_box, 0.8)
    lab = cv2.cvtColor(face.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    light, a, b = (np.asarray(lab[..., i], np.float32) for i in range(3))
    wide = around(small, small_box, 1.5)
    grey = _linear(np.asarray(cv2.cvtColor(wide, cv2.COLOR_BGR2GRAY), np.float32))
    black, white = (float(v) for v in np.percentile(grey, (1, 95)))
    # Of its lightness: a dark skin and a pale one are as colourful by that measure as one between.
    colourful = np.hypot(a, b) / (light + 16)
    fine = (_band(a, 0.7, 2.0) + _band(b, 0.7, 2.0)) / (_band(light, 0.7, 2.0) + 0.3)
    coarse = (_band(a, 2.0, 8.0) + _band(b, 2.0, 8.0)) / (_band(light, 2.0, 8.0) + 0.3)
    own, rest = _focus(small, small_box)
    return {
        "raised_black": (black + _LEAST) / (white + _LEAST),
        "colour_mottle": float(np.log(fine + _LEAST)),
        "colour_bands": float(np.log(coarse + _LEAST)),
        "narrow_colour": -float(np.percentile(colourful, 90)),
        "face_softer_than_rest": rest - own,
    }


def _linear(grey: Plane) -> Plane:
    return np.asarray(np.power(grey / 255, 2.2), np.float32)


def _band(plane: Plane, fine: float, coarse: float) -> float:
    """Robust spread of what lies between two scales."""
    passed = cv2.GaussianBlur(plane, (0, 0), fine) - cv2.GaussianBlur(plane, (0, 0), coarse)
    return float(1.4826 * np.median(np.abs(passed - np.median(passed))))


def _focus(pixels: Pixels, box: Box) -> tuple[float, float]:
    """How sharp the sharpest edges are, on the face and elsewhere: fine over coarse contrast, as logarithms."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.float32)
    near, far = (_slopes(np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.float32)) for sigma in (0.7, 2.0))
    x, y, width, height = (round(side) for side in box)
    inside = np.zeros(grey.shape, np.bool_)
    inside[max(0, y) : max(0, y + height), max(0, x) : max(0, x + width)] = True
    return _sharpest(near[inside], far[inside]), _sharpest(near[~inside], far[~inside])


def _slopes(grey: Plane) -> Plane:
    return np.asarray(cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)), np.float32)


def _sharpest(near: Plane, far: Plane) -> float:
    if near.size < _LEAST_PIXELS:
        return 0.0
    strong = far >= np.percentile(far, 90)
    return float(np.log(np.percentile(near[strong] / (far[strong] + 1.0), 75) + _LEAST))

"""The face that is presented: a photograph, where the face is on it, and finer detail than the photograph holds.

Light is linear float32 in BGR order, 0 to 1 for what a white sheet sends back, shape (height, width, 3).
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Light = NDArray[np.float32]
Plane = NDArray[np.float32]
Pixels = NDArray[np.uint8]
"""BGR, uint8, height x width x 3."""

GAMMA: Final = 2.2
_MOST_SIDE_PX: Final = 640
_TO_LIGHT: Final = np.power(np.arange(256, dtype=np.float32) / 255, np.float32(GAMMA))


@dataclass(frozen=True, slots=True, eq=False)
class FacePicture:
    """A photograph with a face: its box (x, y, width, height) and five points (eyes, nose, mouth's corners), in pixels."""

    pixels: Pixels
    box: tuple[float, float, float, float]
    landmarks: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Art:
    """What is shown or printed, or who stands there, as light; ``centre``, ``face_px`` (width) and ``eyes`` on it.

    ``person`` is the share of each pixel that shows the person and not what is behind.
    """

    light: Light
    person: Plane
    centre: tuple[float, float]
    face_px: float
    eyes: NDArray[np.float32]


def art_of(face: FacePicture, rng: np.random.Generator, *, is_cut: bool) -> Art:
    """The face enlarged where it is small, with a little texture of skin and cloth as large pictures have.

    Without ``is_cut`` the person is not told from what is behind: ``person`` is one everywhere.
    """
    factor = max(1.0, min(3.0, _MOST_SIDE_PX / max(face.pixels.shape[:2])))
    large = np.asarray(cv2.resize(face.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)
    outline = _person(face) if is_cut else np.ones(face.pixels.shape[:2], np.float32)
    share = cv2.resize(outline, (large.shape[1], large.shape[0]), interpolation=cv2.INTER_LINEAR)
    x, y, width, height = (side * factor for side in face.box)
    light = _textured(to_light(large), float(rng.uniform(0.6, 1.4)), rng)
    centre = (x + width / 2, y + height / 2)
    return Art(light, np.asarray(share, np.float32), centre, width, face.landmarks[:2] * np.float32(factor))


def to_bytes(light: Light) -> Pixels:
    """Light as a display standard would store it."""
    return np.asarray(np.power(np.clip(light, 0, 1), 1 / GAMMA) * 255 + 0.5, np.uint8)


def to_light(pixels: Pixels) -> Light:
    """The other way."""
    light: Light = np.asarray(cv2.LUT(pixels, _TO_LIGHT), np.float32)
    return light


def _textured(light: Light, strength: float, rng: np.random.Generator) -> Light:
    """Sharpened, and grained in three octaves: enlarging alone would leave nothing there."""
    soft = cv2.GaussianBlur(light, (0, 0), 2.0)
    height, width = light.shape[:2]
    grain = np.zeros((height, width), np.float32)
    for octave, weight in ((1, 0.35), (2, 0.4), (4, 0.4)):
        noise = rng.standard_normal((height // octave + 1, width // octave + 1)).astype(np.float32)
        grain += np.float32(weight) * np.asarray(
            cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), np.float32
        )
    sharp = light + np.float32(0.5 * strength) * (light - soft)
    return np.asarray(np.clip(sharp * (1 + np.float32(0.035 * strength) * grain[..., None]), 0, 1), np.float32)


def _person(face: FacePicture) -> Plane:
    """Head and shoulders by GrabCut from where a face's are."""
    height, width = face.pixels.shape[:2]
    scale = min(1.0, 180 / max(height, width))
    small = np.asarray(cv2.resize(face.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    x, y, w, h = (side * scale for side in face.box)
    labels = np.full(small.shape[:2], cv2.GC_BGD, np.uint8)
    middle = (round(x + w / 2), round(y + 0.42 * h))
    cv2.ellipse(labels, middle, (round(0.95 * w), round(0.95 * h)), 0, 0, 360, cv2.GC_PR_BGD, -1)
    cv2.ellipse(labels, middle, (round(0.68 * w), round(0.72 * h)), 0, 0, 360, cv2.GC_PR_FGD, -1)
    body = (
        (middle[0], y + 0.9 * h),
        (x + 2.1 * w, y + 1.55 * h),
        (x + 2.6 * w, 4000),
        (x - 1.6 * w, 4000),
        (x - 1.1 * w, y + 1.55 * h),
    )
    cv2.fillPoly(labels, [np.array(body, np.int32)], cv2.GC_PR_FGD)
    cv2.ellipse(labels, (middle[0], round(y + h / 2)), (round(0.42 * w), round(0.48 * h)), 0, 0, 360, cv2.GC_FGD, -1)
    cv2.setRNGSeed(1)
    models = np.zeros((2, 1, 65), np.float64)
    cv2.grabCut(small, labels, (0, 0, 1, 1), models[0], models[1], 3, cv2.GC_INIT_WITH_MASK)
    found = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8) * 255
    share = cv2.medianBlur(np.asarray(found, np.uint8), 5).astype(np.float32) / 255
    soft = cv2.GaussianBlur(share, (0, 0), 0.8)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)

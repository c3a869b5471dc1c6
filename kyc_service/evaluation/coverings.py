"""Things drawn over a face: masks, dark glasses, hands, microphones, hair. Simulated, to see what goes unnoticed.

Colours, sizes and places come from the generator that is handed in. Nothing is fitted to
these pictures: limits come from bare faces alone.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.inference.engines import Pixels

Points = NDArray[np.float32]
"""The first two columns of a face mesh, in pixels of the picture: 468 x 2."""


class Covering(StrEnum):
    """What lies over the face."""

    MASK = "mask"
    DARK_GLASSES = "dark_glasses"
    HAND_ON_MOUTH = "hand_on_mouth"
    HAND_ON_EYE = "hand_on_eye"
    MICROPHONE = "microphone"
    HAIR_ON_EYE = "hair_on_eye"


_JAW: Final = (93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323)
_NOSE_LINE: Final = (6, 197, 195, 5)
_EYES: Final = ((33, 133, 159, 145), (263, 362, 386, 374))
_SKIN: Final = (50, 280, 117, 346, 101, 330)
_CLOTHS: Final = (
    (235, 225, 215), (215, 185, 140), (40, 38, 36), (200, 200, 200), (60, 50, 45), (190, 150, 120), (150, 170, 60),
    (90, 90, 180), (120, 120, 120), (70, 20, 90),
)  # fmt: skip
"""BGR: white, light blue, black, greys, patterned."""


def covered(pixels: Pixels, mesh: Points, covering: Covering, rng: np.random.Generator) -> Pixels:
    """``pixels`` (BGR uint8) with ``covering`` drawn over the face under ``mesh``."""
    return _DRAWN[covering](pixels, mesh, rng)


def _mask(pixels: Pixels, mesh: Points, rng: np.random.Generator) -> Pixels:
    eye = _eye_width(mesh)
    top = mesh[_NOSE_LINE[int(rng.integers(len(_NOSE_LINE)))]]
    low = mesh[0] + (mesh[list(_JAW)] - mesh[0]) * rng.uniform(1.0, 1.08)
    sides = [0.6 * mesh[end] + 0.4 * mesh[6] + np.array([0, 0.25 * eye]) for end in (454, 234)]
    shape = _filled(pixels, np.vstack([low, sides[0], top, sides[1]]))
    luma = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.float32), (0, 0), 0.8 * eye)
    shading = np.clip(0.5 + 0.5 * luma / max(float(np.median(luma)), 1.0), 0.5, 1.4)
    rows = np.arange(pixels.shape[0], dtype=np.float32)[:, None]
    folds = 1 + rng.uniform(0.01, 0.08) * np.sin(rows * (2 * np.pi / (eye * rng.uniform(0.25, 0.5))))
    cloth = np.array(_CLOTHS[int(rng.integers(len(_CLOTHS)))]) * (shading * folds)[..., None]
    return _laid_over(pixels, shape, cloth + rng.normal(0, 1.5, pixels.shape))


def _dark_glasses(pixels: Pixels, mesh: Points, rng: np.random.Generator) -> Pixels:
    eye = _eye_width(mesh)
    shape = np.zeros(pixels.shape[:2], dtype=np.uint8)
    half = (rng.uniform(0.38, 0.5) * eye, rng.uniform(0.28, 0.42) * eye)
    is_square = rng.random() < 0.5  # noqa: PLR2004 - a coin
    lean = float(np.degrees(np.arctan2(*(mesh[263] - mesh[33])[::-1])))
    for corners in _EYES:
        x, y = (mesh[list(corners)].mean(axis=0) + np.array([0, 0.05 * eye])).tolist()
        if is_square:
            box = cv2.boxPoints(((x, y), (2 * half[0], 2 * half[1]), lean))
            cv2.fillPoly(shape, [np.round(box).astype(np.int32)], (1,))
        else:
            cv2.ellipse(shape, (round(x), round(y)), (round(half[0]), round(half[1])), lean, 0, 360, (1,), -1)
    cv2.line(shape, _at(mesh[133]), _at(mesh[362]), (1,), max(1, round(0.08 * eye)))
    across = np.linspace(1, 0, pixels.shape[0])[:, None, None] * rng.uniform(0, 40)
    glass = rng.uniform(8, 45) * rng.uniform(0.7, 1.4, 3) + across + pixels * rng.uniform(0, 0.25)
    return _laid_over(pixels, shape, np.broadcast_to(glass, pixels.shape))


def _hand(pixels: Pixels, mesh: Points, rng: np.random.Generator, middle: NDArray[np.floating]) -> Pixels:
    """Fingers in the face's own skin colour, lighter along their middle."""
    eye, height, width = _eye_width(mesh), *pixels.shape[:2]
    spots = np.clip(np.round(mesh[list(_SKIN)]).astype(int), 0, (width - 1, height - 1))
    skin = np.median(pixels[spots[:, 1], spots[:, 0]], axis=0) * rng.uniform(0.8, 1.15)
    angle, thick, fingers = np.radians(rng.uniform(-60, 60)), eye * rng.uniform(0.2, 0.3), int(rng.integers(2, 5))
    along = np.array([np.cos(angle), np.sin(angle)])
    beside = np.array([-along[1], along[0]])
    shape = np.zeros((height, width), dtype=np.uint8)
    layer = np.zeros(pixels.shape)
    for number in range(fingers):
        root = middle + beside * (number - (fingers - 1) / 2) * thick * 1.02
        length = eye * rng.uniform(0.9, 1.4)
        finger = np.zeros((height, width), dtype=np.uint8)
        cv2.line(finger, _at(root - along * length), _at(root + along * length * 0.5), (1,), max(1, int(thick)))
        round_ = np.clip(cv2.distanceTransform(finger, cv2.DIST_L2, 3) / (thick / 2), 0, 1)
        layer = np.where((finger > 0)[..., None], skin * (0.75 + 0.3 * round_)[..., None], layer)
        shape |= finger
    return _laid_over(pixels, shape, layer + rng.normal(0, 2, pixels.shape))


def _microphone(pixels: Pixels, mesh: Points, rng: np.random.Generator) -> Pixels:
    eye = _eye_width(mesh)
    middle = mesh[17] + np.array([rng.uniform(-0.2, 0.2), rng.uniform(-0.1, 0.3)]) * eye
    radius = eye * rng.uniform(0.3, 0.5)
    shape = np.zeros(pixels.shape[:2], dtype=np.uint8)
    cv2.ellipse(shape, _at(middle), (round(radius), round(1.2 * radius)), 0, 0, 360, (1,), -1)
    cv2.line(shape, _at(middle), _at(middle + np.array([rng.uniform(-1, 1), 2]) * eye), (1,), max(1, int(0.6 * radius)))
    grain = rng.normal(rng.uniform(10, 130), 10, pixels.shape[:2])
    return _laid_over(pixels, shape, np.repeat(grain[..., None], 3, axis=2))


def _hair(pixels: Pixels, mesh: Points, rng: np.random.Generator) -> Pixels:
    eye = _eye_width(mesh)
    ends = sorted((float(mesh[(21, 251)[int(rng.integers(2))], 0]), float(mesh[6, 0])))
    shape = np.zeros(pixels.shape[:2], dtype=np.uint8)
    for _ in range(int(rng.integers(60, 140))):
        x = rng.uniform(ends[0], ends[1])
        start = np.array([x, mesh[10, 1] - 0.2 * eye])
        end = np.array([x + rng.uniform(-0.2, 0.2) * eye, mesh[145, 1] + rng.uniform(0.1, 0.6) * eye])
        cv2.line(shape, _at(start), _at(end), (1,), max(1, round(0.04 * eye)))
    strand = rng.uniform(10, 60) * np.array([0.8, 0.9, 1.1])
    return _laid_over(pixels, shape, strand + rng.normal(0, 8, pixels.shape))


def _eye_width(mesh: Points) -> float:
    """The distance between the pupils, nearly."""
    return max(1.0, float(np.linalg.norm(mesh[263] - mesh[33])) / 1.4)


def _at(point: NDArray[np.floating]) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


def _filled(pixels: Pixels, outline: NDArray[np.floating]) -> Pixels:
    shape = np.zeros(pixels.shape[:2], dtype=np.uint8)
    cv2.fillPoly(shape, [np.round(outline).astype(np.int32)], (1,))
    return shape


def _laid_over(pixels: Pixels, shape: Pixels, layer: NDArray[np.floating]) -> Pixels:
    cover = cv2.GaussianBlur(shape.astype(np.float32), (0, 0), 0.6)[..., None]
    return np.clip(pixels * (1 - cover) + layer * cover, 0, 255).astype(np.uint8)


_DRAWN: Final[dict[Covering, Callable[[Pixels, Points, np.random.Generator], Pixels]]] = {
    Covering.MASK: _mask,
    Covering.DARK_GLASSES: _dark_glasses,
    Covering.HAND_ON_MOUTH: lambda pixels, mesh, rng: _hand(pixels, mesh, rng, mesh[13]),
    Covering.HAND_ON_EYE: lambda pixels, mesh, rng: _hand(pixels, mesh, rng, mesh[(159, 386)[int(rng.integers(2))]]),
    Covering.MICROPHONE: _microphone,
    Covering.HAIR_ON_EYE: _hair,
}

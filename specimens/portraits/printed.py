"""Print a portrait on a card, laminate it, photograph it."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from specimens.attack_protocol import Split
from specimens.portraits.ranges import RANGES, Range, Ranges
from specimens.portraits.screening import Plane, screened

Pixels = NDArray[np.uint8]

PORTRAIT_PX: Final = 150
"""Width of the picture that is sent to the printer: what card registers keep."""
_DOTS_PX: Final = 900
"""Width at which the dots of ink are drawn."""
_MARGIN: Final = 0.25
"""Card around the portrait on the photograph, in its width."""


def printed_portrait(portrait: Pixels, split: Split, rng: np.random.Generator) -> Pixels:
    """``portrait`` (BGR, uint8, head and shoulders) as a photograph of its print on a card (BGR, uint8).

    Raises:
        ValueError: The portrait is narrower than 32 px.
    """
    if portrait.shape[1] < 32:
        raise ValueError("the portrait is too small to print")
    ranges = RANGES[split]
    ink = _print(_stored(portrait), ranges, rng)
    return _photograph(_laminate(ink, ranges, rng), ranges, rng)


def _stored(portrait: Pixels) -> Plane:
    """What the register holds: ``PORTRAIT_PX`` wide, 0..1."""
    height = round(portrait.shape[0] * PORTRAIT_PX / portrait.shape[1])
    is_larger = portrait.shape[1] > PORTRAIT_PX
    way = cv2.INTER_AREA if is_larger else cv2.INTER_CUBIC
    stored = np.asarray(cv2.resize(portrait, (PORTRAIT_PX, height), interpolation=way), np.float32)
    return np.asarray(stored / 255, np.float32)


def _print(stored: Plane, ranges: Ranges, rng: np.random.Generator) -> Plane:
    grey = stored.mean(axis=-1, keepdims=True)
    toned = grey + (stored - grey) * rng.uniform(*ranges.saturation)
    toned = np.clip(0.55 + (toned - 0.5) * rng.uniform(*ranges.contrast), 0, 1).astype(np.float32)
    size = (_DOTS_PX, round(_DOTS_PX * stored.shape[0] / PORTRAIT_PX))
    large = np.clip(cv2.resize(toned, size, interpolation=cv2.INTER_CUBIC), 0, 1)
    screen = ranges.screens[int(rng.integers(len(ranges.screens)))]
    dots = screened(large, screen, _DOTS_PX / rng.uniform(*ranges.lines_across), rng)
    # Ink spreads and paper scatters: dots are never quite black, nor apart.
    return np.asarray(0.06 + 0.9 * cv2.GaussianBlur(dots, (0, 0), _DOTS_PX / 600), np.float32)


def _laminate(ink: Plane, ranges: Ranges, rng: np.random.Generator) -> Plane:
    height, width = ink.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / width
    veil, turn = rng.uniform(*ranges.veil), rng.uniform(0, math.pi)
    place, breadth = rng.uniform(0, 1), rng.uniform(0.06, 0.3)
    band = np.exp(-(((x * math.cos(turn) + y * math.sin(turn) - place) / breadth) ** 2))
    shine = rng.uniform(*ranges.glare) / 255 * band
    waves = np.sin(2 * math.pi * (y * rng.uniform(20, 60) + 0.4 * np.sin(2 * math.pi * x * rng.uniform(2, 6))))
    lines = rng.uniform(*ranges.overprint) / 255 * np.clip(waves * 4 - 3, 0, 1)
    covered = ink * (1 - veil) + veil + shine[..., None]
    tint = rng.uniform(0.3, 1.0, 3)
    return np.asarray(np.clip(covered - lines[..., None] * tint, 0, 1), np.float32)


def _photograph(card: Plane, ranges: Ranges, rng: np.random.Generator) -> Pixels:
    width = rng.uniform(*ranges.width_px)
    seen = _tilted(card, width, ranges.tilt, rng)
    soft = cv2.GaussianBlur(seen, (0, 0), rng.uniform(*ranges.soft_px))
    shaken = cv2.filter2D(soft, -1, _streak(rng.uniform(*ranges.motion_px), rng.uniform(0, math.pi)))
    lit = np.power(np.clip(shaken * rng.uniform(0.8, 1.1) * rng.uniform(0.94, 1.06, 3), 0, 1), rng.uniform(0.85, 1.2))
    noise = rng.normal(0, rng.uniform(*ranges.noise), lit.shape) * np.sqrt(0.3 + 0.7 * lit)
    taken = np.clip(255 * lit + noise, 0, 255).astype(np.uint8)
    _, file = cv2.imencode(".jpg", taken, [cv2.IMWRITE_JPEG_QUALITY, round(rng.uniform(*ranges.quality))])
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8)


def _tilted(card: Plane, width_px: float, tilt: Range, rng: np.random.Generator) -> Plane:
    """The portrait with card around it, not quite from the front."""
    height, width = card.shape[:2]
    scale = width_px / width
    margin = _MARGIN * width_px
    size = (round(width_px + 2 * margin), round(height * scale + 2 * margin))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners * scale + margin + rng.uniform(-1, 1, (4, 2)) * rng.uniform(*tilt) * width_px
    # Dots that the photograph cannot hold are averaged, as a lens and its sensor do.
    sampled = cv2.GaussianBlur(card, (0, 0), max(0.1, 0.45 / scale))
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    paper = rng.uniform(0.75, 0.95, 3)
    border = tuple(float(tone) for tone in paper)
    return np.asarray(cv2.warpPerspective(sampled, matrix, size, borderValue=(*border, 0.0)), np.float32)


def _streak(length_px: float, turn: float) -> Plane:
    """The path of a shaken camera as a filter; at length 0 the picture itself."""
    half = max(1, math.ceil(length_px))
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    for step in np.linspace(-length_px / 2, length_px / 2, 9):
        kernel[round(half + step * math.sin(turn)), round(half + step * math.cos(turn))] += 1
    return np.asarray(kernel / kernel.sum(), np.float32)

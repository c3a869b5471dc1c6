"""A screen shows the document and is photographed: pixel grid, sub-pixels, tone curve, bezel, mirrored light.

The screen is drawn with three samples to a pixel, so that the grid, or its moire, arises where the camera samples it.
The grid's pitch on the picture is what counts, and it follows from how many screen pixels the document is wide.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from specimens.attack_protocol import Attack, AttackContext, Split
from specimens.attacks.sheets import behind_glass, on_sheet, scaled, with_pixels
from specimens.flat import Box, Cover, FlatDocument, Picture

Layout = Literal["stripes", "columns", "diamond"]
SAMPLES = 3
"""Samples to a screen pixel, along a side."""
BLACK = (9, 9, 10)
MOST_GAIN = 1.6
"""How much brighter than paper white a lit sub-pixel may be before the sensor clips it."""


@dataclass(frozen=True, slots=True)
class Screens:
    """A class of screens: how many of its pixels the document is wide, and how the sub-pixels lie."""

    width_px: tuple[int, int]
    layouts: tuple[Layout, ...]


class _Recapture(Attack):
    train: Screens
    test: Screens

    def on_flat(self, document: FlatDocument, rng: np.random.Generator, context: AttackContext) -> FlatDocument:
        """The lit screen, sometimes with the viewer's ground and a bezel round it."""
        is_test = context.split is Split.TEST
        screens = self.test if is_test else self.train
        shown = scaled(document, int(rng.integers(*screens.width_px)))
        toned = _toned(shown, rng)
        surround = rng.choice(("tight", "viewer", "bezel"), p=(0.5, 0.25, 0.25))
        if surround != "tight":
            ground = (255, 255, 255) if rng.random() < 0.3 else BLACK
            toned = on_sheet(toned, int(toned.size[0] * rng.uniform(0.02, 0.10)), ground)
        layout = screens.layouts[int(rng.integers(len(screens.layouts)))]
        depth = float(rng.uniform(0.35, 0.8) if is_test else rng.uniform(0.45, 0.9))
        lit = _lit(toned, layout, depth)
        if surround == "bezel":
            lit = on_sheet(lit, int(lit.size[0] * rng.uniform(0.01, 0.04)), BLACK)
        return with_pixels(lit, behind_glass(lit.pixels, float(rng.uniform(0, 60)), rng))


class PhoneRecapture(_Recapture):
    """A phone: the document as wide as the screen is long, finest pitch, often OLED diamonds."""

    name = "screen_phone"
    train = Screens((1500, 1900), ("stripes", "diamond"))
    test = Screens((1350, 2000), ("columns", "diamond"))


class TabletRecapture(_Recapture):
    """A tablet: RGB stripes."""

    name = "screen_tablet"
    train = Screens((1050, 1400), ("stripes",))
    test = Screens((1150, 1550), ("stripes", "columns"))


class MonitorRecapture(_Recapture):
    """A desktop monitor: the document in a window, coarse pitch."""

    name = "screen_monitor"
    train = Screens((620, 950), ("stripes",))
    test = Screens((560, 1050), ("stripes", "columns"))


def _toned(document: FlatDocument, rng: np.random.Generator) -> FlatDocument:
    """The screen's tone curve, its white point and its raised black."""
    levels = np.linspace(0, 1, 256)[:, None]
    white = np.array((rng.uniform(0.90, 1.02), rng.uniform(0.96, 1.02), rng.uniform(0.98, 1.08)))
    black = float(rng.uniform(4, 22))
    curve = black + (255 - black) * np.power(levels, rng.uniform(0.85, 1.25)) * white
    table = np.clip(curve, 0, 255).astype(np.uint8)[None]
    return with_pixels(document, np.asarray(cv2.LUT(document.pixels, table), np.uint8))


def _lit(document: FlatDocument, layout: Layout, depth: float) -> FlatDocument:
    """Every pixel as its sub-pixels; `depth` is how dark the gaps between them are, 0 to 1."""
    height, width = document.pixels.shape[:2]
    size = (width * SAMPLES, height * SAMPLES)
    large = cv2.resize(document.pixels, size, interpolation=cv2.INTER_NEAREST)
    mask = _mask(layout, depth)
    period = mask.shape[0]
    tiles = np.tile(mask, (-(-size[1] // period), -(-size[0] // period), 1))[: size[1], : size[0]]
    gain = min(255.0 / float(mask.mean()), MOST_GAIN)
    pixels = cv2.multiply(large, np.ascontiguousarray(tiles), scale=gain / 255)
    cover: Cover = cv2.resize(document.cover, size, interpolation=cv2.INTER_LINEAR).astype(np.float32)
    boxes = {name: Box(*(side * SAMPLES for side in box)) for name, box in document.boxes.items()}
    return FlatDocument(np.asarray(pixels, np.uint8), cover, document.px_per_mm * SAMPLES, boxes)


def _mask(layout: Layout, depth: float) -> Picture:
    """One period of the grid: RGB shares 0 to 255 of shape (3, 3, 3), or (6, 6, 3) for the diamond."""
    dark = 1 - depth
    if layout == "diamond":
        mask = np.full((2 * SAMPLES, 2 * SAMPLES, 3), dark)
        mask[0:2, 0:2, 1] = mask[0:2, 3:5, 1] = mask[3:5, 0:2, 1] = mask[3:5, 3:5, 1] = 1.0
        mask[1:4, 1:4, 0] = mask[4:6, 4:6, 0] = 1.0
        mask[1:4, 4:6, 2] = mask[4:6, 1:4, 2] = 1.0
    else:
        mask = np.full((SAMPLES, SAMPLES, 3), dark)
        for channel in range(SAMPLES):
            mask[:, channel, channel] = 1.0
        mask[-1] *= 1 - 0.6 * depth
        if layout == "columns":
            mask = np.ascontiguousarray(mask.transpose(1, 0, 2))
    return np.round(mask * 255).astype(np.uint8)

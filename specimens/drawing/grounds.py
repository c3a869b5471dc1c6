"""The background print of documents: tints and guilloche, drawn once per variant and kept.

Line work is the slow part of a flat document, so each split has a fixed number of variants of each kind of sheet; a
gain per colour channel, drawn anew for every document, tints them apart.
"""

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import cv2
import numpy as np

from fixtures.patterns import guilloche, rosette
from specimens.attack_protocol import Split
from specimens.drawing.sheet import Colour
from specimens.flat import Picture

VARIANTS = 6
WAVES: dict[Split, tuple[float, float]] = {Split.TRAIN: (2.0, 5.0), Split.TEST: (5.2, 7.5)}
LINE_STEP_MM: dict[Split, tuple[float, float]] = {Split.TRAIN: (0.85, 1.3), Split.TEST: (0.7, 1.1)}
INK_STRENGTH: dict[Split, tuple[float, float]] = {Split.TRAIN: (0.2, 0.42), Split.TEST: (0.25, 0.48)}
TINT_SPREAD = 0.035


@dataclass(frozen=True, slots=True)
class SheetKind:
    """Size, scale, three tints from left to right, ink of the line work, and where the rosette sits (share of the size)."""

    name: str
    width_mm: float
    height_mm: float
    px_per_mm: float
    tints: tuple[Colour, Colour, Colour]
    ink: Colour
    rosette_at: tuple[float, float] = (0.4, 0.5)
    rosette_share: float = 0.8

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return round(self.width_mm * self.px_per_mm), round(self.height_mm * self.px_per_mm)


def ground(kind: SheetKind, split: Split, rng: np.random.Generator) -> Picture:
    """One of the split's variants, tinted a little differently every time."""
    base = _variant(kind, split, int(rng.integers(VARIANTS)))
    gain = 1 + rng.uniform(-TINT_SPREAD, TINT_SPREAD, 3)
    levels = np.clip(np.arange(256)[:, None] * gain, 0, 255).astype(np.uint8)[None]
    return np.asarray(cv2.LUT(base, levels), np.uint8)


@lru_cache(maxsize=48)
def _variant(kind: SheetKind, split: Split, variant: int) -> Picture:
    rng = np.random.default_rng((crc32(kind.name.encode()), crc32(split.encode()), variant))
    width, height = kind.size_px
    along = np.linspace(0, 1, width)
    stops = np.array(kind.tints, np.float32) + rng.uniform(-7, 7, (3, 3)).astype(np.float32)
    tint = np.stack([np.interp(along, (0.0, 0.55, 1.0), stops[:, i]) for i in range(3)], axis=1).astype(np.float32)
    hair_px = max(1, round(0.05 * kind.px_per_mm))
    lines = round(kind.height_mm / rng.uniform(*LINE_STEP_MM[split]))
    waves = rng.uniform(*WAVES[split], 2)
    swing = kind.px_per_mm * rng.uniform(1.0, 2.2)
    phases = rng.uniform(0.01, 0.04, 2) * (1, -1)
    nets = [guilloche((width, height), lines=lines, amplitude_px=swing, waves=float(waves[i]), phase=float(phases[i]),
                      thickness_px=hair_px) for i in range(2)]  # fmt: skip
    cover = np.clip(0.6 * nets[0] + 0.5 * nets[1], 0, 1).astype(np.float32)
    side = round(kind.rosette_share * height)
    figure = rosette(side, petals=int(rng.integers(7, 16)), rings=int(rng.integers(9, 16)), thickness_px=hair_px)
    left = min(max(round(kind.rosette_at[0] * width - side / 2), 0), max(width - side, 0))
    top = min(max(round(kind.rosette_at[1] * height - side / 2), 0), height - side)
    part = cover[top : top + side, left : left + side]
    np.maximum(part, figure[:, : part.shape[1]], out=part)
    share = (cover * rng.uniform(*INK_STRENGTH[split]))[..., None].astype(np.float32)
    printed = tint[None] * (1 - share) + np.array(kind.ink, np.float32) * share
    return np.clip(printed, 0, 255).astype(np.uint8)

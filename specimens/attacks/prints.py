"""A print of the document is photographed: halftone screens, ink on paper, a photocopier's grey.

Drawn at 40 px/mm: a dot of a 200 lpi screen is five samples wide, a 600 dpi ink dot one to two.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from specimens.attack_protocol import Attack, AttackContext, Split
from specimens.attacks.sheets import on_sheet, scaled, with_pixels
from specimens.flat import FlatDocument, Picture

PX_PER_MM = 40.0
MM_PER_INCH = 25.4
MASK_PX = 256
Plane = NDArray[np.float32]


class LaserPrint(Attack):
    """A colour laser's print: four rotated dot screens."""

    name = "print_laser"

    def on_flat(self, document: FlatDocument, rng: np.random.Generator, context: AttackContext) -> FlatDocument:
        """Print, cut out or left on its sheet."""
        is_test = context.split is Split.TEST
        lpi = float(rng.uniform(100, 200) if is_test else rng.choice((106, 133, 141, 170, 190)))
        turn = float(rng.uniform(-8, 8)) if is_test else 0.0
        drawn = scaled(document, round(document.size[0] * PX_PER_MM / document.px_per_mm))
        inks = _separated(drawn.pixels, float(rng.uniform(0.05, 0.25)))
        gain = float(rng.uniform(0.5, 0.9))
        dots = [_screened(ink, lpi, angle + turn, gain, rng) for ink, angle in zip(inks, (15, 75, 0, 45), strict=True)]
        return _on_paper(with_pixels(drawn, _printed(dots)), rng)


class InkjetPrint(Attack):
    """An inkjet's print: scattered dots without a screen."""

    name = "print_inkjet"

    def on_flat(self, document: FlatDocument, rng: np.random.Generator, context: AttackContext) -> FlatDocument:
        """Print, cut out or left on its sheet."""
        is_test = context.split is Split.TEST
        dot_px = float(rng.uniform(1.0, 2.2) if is_test else rng.choice((1.2, 1.6, 2.0)))
        spread = float(rng.uniform(0.4, 0.9))
        drawn = scaled(document, round(document.size[0] * PX_PER_MM / document.px_per_mm))
        inks = _separated(drawn.pixels, float(rng.uniform(0.08, 0.3)))
        dots = [_scattered(ink, dot_px, spread, rng) for ink in inks]
        return _on_paper(with_pixels(drawn, _printed(dots)), rng)


class Photocopy(Attack):
    """A grey photocopy: toner, hardened tones, specks."""

    name = "photocopy"

    def on_flat(self, document: FlatDocument, rng: np.random.Generator, context: AttackContext) -> FlatDocument:
        """Copy, cut out or left on its sheet."""
        is_test = context.split is Split.TEST
        lpi = float(rng.uniform(80, 150) if is_test else rng.choice((85, 106, 141)))
        drawn = scaled(document, round(document.size[0] * PX_PER_MM / document.px_per_mm))
        grey = cv2.cvtColor(drawn.pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
        low, high = float(rng.uniform(0.05, 0.2)), float(rng.uniform(0.80, 1.0))
        ink = np.clip(1 - (grey - low) / (high - low), 0, 1).astype(np.float32)
        if rng.random() < 0.7:
            ink = _screened(ink, lpi, 45.0 + float(rng.uniform(-3, 3)), float(rng.uniform(0.4, 0.8)), rng)
        specks = rng.random(ink.shape, dtype=np.float32) > np.float32(0.9995)
        ink = np.maximum(ink, cv2.dilate(specks.astype(np.float32), np.ones((3, 3))) * np.float32(0.7))
        toner = (1 - ink * np.float32(rng.uniform(0.8, 0.92))) * 255
        pixels = cv2.merge([toner.astype(np.uint8)] * 3)
        return _on_paper(with_pixels(drawn, np.asarray(pixels, np.uint8)), rng)


def _separated(pixels: Picture, loss: float) -> list[Plane]:
    """Cyan, magenta, yellow and black inks 0 to 1; `loss` is the share of colour that paper and ink cannot hold."""
    rgb = pixels.astype(np.float32) / 255
    grey = rgb.mean(axis=2, keepdims=True)
    inks = 1 - (rgb * (1 - loss) + grey * loss)
    black = np.clip((inks.min(axis=2) - 0.35) / 0.65, 0, 1) * np.float32(0.9)
    return [*(np.clip((inks[..., i] - black) / (1.001 - black), 0, 1) for i in range(3)), black.astype(np.float32)]


def _screened(ink: Plane, lpi: float, angle_deg: float, gain: float, rng: np.random.Generator) -> Plane:
    """Round dots on a rotated grid; `gain` is how hard their edges are."""
    height, width = ink.shape
    per_px = 2 * np.pi * lpi / MM_PER_INCH / PX_PER_MM
    turn = np.radians(angle_deg)
    phase = rng.uniform(0, 2 * np.pi, 2)
    x = np.arange(width, dtype=np.float32)[None] * np.float32(per_px)
    y = np.arange(height, dtype=np.float32)[:, None] * np.float32(per_px)
    cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    # cos(u) + cos(v) on the rotated grid, as a product of sums so that only vectors need a cosine.
    first = _wave(x * cos, y * sin, float(phase[0]))
    second = _wave(-x * sin, y * cos, float(phase[1]))
    threshold = 0.5 + (first + second) / 4
    return np.clip((ink - threshold) * np.float32(6 * gain) + ink, 0, 1).astype(np.float32)


def _wave(across: Plane, down: Plane, phase: float) -> Plane:
    shifted = down + np.float32(phase)
    return np.asarray(np.cos(across) * np.cos(shifted) - np.sin(across) * np.sin(shifted), np.float32)


def _scattered(ink: Plane, dot_px: float, spread: float, rng: np.random.Generator) -> Plane:
    """Ink dots where a high-pass noise mask is below the ink: even scatter, no grid."""
    height, width = ink.shape
    coarse = (max(1, round(width / dot_px)), max(1, round(height / dot_px)))
    wanted = cv2.resize(ink, coarse, interpolation=cv2.INTER_AREA)
    mask = np.roll(_scatter_mask(), tuple(rng.integers(0, MASK_PX, 2)), (0, 1))
    tiled = np.tile(mask, (-(-coarse[1] // MASK_PX), -(-coarse[0] // MASK_PX)))[: coarse[1], : coarse[0]]
    dots = (wanted > tiled).astype(np.float32)
    laid = cv2.resize(dots, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.GaussianBlur(laid, (0, 0), spread), np.float32)


@lru_cache(maxsize=1)
def _scatter_mask() -> Plane:
    """Thresholds 0 to 1, every level as frequent, low frequencies taken out: shape (256, 256)."""
    noise = np.random.default_rng(7).standard_normal((MASK_PX, MASK_PX)).astype(np.float32)
    wrapped = cv2.copyMakeBorder(noise, 8, 8, 8, 8, cv2.BORDER_WRAP)
    fine = noise - cv2.GaussianBlur(wrapped, (0, 0), 1.2)[8:-8, 8:-8]
    ranks = np.argsort(np.argsort(fine.ravel())).reshape(fine.shape)
    return ((ranks + 0.5) / fine.size).astype(np.float32)


def _printed(dots: list[Plane]) -> Picture:
    """Inks over white paper: each takes its complement's light."""
    cyan, magenta, yellow, black = dots
    takes = np.array(((0.88, 0.12, 0.05), (0.18, 0.85, 0.25), (0.03, 0.10, 0.86)), np.float32)
    planes = []
    for channel in range(3):
        light = 1 - cyan * takes[0, channel]
        light *= 1 - magenta * takes[1, channel]
        light *= 1 - yellow * takes[2, channel]
        planes.append((light * (1 - black * np.float32(0.9)) * 255).astype(np.uint8))
    return np.asarray(cv2.merge(planes), np.uint8)


def _on_paper(document: FlatDocument, rng: np.random.Generator) -> FlatDocument:
    """Paper's white and its fibres; cut out by hand, or left with a margin."""
    height, width = document.pixels.shape[:2]
    white = np.array((rng.uniform(0.95, 1.0), rng.uniform(0.94, 0.99), rng.uniform(0.90, 0.98)), np.float32)
    grain = rng.standard_normal((height // 4, width // 4)).astype(np.float32)
    fibres = cv2.GaussianBlur(grain, (0, 0), float(rng.uniform(0.5, 1.5)))
    even = np.asarray(fibres / max(float(fibres.std()), 1e-6), np.float32)
    fibres = cv2.resize(even, (width, height), interpolation=cv2.INTER_LINEAR)
    relief = 1 + np.float32(rng.uniform(0.003, 0.012)) * fibres
    paper = np.clip(document.pixels * relief[..., None] * white, 0, 255).astype(np.uint8)
    pixels = np.asarray(cv2.GaussianBlur(paper, (0, 0), float(rng.uniform(0.4, 1.0))), np.uint8)
    printed = with_pixels(document, pixels)
    if rng.random() < 0.3:
        tone = [int(v) for v in white * 250]
        return on_sheet(printed, round(width * float(rng.uniform(0.02, 0.08))), (tone[0], tone[1], tone[2]))
    return printed

"""Tones out of ink: four ways to screen a picture, each channel by itself.

Source: Ulichney, "Digital Halftoning" (1987); Floyd and Steinberg (1976); Bayer (1973).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from specimens.portraits.ranges import Screen

Plane = NDArray[np.float32]

_ANGLES_DEG: Final = (0.0, 75.0, 15.0)
"""Yellow, magenta and cyan print at these angles, so that the inks do not make rosettes; they ink blue, green and red."""
_INK_GAMMA: Final = 0.9


def screened(picture: Plane, screen: Screen, pitch_px: float, rng: np.random.Generator) -> Plane:
    """``picture`` (H x W x 3, 0..1) as dots of full ink and bare paper; ``pitch_px``: from dot to dot."""
    planes = [_plane(picture[..., i], screen, pitch_px, angle, rng) for i, angle in enumerate(_ANGLES_DEG)]
    return np.stack(planes, axis=-1)


def _plane(tone: Plane, screen: Screen, pitch_px: float, angle_deg: float, rng: np.random.Generator) -> Plane:
    light = np.power(tone, _INK_GAMMA)
    match screen:
        case Screen.ROUND_DOTS | Screen.LINES:
            return (light > _waves(tone.shape, screen, pitch_px, angle_deg, rng)).astype(np.float32)
        case Screen.ORDERED:
            return (light > _tiled(tone.shape, max(1, round(pitch_px / 8)))).astype(np.float32)
        case Screen.ERROR_DIFFUSION:
            return _diffused(light, max(1, round(pitch_px / 3)), rng)


def _waves(shape: tuple[int, ...], screen: Screen, pitch: float, angle_deg: float, rng: np.random.Generator) -> Plane:
    """A threshold that rises and falls from dot to dot, 0..1."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    turn = math.radians(angle_deg)
    along, across = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
    first, second = rng.uniform(0, 2 * math.pi, 2)
    one = np.cos(2 * math.pi * along / pitch + first)
    if screen is Screen.LINES:
        return np.asarray(_even(one), np.float32)
    return np.asarray(_even((one + np.cos(2 * math.pi * across / pitch + second)) / 2), np.float32)


def _even(wave: Plane) -> Plane:
    """``wave`` with every level equally frequent, so that a grey of one half inks one half."""
    levels = np.quantile(wave, np.linspace(0, 1, 65))
    return np.asarray(np.interp(wave, levels, np.linspace(0, 1, 65)), np.float32)


def _tiled(shape: tuple[int, ...], cell_px: int) -> Plane:
    """Bayer's 8 x 8 thresholds, each ``cell_px`` wide."""
    bayer = np.zeros((1, 1))
    for _ in range(3):
        bayer = np.block([[4 * bayer, 4 * bayer + 2], [4 * bayer + 3, 4 * bayer + 1]])
    cells = np.kron((bayer + 0.5) / 64, np.ones((cell_px, cell_px)))
    times = (-(-shape[0] // cells.shape[0]), -(-shape[1] // cells.shape[1]))
    return np.tile(cells, times)[: shape[0], : shape[1]].astype(np.float32)


def _diffused(light: Plane, cell_px: int, rng: np.random.Generator) -> Plane:
    """Floyd and Steinberg's error diffusion on a grid of cells, each ``cell_px`` wide, with a little noise."""
    height, width = light.shape
    cells = light[cell_px // 2 :: cell_px, cell_px // 2 :: cell_px].astype(np.float64)
    rows, columns = cells.shape
    field = np.zeros((rows + 1, columns + 2))
    field[:rows, 1:-1] = cells + rng.uniform(-0.05, 0.05, cells.shape)
    # Cells on one slanted line (column + 2 rows = n) depend on earlier lines alone, so a line is done at once.
    row, column = np.mgrid[0:rows, 0:columns]
    order = column + 2 * row
    by_line = np.argsort(order, axis=None, kind="stable")
    ends = np.cumsum(np.bincount(order.ravel()))
    ink = np.zeros((rows, columns))
    for line in np.split(by_line, ends[:-1]):
        r, c = np.divmod(line, columns)
        value = field[r, c + 1]
        ink[r, c] = value > 0.5
        error = value - ink[r, c]
        for down, aside, share in ((0, 1, 7), (1, -1, 3), (1, 0, 5), (1, 1, 1)):
            np.add.at(field, (r + down, c + 1 + aside), error * share / 16)
    grown = np.kron(ink, np.ones((cell_px, cell_px)))
    padded = np.pad(grown, ((0, max(0, height - grown.shape[0])), (0, max(0, width - grown.shape[1]))), mode="edge")
    return padded[:height, :width].astype(np.float32)

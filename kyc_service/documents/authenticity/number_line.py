"""Whether the characters of a number belong together: every cell of the line is compared with the other cells.

A digit replaced after the capture brings other sharpness, noise or ground with it, one printed on a strip stands on
another ground, off the line or in another weight. No template is needed: the line is its own reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.documents.authenticity.places import Plane, laid_flat, luma_of, sides_of
from kyc_service.domain.measurements import Region
from kyc_service.imaging.picture import Picture, Pixels

Table = NDArray[np.float64]
Cells = NDArray[np.float32]
"""Characters x height x width."""

MIN_CELL_PX: Final = 9.0
"""Narrower cells hold too few pixels of ground to have a noise of their own."""
MIN_CHARACTERS: Final = 6
LONGEST_RUN: Final = 4
_MAX_CELL_PX: Final = 32
_MAD_TO_SIGMA: Final = 1.4826
_MEASURES: Final = (
    "ground_luma", "ground_blue", "ground_red", "noise", "sharpness", "ink", "top", "bottom", "weight", "rim_luma",
)  # fmt: skip
_FLOORS: Final = np.array((2.5, 2.0, 2.0, 0.2, 0.05, 4.0, 0.02, 0.02, 0.05, 2.5))
"""Least spread of each measure between cells: what rounding and the characters' own shapes give."""

FEATURES: Final = (
    *(f"run_{name}" for name in _MEASURES),
    *(f"one_{name}" for name in _MEASURES),
    "strangest_sum",
    "strangest_third",
    "seam",
    "step",
    "strip",
)


@dataclass(frozen=True, slots=True)
class NumberLook:
    """The :data:`FEATURES` of a line, and which cells are the strangest: first and one past the last."""

    features: list[float]
    strangest: tuple[int, int]


def look_at_number(picture: Picture, region: Region, characters: int) -> NumberLook | None:
    """Compare the cells of the line in ``region``; ``None`` where they are too small or too few."""
    sides = sides_of(picture, region)
    if sides is None or characters < MIN_CHARACTERS or sides[0] / characters < MIN_CELL_PX:
        return None
    cell = min(_MAX_CELL_PX, round(sides[0] / characters))
    height = max(8, round(sides[1] * cell * characters / sides[0]))
    rim = max(2, height // 4)
    return compare_cells(laid_flat(picture, region, (cell * characters, height), rim), rim, characters)


def compare_cells(line: Pixels, rim_px: int, characters: int) -> NumberLook:
    """The line laid flat with a rim of ``rim_px`` around it (BGR uint8), in cells of equal width."""
    luma = luma_of(line)
    fine = np.asarray(luma - cv2.GaussianBlur(luma, (0, 0), 1.0), np.float32)
    across, down = cv2.Sobel(luma, cv2.CV_32F, 1, 0, ksize=3), cv2.Sobel(luma, cv2.CV_32F, 0, 1, ksize=3)
    slope = np.asarray(cv2.magnitude(across, down) / 8, np.float32)
    green = line[..., 1].astype(np.float32)
    blue, red = (np.asarray(line[..., i] - green, np.float32) for i in (0, 2))
    cells = tuple(_in_cells(plane, rim_px, characters) for plane in (luma, fine, slope, blue, red))
    table = _measured(*cells)
    even = _levelled(table)
    runs = np.concatenate([_strangeness(even, length) for length in range(1, LONGEST_RUN + 1)])
    together = np.sort(np.minimum(runs, 30.0), axis=1)[:, ::-1]
    sums = np.log1p(together[:, :5]).sum(axis=1)
    where = int(sums.argmax())
    features = np.log1p(np.concatenate((runs.max(axis=0), runs[:characters].max(axis=0))))
    extra = (float(sums.max()), float(np.log1p(together[:, 2].max())))
    return NumberLook([*(float(v) for v in features), *extra, *_seams(luma, rim_px, characters, table[:, 0])],
                      _run_at(where, characters))  # fmt: skip


def _in_cells(plane: Plane, rim: int, characters: int) -> Cells:
    height, width = plane.shape
    return plane[:, rim : width - rim].reshape(height, characters, -1).transpose(1, 0, 2)


def _measured(luma: Cells, fine: Cells, slope: Cells, blue: Cells, red: Cells) -> Table:
    """One row per character, one column per measure."""
    height = luma.shape[1]
    dark, light = (v[:, None, None] for v in np.percentile(luma, (4, 75), axis=(1, 2)))
    contrast = np.maximum(4.0, light - dark)
    ground = luma > light - 0.25 * contrast
    ink = luma < (light + dark) / 2
    count = np.maximum(1, ground.sum(axis=(1, 2)))

    def on_ground(plane: Cells) -> Table:
        return np.asarray((plane * ground).sum(axis=(1, 2)) / count, np.float64)

    rows = (light - luma.min(axis=2, keepdims=True))[:, :, 0] / contrast[:, :, 0]
    flat_contrast = contrast[:, 0, 0]
    rim = max(1, height // 6)
    edges = np.maximum(1, (slope > contrast / 8).sum(axis=(1, 2)))
    columns = (
        on_ground(luma),
        on_ground(blue),
        on_ground(red),
        np.log(np.sqrt(on_ground(fine**2)) + 0.2),
        np.percentile(slope, 97, axis=(1, 2)) / flat_contrast,
        dark[:, 0, 0],
        _begins(rows) / height,
        1 - _begins(rows[:, ::-1]) / height,
        np.log((ink.sum(axis=(1, 2)) + 1) / edges),
        np.median(np.concatenate((luma[:, :rim], luma[:, -rim:]), axis=1), axis=(1, 2)),
    )
    return np.stack([np.asarray(column, np.float64) for column in columns], axis=1)


def _begins(darkness: Table) -> Table:
    """Where each row of ``darkness`` (0..1) first crosses one half, between pixels."""
    first = np.maximum(1, (darkness > 0.5).argmax(axis=1))  # noqa: PLR2004 - half of the contrast
    cells = np.arange(len(darkness))
    before, after = darkness[cells, first - 1], darkness[cells, first]
    share = np.clip((0.5 - before) / np.maximum(after - before, 1e-3), 0, 1)
    return np.asarray(first - 1 + share, np.float64)


def _levelled(table: Table) -> Table:
    """Each measure without its straight trend along the line: light falls off to one side."""
    at = np.arange(len(table))
    slope, start = np.polyfit(at, table, 1)
    return np.asarray(table - (at[:, None] * slope + start), np.float64)


def _strangeness(table: Table, length: int) -> Table:
    """How far each run of ``length`` neighbours lies from the others, in their spread: runs x measures."""
    inside, outside = _windows(len(table), length)
    rest = table[outside]
    middle = np.median(rest, axis=1)
    spread = _MAD_TO_SIGMA * np.median(np.abs(rest - middle[:, None]), axis=1) + _FLOORS
    return np.asarray(np.abs(table[inside].mean(axis=1) - middle) / spread * np.sqrt(length), np.float64)


@lru_cache(maxsize=256)
def _windows(count: int, length: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices inside and outside of every run."""
    firsts = range(count - length + 1)
    inside = np.array([[first + i for i in range(length)] for first in firsts], np.intp)
    outside = np.array([[i for i in range(count) if not first <= i < first + length] for first in firsts], np.intp)
    return inside, outside


def _run_at(row: int, characters: int) -> tuple[int, int]:
    for length in range(1, LONGEST_RUN + 1):
        if row < characters - length + 1:
            return row, row + length
        row -= characters - length + 1
    return 0, characters


def _seams(luma: Plane, rim: int, characters: int, ground: Table) -> list[float]:
    """The strongest upright edge between two cells, the largest step of ground, and the strongest edge over all the height.

    Each over the usual one; the last is what a strip's end shows above and below the line.
    """
    height, width = luma.shape
    share = max(2, height // 6)
    quiet = np.concatenate((luma[:share], luma[-share:]))
    jumps = np.abs(np.diff(quiet, axis=1)).mean(axis=0)
    at = np.linspace(rim, width - rim, characters + 1)[1:-1].round().astype(int).clip(1, len(jumps) - 2)
    seams = np.maximum(np.maximum(jumps[at - 1], jumps[at]), jumps[at + 1])
    steps = np.abs(np.diff(ground))
    strongest = np.log1p(seams.max() / (np.median(jumps) + 0.5))
    above, below = (np.abs(rows[2:] - rows[:-2]) for rows in (luma[:share].mean(axis=0), luma[-share:].mean(axis=0)))
    through = np.minimum(above, below)
    strip = np.log1p(through.max() / (np.median(through) + 0.4))
    return [float(strongest), float(np.log1p(steps.max() / (np.median(steps) + 1.0))), float(strip)]

"""Periodic structure on the face: pixel grids and their moire, halftone screens.

Squares of the face are looked at in the frequency domain after what stands out (hair, lids) is clipped away. A grid
laid over everything gives narrow peaks at nearly the same place in most squares; skin gives none. JPEG's block grid is
left out. Source: Garcia and de Queiroz, "Face-spoofing 2D-detection based on Moire-pattern analysis", IEEE TIFS 10
(2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.inference.engines import Pixels
from kyc_service.liveness.passive.cues.regions import Box, Plane, squares

SIDE_PX: Final = 64
_PER_SIDE: Final = 3
_PER_SIDE_SMALL: Final = 2
_PER_SIDE_AROUND: Final = 4
_AROUND: Final = 2.0
_BANDS: Final = ((0.07, 0.16), (0.16, 0.3), (0.3, 0.75))
"""Cycles per pixel."""
_HIGH_PASS_SIGMA: Final = 4.0
_CLIP_SIGMAS: Final = 2.5
_MAD_TO_SIGMA: Final = 1.4826
_SURROUND_BINS: Final = 11
_DRIFT_BINS: Final = 3
_JPEG_STEP_BINS: Final = SIDE_PX // 8
_LEAST: Final = 1e-6
_AT_BLOCKS: Final = 0.5

NAMES: Final = (
    *(f"luma_peak_{i}" for i in range(3)),
    *(f"chroma_peak_{i}" for i in range(3)),
    "small_luma_peak",
    "small_chroma_peak",
    "luma_fringe",
    "chroma_fringe",
    "small_luma_fringe",
    "small_chroma_fringe",
    "around_luma_1",
    "around_luma_2",
)


def periodic_cues(pixels: Pixels, box: Box, small: Pixels, small_box: Box) -> dict[str, float]:
    """The :data:`NAMES`; empty where the picture is smaller than one square. ``small`` is the picture reduced."""
    found = squares(pixels, box, SIDE_PX, _PER_SIDE)
    if not found:
        return {}
    native = _Peaks.of(found)
    # Long moire is best seen on a small picture, which also says the same of pictures of every size.
    reduced = squares(small, small_box, SIDE_PX, _PER_SIDE_SMALL)
    other = _Peaks.of(reduced) if reduced else native
    found_all = (*native.luma, *native.chroma, max(other.luma), max(other.chroma))
    fringes = (native.luma_fringe, native.chroma_fringe, other.luma_fringe, other.chroma_fringe)
    return dict(zip(NAMES, (*found_all, *fringes, *_around(pixels, box)), strict=True))


def _around(pixels: Pixels, box: Box) -> list[float]:
    """The peaks of the mean over squares of the face and what is beside it: weak grids show where many agree."""
    x, y, width, height = box
    grown = (x - width * (_AROUND - 1) / 2, y - height * (_AROUND - 1) / 2, width * _AROUND, height * _AROUND)
    found = [_raised(_luma(square), drift=False) for square in squares(pixels, grown, SIDE_PX, _PER_SIDE_AROUND)]
    mean = np.mean(found, axis=0)
    return [_top(mean[ring]) for ring in _rings()[1:3]]


def _luma(square: Pixels) -> Plane:
    blue, green, red = (plane.astype(np.float32) for plane in cv2.split(square))
    return np.asarray((blue + 2 * green + red) / 4, np.float32)


@dataclass(frozen=True, slots=True)
class _Peaks:
    """Bins over their surroundings, as logarithms.

    ``luma`` and ``chroma``: the three highest that most squares share, per band. The fringes: each square's own
    highest, as the middle square has it; moire changes its direction over the face.
    """

    luma: tuple[float, ...]
    chroma: tuple[float, ...]
    luma_fringe: float
    chroma_fringe: float

    @classmethod
    def of(cls, found: list[Pixels]) -> _Peaks:
        lumas, chromas = [], []
        for i, square in enumerate(found):
            blue, green, red = (plane.astype(np.float32) for plane in cv2.split(square))
            lumas.append(_raised(_luma(square)))
            chromas.append(_raised(np.asarray(blue - (red + green) / 2 if i % 2 else red - green, np.float32)))
        shared = [
            np.partition(np.stack(planes), len(planes) // 2, axis=0)[len(planes) // 2] for planes in (lumas, chromas)
        ]
        tops = [tuple(_top(plane[ring]) for ring in _rings()[:-1]) for plane in shared]
        own = [float(np.median([_top(plane[_rings()[-1]]) for plane in planes])) for planes in (lumas, chromas)]
        return cls(tops[0], tops[1], own[0], own[1])


def _raised(plane: Plane, *, drift: bool = True) -> Plane:
    """Power of the clipped residual in each bin over that of the bins around it; ``drift``: or of a bin next to it."""
    residual = plane - cv2.GaussianBlur(plane, (0, 0), _HIGH_PASS_SIGMA)
    sigma = _MAD_TO_SIGMA * float(np.median(np.abs(residual[::3, ::3]))) + 0.3
    bounded = np.clip(residual, -_CLIP_SIGMAS * sigma, _CLIP_SIGMAS * sigma) * _window()
    waves = cv2.dft(bounded.astype(np.float32), flags=cv2.DFT_COMPLEX_OUTPUT)[:, : SIDE_PX // 2 + 1]
    power = waves[..., 0] ** 2 + waves[..., 1] ** 2
    smooth = cv2.boxFilter(power, -1, (_SURROUND_BINS, _SURROUND_BINS), borderType=cv2.BORDER_REFLECT)
    over = power / (smooth + _LEAST * float(power.mean()) + 1e-12)
    over[_blocks()] = _AT_BLOCKS
    if not drift:
        return np.asarray(over, np.float32)
    # Seen at a slant, a grid's pitch differs between squares.
    return np.asarray(cv2.dilate(over, np.ones((_DRIFT_BINS, _DRIFT_BINS), np.uint8)), np.float32)


def _top(values: NDArray[np.float32]) -> float:
    return float(np.log(np.partition(values, -3)[-3:].mean() + _LEAST))


@lru_cache(maxsize=1)
def _window() -> Plane:
    hann = np.hanning(SIDE_PX).astype(np.float32)
    return np.outer(hann, hann).astype(np.float32)


@lru_cache(maxsize=1)
def _rings() -> tuple[NDArray[np.bool_], ...]:
    down, across = np.abs(np.fft.fftfreq(SIDE_PX))[:, None], np.fft.rfftfreq(SIDE_PX)[None]
    radius = np.hypot(down, across)
    bands = (*_BANDS, (_BANDS[0][0], _BANDS[-1][1]))
    return tuple(np.asarray((radius >= low) & (radius < high)) for low, high in bands)


@lru_cache(maxsize=1)
def _blocks() -> NDArray[np.bool_]:
    """Bins next to where JPEG's blocks show: both frequencies multiples of 1/8."""
    down = np.abs(np.fft.fftfreq(SIDE_PX) * SIDE_PX)
    across = np.fft.rfftfreq(SIDE_PX) * SIDE_PX
    near_down = np.abs(down / _JPEG_STEP_BINS - np.round(down / _JPEG_STEP_BINS)) * _JPEG_STEP_BINS <= 1
    near_across = np.abs(across / _JPEG_STEP_BINS - np.round(across / _JPEG_STEP_BINS)) * _JPEG_STEP_BINS <= 1
    return np.asarray(near_down[:, None] & near_across[None], np.bool_)

"""The noise of a clip's frames: a camera's is new in every frame, a still picture's is the same in all.

Noise is looked for where the picture is flat, since texture stays in place however
honest the clip. A codec that throws all noise away leaves nothing to compare: then
``noise_correlation`` says so by ``noisy_pairs`` 0. Source: Lukas et al., "Digital camera
identification from sensor pattern noise" (2006), turned round: what should differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.imaging.picture import Pixels

_CROP_PX: Final = 256
_MOST_FRAMES: Final = 32
_SMALL_PX: Final = 48
_UNCHANGED_LUMA: Final = 1
_LEAST_NOISE: Final = 0.4
_FLAT_SHARE: Final = 0.3
_FLATTENED_SIGMA_PX: Final = 2.0
_LEAST_CHANGE: Final = 2.0

_Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FrameNoise:
    """How much of one frame is found again in the next.

    ``repeated_share``: neighbouring frames that are equal to one level of luma in every
    pixel of the middle, 0..1 (a container that doubles frames gives 0.5, a frozen picture 1).
    ``returning_frames``: frames that equal an earlier one while those between differ.
    ``noise_correlation``: median over neighbouring frames, after the shift between them is
    undone, of the correlation of their noise, -1..1. ``noisy_pairs``: how many pairs had
    noise to compare.
    """

    pairs: int
    repeated_share: float
    returning_frames: int
    noise_correlation: float
    noisy_pairs: int


def noise_of(frames: Sequence[Pixels]) -> FrameNoise:
    """Compare neighbouring frames (BGR uint8, all of one size), at most 33 of them from the clip's middle."""
    start = max(0, (len(frames) - _MOST_FRAMES - 1) // 2)
    lumas = [_middle(frame) for frame in frames[start : start + _MOST_FRAMES + 1]]
    repeated = [_is_repeat(one, other) for one, other in pairwise(lumas)]
    found = [_correlation(one, other) for (one, other), same in zip(pairwise(lumas), repeated, strict=True) if not same]
    correlations = [value for value in found if value is not None]
    return FrameNoise(
        pairs=len(repeated),
        repeated_share=sum(repeated) / len(repeated) if repeated else 0.0,
        returning_frames=returning(frames),
        noise_correlation=float(np.median(correlations)) if correlations else 0.0,
        noisy_pairs=len(correlations),
    )


def returning(frames: Sequence[Pixels]) -> int:
    """How many frames equal one that is not their neighbour, with different ones between."""
    size = (_SMALL_PX, _SMALL_PX)
    small = [cv2.resize(_grey(frame), size, interpolation=cv2.INTER_AREA).astype(np.int16).ravel() for frame in frames]
    if not small:
        return 0
    table = np.stack(small)
    count = 0
    for later in range(2, len(table)):
        change = np.abs(table[:later] - table[later]).max(axis=1)
        differing = np.flatnonzero(change > _LEAST_CHANGE)
        # an equal frame before the last one that differs: the clip came back to what it had left
        count += bool(len(differing) and (change[: differing[-1]] == 0).any())
    return count


def _middle(frame: Pixels) -> _Plane:
    height, width = frame.shape[:2]
    top, left = max(0, (height - _CROP_PX) // 2), max(0, (width - _CROP_PX) // 2)
    return _grey(frame[top : top + _CROP_PX, left : left + _CROP_PX]).astype(np.float32)


def _grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _is_repeat(one: _Plane, other: _Plane) -> bool:
    return bool(np.abs(one - other).max() <= _UNCHANGED_LUMA)


def _correlation(one: _Plane, other: _Plane) -> float | None:
    """Of the noise on what is flat in ``one``; ``None`` where there is no noise to compare."""
    (dx, dy), _ = cv2.phaseCorrelate(one, other)
    matrix = np.array([[1, 0, round(dx)], [0, 1, round(dy)]], dtype=np.float32)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    shifted = cv2.warpAffine(other, matrix, one.shape[::-1], flags=flags, borderMode=cv2.BORDER_REFLECT)
    moved = np.asarray(shifted, dtype=np.float32)
    smooth = cv2.GaussianBlur(one, (0, 0), _FLATTENED_SIGMA_PX)
    slope = np.abs(cv2.Sobel(smooth, cv2.CV_32F, 1, 0)) + np.abs(cv2.Sobel(smooth, cv2.CV_32F, 0, 1))
    is_flat = slope <= np.quantile(slope, _FLAT_SHARE)
    noises = [plane[is_flat] for plane in (_residual(one), _residual(moved))]
    if min(float(noise.std()) for noise in noises) < _LEAST_NOISE:
        return None
    return float(np.corrcoef(noises[0], noises[1])[0, 1])


def _residual(plane: _Plane) -> _Plane:
    """What a 3 x 3 median takes away."""
    return np.asarray(plane - cv2.medianBlur(plane, 3), dtype=np.float32)

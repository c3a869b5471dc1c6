"""Capture quality of one patch: how blurred, how bright, how much contrast. Numbers only.

Blur is measured at edges alone, as the width a step edge was smeared to. The patch is
brought to one size and blurred once more by a known amount: how much the gradient at an
edge falls says how wide it was before, whatever its contrast (Zhuo and Sim, "Defocus map
estimation from a single image", Pattern Recognition 44, 2011). A variance of the Laplacian,
the usual measure, falls with contrast and texture as much as with blur and rises with
noise. Where there is no edge nothing can be said of blur: ``edge_fraction`` tells how much
there was to go by.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.imaging.picture import Pixels

STANDARD_LONG_SIDE_PX: Final = 640
MAX_BLUR_SIGMA_PX: Final = 8.0

_Plane = NDArray[np.float32]
_BASE_SIGMA_PX: Final = 1.0
_REBLUR_SIGMA_PX: Final = 2.0
# An edge stands out of the noise (robustly estimated from the patch itself) by this factor,
# and out of the rounding to 8 bits in any case.
_EDGE_OVER_NOISE: Final = 6.0
_LEAST_EDGE_STEP: Final = 3.0
# A patch full of text has a high median gradient that is no noise; a step this large is an edge in any patch.
_SURE_EDGE_STEP: Final = 12.0
_MAD_TO_SIGMA: Final = 1.4826
_LEAST_EDGES: Final = 50
_OVEREXPOSED_LUMA: Final = 250
_PERCENTILES: Final = (5.0, 50.0, 95.0)


@dataclass(frozen=True, slots=True)
class PatchQuality:
    """What was measured; nothing judged.

    ``blur_sigma_px``: width of the smear over edges, as the sigma of a Gaussian in pixels
    of the patch brought to its standard size (640 px on the long side); 0 (sharp) to 8 (at least 8, or no edge
    at all); the worse of the two directions.
    ``edge_fraction``: share of pixels that are edges, 0..1; near 0, believe no blur.
    ``luma_mean``, ``luma_p05``, ``luma_p50``, ``luma_p95``: luma (BT.601), 0..255.
    ``overexposed_fraction``: share of pixels with a luma of 250 or more, 0..1.
    ``contrast``: standard deviation of luma, 0..127.5.
    ``width_px``, ``height_px``: the patch as it was given.
    """

    blur_sigma_px: float
    edge_fraction: float
    luma_mean: float
    luma_p05: float
    luma_p50: float
    luma_p95: float
    overexposed_fraction: float
    contrast: float
    width_px: int
    height_px: int

    @property
    def sharpness(self) -> float:
        """The same as ``blur_sigma_px`` with higher meaning sharper: 1 / (1 + sigma), 0.11..1."""
        return 1.0 / (1.0 + self.blur_sigma_px)


def measure_patch(patch: Pixels, standard_long_side_px: int = STANDARD_LONG_SIDE_PX) -> PatchQuality:
    """Measure ``patch`` (BGR uint8, HxWx3, at least 8 x 8).

    ``standard_long_side_px`` is the size blur is measured at: 640 suits a face; thin print
    (whose lines are narrower than a step edge) asks for more, and only measurements made at
    the same size can be compared. A camera that shook along one direction shows only in
    part: a box-shaped smear leaves fine structure, and this measures the smear of edges.
    Strong noise over faint edges makes wide smears look narrower than they are.

    Raises:
        ValueError: The patch is too small or not HxWx3.
    """
    if patch.ndim != 3 or min(patch.shape[:2]) < 8:  # noqa: PLR2004 - HxWx3, and room for the filters
        raise ValueError("a patch is HxWx3 and at least 8 x 8 pixels")
    luma = cv2.cvtColor(_standard_size(patch, standard_long_side_px), cv2.COLOR_BGR2GRAY)
    blur, edge_fraction = _blur(np.asarray(luma, dtype=np.float32))
    p05, p50, p95 = np.percentile(luma, _PERCENTILES)
    return PatchQuality(
        blur_sigma_px=blur,
        edge_fraction=edge_fraction,
        luma_mean=float(luma.mean()),
        luma_p05=float(p05),
        luma_p50=float(p50),
        luma_p95=float(p95),
        overexposed_fraction=float((luma >= _OVEREXPOSED_LUMA).mean()),
        contrast=float(luma.std()),
        width_px=int(patch.shape[1]),
        height_px=int(patch.shape[0]),
    )


def _standard_size(patch: Pixels, long_side_px: int) -> Pixels:
    height, width = patch.shape[:2]
    factor = long_side_px / max(height, width)
    size = (max(8, round(width * factor)), max(8, round(height * factor)))
    interpolation = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(patch, size, interpolation=interpolation), dtype=np.uint8)


def _blur(luma: _Plane) -> tuple[float, float]:
    """The worse direction's smear, and the share of pixels that are edges."""
    base = cv2.GaussianBlur(luma, (0, 0), _BASE_SIGMA_PX)
    again = cv2.GaussianBlur(luma, (0, 0), _REBLUR_SIGMA_PX)
    sigmas: list[float] = []
    edges = 0
    for dx, dy in ((1, 0), (0, 1)):
        before, after = _gradient(base, dx, dy), _gradient(again, dx, dy)
        ridge = _ridges(before, (1, 3) if dx else (3, 1))
        found = int(np.count_nonzero(ridge))
        edges += found
        if found >= _LEAST_EDGES:
            sigmas.append(_sigma(float(np.median(before[ridge] / np.maximum(after[ridge], 1e-6)))))
    return max(sigmas, default=MAX_BLUR_SIGMA_PX), min(1.0, edges / luma.size)


def _gradient(plane: cv2.typing.MatLike, dx: int, dy: int) -> _Plane:
    return np.abs(np.asarray(cv2.Sobel(plane, cv2.CV_32F, dx, dy, ksize=3, scale=1 / 8), dtype=np.float32))


def _ridges(gradient: _Plane, window: tuple[int, int]) -> NDArray[np.bool_]:
    """Pixels where the gradient along one axis peaks, well above the patch's own noise."""
    noise = _MAD_TO_SIGMA * float(np.median(gradient))
    along = cv2.dilate(gradient, np.ones(window, dtype=np.uint8))
    return (gradient >= along) & (gradient > max(_LEAST_EDGE_STEP, min(_EDGE_OVER_NOISE * noise, _SURE_EDGE_STEP)))


def _sigma(ratio: float) -> float:
    """The sigma of an edge whose gradient fell by ``ratio`` from the base to the second blur.

    A step smeared by s has the gradient peak A / sqrt(2 pi (s^2 + b^2)) after a blur of b, so
    ratio^2 = (s^2 + b2^2) / (s^2 + b1^2).
    """
    square = ratio * ratio
    if square <= 1.0:
        return MAX_BLUR_SIGMA_PX
    variance = (_REBLUR_SIGMA_PX**2 - square * _BASE_SIGMA_PX**2) / (square - 1.0)
    return min(MAX_BLUR_SIGMA_PX, math.sqrt(max(0.0, variance)))

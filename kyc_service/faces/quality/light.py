"""Light on the face: exposure, dynamic range, and whether both sides get the same of it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.faces.quality.standard_face import StandardFace

_OVEREXPOSED_LUMA: Final = 247
_LIT_PERCENTILE: Final = 90.0
_LEFT_CHEEK: Final = (117, 118, 101, 36, 205, 187, 123)
_RIGHT_CHEEK: Final = (346, 347, 330, 266, 425, 411, 352)
_BLACK: Final = 8.0
"""Added to a luma before it divides: near black, ratios say nothing."""
_BINS: Final = 256


def brightness(luma: NDArray[np.float32]) -> float:
    """Luma (0..255) of the brighter parts, which says how a face is lit rather than how dark its skin is.

    ISO: under-exposure prevention. OFIQ counts dark pixels instead, and so finds dark skin underexposed.
    """
    return float(np.percentile(luma, _LIT_PERCENTILE))


def overexposed_fraction(luma: NDArray[np.float32]) -> float:
    """Share of pixels that are burnt out, 0..1. ISO: over-exposure prevention (as OFIQ, on the inner face)."""
    return float((luma >= _OVEREXPOSED_LUMA).mean())


def dynamic_range_bits(luma: NDArray[np.float32]) -> float:
    """Entropy of the luma histogram, 0..8 bits. ISO: dynamic range (as OFIQ)."""
    counts = np.bincount(np.clip(luma, 0, _BINS - 1).astype(np.intp).ravel(), minlength=_BINS)
    shares = counts[counts > 0] / luma.size
    return max(0.0, float(-(shares * np.log2(shares)).sum()))


def illumination_uniformity(face: StandardFace) -> float:
    """Luma of the darker cheek over that of the brighter one, 0..1.

    ISO: illumination uniformity. OFIQ intersects the histograms of both sides, which falls
    with noise and beards as well; this falls with shadow alone.
    """
    left, right = (float(np.median(face.luma[face.inside(face.points[list(c)])])) for c in (_LEFT_CHEEK, _RIGHT_CHEEK))
    return (min(left, right) + _BLACK) / (max(left, right) + _BLACK)

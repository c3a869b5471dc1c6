"""How sharp the face is, and how far compression has broken it into blocks."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.inference.engines import Pixels

_BLOCK_PX: Final = 8
_LEAST_BLOCKS: Final = 4
_FULLY_SEEN_AT_PX: Final = 45.0
"""Between the eyes: the size of the faces that the limit is measured on, about what the embedder sees."""
_EDGE_LUMA: Final = 24.0
"""A step larger than this belongs to the face; the steps between blocks are small."""


def sharpness(luma: NDArray[np.float32]) -> float:
    """Share of the variation between neighbours that a further blur takes away, 0 (blurred) to 1.

    ISO: sharpness. OFIQ asks a random forest over several edge filters; this is the first
    principle, and does not depend on exposure. Source: Crete et al., "The blur effect"
    (2007): what is blurred already loses little.
    """
    blurred = np.asarray(cv2.GaussianBlur(luma, (0, 0), 1.5), dtype=np.float32)
    kept = [float(np.abs(np.diff(plane, axis=axis)).sum()) for plane in (luma, blurred) for axis in (0, 1)]
    before, after = kept[0] + kept[1], kept[2] + kept[3]
    return 0.0 if before <= 0 else min(1.0, max(0.0, 1.0 - after / before))


def blockiness(pixels: Pixels, box: tuple[float, float, float, float], inter_eye_px: float) -> float:
    """How much steeper luma steps are on the best fitting 8 x 8 grid than beside it, in levels.

    Blocks that are small on the face count less, in the share of a block's side to that on
    a face with 45 px between the eyes: nothing that compares faces sees them.

    ISO: compression artifacts. OFIQ asks a network; this sees JPEG's grid alone, at the
    size the picture has here: what was scaled after it was compressed shows no grid.
    ``box`` (x, y, width, height) is the face's in ``pixels``.
    """
    x, y, width, height = (round(value) for value in box)
    part = pixels[max(0, y) : max(0, y + height), max(0, x) : max(0, x + width)]
    if min(part.shape[:2]) < _LEAST_BLOCKS * _BLOCK_PX:
        return 0.0
    luma = np.asarray(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), dtype=np.float32)
    visible = min(1.0, _FULLY_SEEN_AT_PX / max(inter_eye_px, 1.0))
    return visible * min(_grid(luma), _grid(np.ascontiguousarray(luma.T)))


def _grid(luma: NDArray[np.float32]) -> float:
    """Along one axis: the worst of the eight places a grid can have."""
    step = np.minimum(np.abs(np.diff(luma, axis=1)), _EDGE_LUMA)
    excess = (step[:, 1:-1] - (step[:, :-2] + step[:, 2:]) / 2).mean(axis=0)
    return max(0.0, *(float(excess[place::_BLOCK_PX].mean()) for place in range(_BLOCK_PX)))

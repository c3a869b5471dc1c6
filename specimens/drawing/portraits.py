"""Portraits: two public-domain photographs varied in crop, mirror, proportion and tone.

The package has no more faces that may be given away: the portraits stand for "a face is here", never for identities.
"""

from functools import lru_cache

import cv2
import numpy as np

from fixtures.portraits import COLLINS, HOPPER, document_portrait
from specimens.attack_protocol import Split
from specimens.flat import Picture

GROUND = (238, 242, 243)
_LARGE_PX = (470, 590)
_PHOTOGRAPHS = (COLLINS, HOPPER)


def portrait(rng: np.random.Generator, size: tuple[int, int], split: Split) -> Picture:
    """A portrait of a width and height in pixels before the light ground that document portraits have."""
    base = _large(int(rng.integers(len(_PHOTOGRAPHS))))
    if split is Split.TEST:
        base = np.ascontiguousarray(base[:, ::-1])
    shrink = rng.uniform(0.90, 1.0, 2)
    width, height = round(_LARGE_PX[0] * shrink[0]), round(_LARGE_PX[1] * shrink[1])
    left, top = int(rng.integers(_LARGE_PX[0] - width + 1)), int(rng.integers((_LARGE_PX[1] - height) // 2 + 1))
    cut = cv2.resize(base[top : top + height, left : left + width], size, interpolation=cv2.INTER_AREA)
    tone = rng.uniform(0.85, 1.1) * (1 + rng.uniform(-0.03, 0.03, 3))
    levels = np.clip(245 * np.power(np.arange(256)[:, None] / 245, 1 / tone), 0, 255).astype(np.uint8)[None]
    return np.asarray(cv2.LUT(cut, levels), np.uint8)


def melted(picture: Picture, under: Picture) -> Picture:
    """The portrait multiplied into the background print under it (same size): no frame, hardly a line on the face."""
    soft = 0.2 * under.astype(np.float32) + 0.8 * cv2.GaussianBlur(under, (0, 0), 12).astype(np.float32)
    return np.clip(picture.astype(np.float32) * soft / np.array(GROUND, np.float32), 0, 255).astype(np.uint8)


@lru_cache(maxsize=2)
def _large(which: int) -> Picture:
    return document_portrait(_PHOTOGRAPHS[which], _LARGE_PX, GROUND)

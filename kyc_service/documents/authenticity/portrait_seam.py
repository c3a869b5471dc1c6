"""Whether the portrait belongs to its document: an edge around it, and noise, sharpness and tone against the rest.

For documents whose portrait runs into the background print without a frame. A framed portrait has an edge by design:
such a family needs its own weights before its answers mean anything.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kyc_service.documents.authenticity.places import Plane, laid_flat, luma_of, sides_of
from kyc_service.domain.measurements import Region
from kyc_service.imaging.picture import Picture, Pixels

MIN_PORTRAIT_PX: Final = 70.0
"""Of its height: below, edge and noise are a few pixels."""
_MAX_PORTRAIT_PX: Final = 420
_RIM_SHARE: Final = 0.14
_SEARCH_SHARE: Final = 0.055
_CLEAR_SHARE: Final = 0.1

FEATURES: Final = (
    "edge_left", "edge_top", "edge_right", "edge_second", "noise_ratio", "noise_difference", "fine_ratio",
    "tone_luma", "tone_blue", "tone_red",
)  # fmt: skip


def look_at_portrait(picture: Picture, region: Region) -> list[float] | None:
    """The :data:`FEATURES` of the portrait in ``region``; ``None`` where it is too small."""
    sides = sides_of(picture, region)
    if sides is None or sides[1] < MIN_PORTRAIT_PX:
        return None
    scale = min(1.0, _MAX_PORTRAIT_PX / max(sides))
    size = (max(32, round(sides[0] * scale)), round(sides[1] * scale))
    rim = max(8, round(_RIM_SHARE * size[1]))
    return compare_portrait(laid_flat(picture, region, size, rim), rim)


def compare_portrait(flat: Pixels, rim: int) -> list[float]:
    """The :data:`FEATURES` of a portrait laid flat with ``rim`` pixels of the document around it (BGR uint8)."""
    luma = luma_of(flat)
    height, width = luma.shape
    inner = (rim, rim, width - rim, height - rim)
    left = _edge(luma, inner)
    top = _edge(np.ascontiguousarray(luma.T), (inner[1], inner[0], inner[3], inner[2]))
    mirrored = np.ascontiguousarray(luma[:, ::-1])
    right = _edge(mirrored, (rim, rim, width - rim, height - rim))
    fine = luma - cv2.GaussianBlur(luma, (0, 0), 1.0)
    inside = _inner_ground(fine, inner)
    outside = np.concatenate([_calm(fine[:, : rim * 3 // 4]), _calm(fine[: rim * 3 // 4])])
    here, there = float(np.median(inside)), float(np.median(outside))
    crisp = np.log((np.percentile(inside, 90) + 0.2) / (np.percentile(outside, 90) + 0.2))
    tones = _tones(flat, inner, rim)
    return [left, top, right, sorted((left, top, right))[1], float(np.log((here + 0.15) / (there + 0.15))),
            abs(float(np.log((here + 0.15) / (there + 0.15)))), float(crisp), *tones]  # fmt: skip


def _edge(luma: Plane, inner: tuple[int, int, int, int]) -> float:
    """How much a straight upright edge near the left side stands out of the lines next to it.

    Signed differences are averaged along the side before their size is taken: what runs along the side adds up,
    print and noise cancel.
    """
    x0, y0, x1, y1 = inner
    reach = max(3, round(_SEARCH_SHARE * (x1 - x0)))
    top, bottom = y0 + (y1 - y0) // 12, y0 + (y1 - y0) * 6 // 10
    first, last = max(1, x0 - 3 * reach), min(luma.shape[1] - 1, x0 + 3 * reach)
    band = luma[top:bottom, first - 1 : last + 1]
    parts = np.array_split(band[:, 2:] - band[:, :-2], 4, axis=0)
    along = np.median([np.abs(part.mean(axis=0)) for part in parts], axis=0)
    middle = x0 - first
    near = along[max(0, middle - reach) : middle + reach + 1]
    return float(np.log((near.max(initial=0.0) + 0.4) / (np.median(along) + 0.4)))


def _inner_ground(fine: Plane, inner: tuple[int, int, int, int]) -> Plane:
    """Noise of the calm blocks in the portrait's upper corners, where its ground shows."""
    x0, y0, x1, y1 = inner
    wide, high = max(16, round((x1 - x0) * 0.3)), max(16, round((y1 - y0) * 0.3))
    return np.concatenate([_calm(fine[y0 : y0 + high, x0 : x0 + wide]), _calm(fine[y0 : y0 + high, x1 - wide : x1])])


def _calm(fine: Plane) -> Plane:
    """Standard deviation per block of 8 x 8, the calmer half of them."""
    height, width = (max(1, side // 8) * 8 for side in fine.shape)
    padded = np.resize(fine, (height, width)) if fine.shape[0] < 8 or fine.shape[1] < 8 else fine[:height, :width]  # noqa: PLR2004
    blocks = padded.reshape(height // 8, 8, width // 8, 8).std(axis=(1, 3)).ravel()
    return np.sort(blocks)[: max(1, len(blocks) // 2)].astype(np.float32)


def _tones(flat: Pixels, inner: tuple[int, int, int, int], rim: int) -> list[float]:
    """Difference of ground tone across the portrait's left and top side: luma, blue and red against green."""
    x0, y0, x1, y1 = inner
    depth = max(2, round(_CLEAR_SHARE * (x1 - x0)))
    upper = y0 + (y1 - y0) // 2
    inside = np.concatenate((flat[y0 + depth // 2 : upper, x0 + 2 : x0 + depth].reshape(-1, 3),
                             flat[y0 + 2 : y0 + depth, x0 + depth // 2 : x1 - depth // 2].reshape(-1, 3)))  # fmt: skip
    outside = np.concatenate((flat[y0:upper, max(0, x0 - rim * 3 // 4) : max(1, x0 - rim // 4)].reshape(-1, 3),
                              flat[max(0, y0 - rim * 3 // 4) : max(1, y0 - rim // 4), x0:x1].reshape(-1, 3)))  # fmt: skip
    here = np.percentile(inside, 65, axis=0)
    there = np.percentile(outside, 65, axis=0)
    blue, green, red = (here - there).tolist()
    return [abs((blue + 2 * green + red) / 4) / 10, abs(blue - green) / 10, abs(red - green) / 10]

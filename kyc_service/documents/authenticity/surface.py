"""What the surface of the document and the ground around it look like: noise, evenness, colour.

Noise is taken in the calmest blocks of 8 x 8 pixels, where print does not reach. A picture that no camera took is
calm to the last bit, or its blocks are; a grey copy has hardly any colour beside its cast.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kyc_service.documents.authenticity.places import Plane, luma_of
from kyc_service.imaging.geometry import Points
from kyc_service.imaging.picture import Pixels

BLOCK_PX: Final = 8
_SMALL_LONG_SIDE_PX: Final = 160

NOISE_FEATURES: Final = ("noise_p10", "noise_p30", "noise_p50", "noise_spread", "still_blocks")
FRAME_FEATURES: Final = ("equal_neighbours", "ground_still_blocks", "ground_noise", "one_colour")
COLOUR_FEATURES: Final = ("greyness", "chroma_p95", "chroma_spread")
FULL_COLOUR: Final = 6.0
"""95th percentile of the distance from the median tone (CIE a*, b*) from which on a document counts as coloured."""


def noise_features(patches: list[Pixels]) -> list[float]:
    """The :data:`NOISE_FEATURES` of patches inside the document."""
    levels = np.concatenate([_block_noise(luma_of(patch)) for patch in patches])
    p10, p30, p50 = (float(v) for v in np.log(np.percentile(levels, (10, 30, 50)) + 0.05))
    return [p10, p30, p50, p50 - p10, _still(levels)]


def frame_features(pixels: Pixels, outline: Points) -> list[float]:
    """The :data:`FRAME_FEATURES` of the whole picture and of the ground around the document."""
    step = max(1, min(pixels.shape[:2]) // 400)
    rows = pixels[:: step * 2]
    same = rows[:, 1:] == rows[:, :-1]
    equal = float((same[..., 0] & same[..., 1] & same[..., 2]).mean())
    thin = pixels[::4, ::4]
    # 5 bits of each channel: one colour of a screen stays one, and counting is fast.
    codes = (
        ((thin[..., 0].astype(np.int32) >> 3) << 10) + ((thin[..., 1].astype(np.int32) >> 3) << 5) + (thin[..., 2] >> 3)
    )
    counts = np.bincount(codes.ravel())
    ground = _ground_blocks(pixels, outline)
    return [equal, _still(ground), float(np.log(np.percentile(ground, 20) + 0.05)), float(counts.max() / codes.size)]


def colour_features(flat: Pixels) -> list[float]:
    """The :data:`COLOUR_FEATURES` of the document laid flat; a cast over all of it counts for nothing."""
    lab = cv2.cvtColor(_small(flat), cv2.COLOR_BGR2LAB)
    tone = lab[..., 1:].reshape(-1, 2).astype(np.float32)
    away = np.sqrt(((tone - np.median(tone, axis=0)) ** 2).sum(axis=1))
    p95 = float(np.percentile(away, 95))
    return [max(0.0, 1 - p95 / FULL_COLOUR), p95, float(away.std())]


def _block_noise(luma: Plane) -> Plane:
    """Standard deviation of the finest detail per block of 8 x 8; a Laplacian of differences cancels slopes."""
    kernel = np.array(((1, -2, 1), (-2, 4, -2), (1, -2, 1)), np.float32) / 6
    fine = cv2.filter2D(luma, cv2.CV_32F, kernel)
    height, width = (side // BLOCK_PX * BLOCK_PX for side in luma.shape)
    squares = (fine[:height, :width] ** 2).reshape(height // BLOCK_PX, BLOCK_PX, width // BLOCK_PX, BLOCK_PX)
    return np.asarray(np.sqrt(squares.mean(axis=(1, 3))).ravel(), np.float32)


def _still(levels: Plane) -> float:
    """The share of blocks in which nothing moves."""
    return float((levels < 0.12).mean())  # noqa: PLR2004 - below rounding noise


def _ground_blocks(pixels: Pixels, outline: Points) -> Plane:
    """Noise in patches outside the document; of the whole picture where there is no outside."""
    height, width = pixels.shape[:2]
    side = max(BLOCK_PX * 2, min(height, width) // 12)
    found = []
    for y in np.linspace(0, height - side, 4).astype(int):
        for x in np.linspace(0, width - side, 4).astype(int):
            centre = (float(x + side / 2), float(y + side / 2))
            if cv2.pointPolygonTest(outline.reshape(-1, 1, 2), centre, measureDist=True) < -side * 0.75:
                found.append(_block_noise(luma_of(pixels[y : y + side, x : x + side])))
    return np.concatenate(found) if found else _block_noise(luma_of(pixels[: side * 4, : side * 4]))


def _small(flat: Pixels) -> Pixels:
    scale = min(1.0, _SMALL_LONG_SIDE_PX / max(flat.shape[:2]))
    return np.asarray(cv2.resize(flat, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)

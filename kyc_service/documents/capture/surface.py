"""What lies over a card: light that swallows print, things that hide it, shadow over all of it.

Print is thin: closing the picture over the height of a character leaves the card's ground
alone, evenly coloured but for light. What is left and has another colour lies over the
card; what is saturated and holds no print any more is a reflection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.documents.capture.places import Box
from kyc_service.documents.capture.view import CardView

SATURATED_LUMA: Final = 246
"""Noise and JPEG leave a clipped surface here at least."""
_CHARACTER_PX: Final = 25
"""A character's height and a little more, on a view."""
_FOREIGN_CHROMA: Final = 0.035
_FOREIGN_LUMA: Final = 0.42
_LIGHT_PERCENTILE: Final = 80.0


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """``is_blank``: saturated without any print around; ``is_foreign``: of another colour than the card's ground.

    ``ground_luma``: how light the card's lighter parts are, 0..255.
    """

    view: CardView
    is_blank: NDArray[np.bool_]
    is_foreign: NDArray[np.bool_]
    ground_luma: float

    def share(self, mask: NDArray[np.bool_], box: Box) -> float:
        """The share of ``box`` that ``mask`` covers, of what the picture holds of it; 0..1."""
        rows, columns = self.view.part(box)
        inside = self.view.is_inside[rows, columns]
        return float((mask[rows, columns] & inside).sum() / max(1, inside.sum()))

    def unseen(self, box: Box) -> float:
        """The share of ``box`` that lies outside the picture, 0..1."""
        rows, columns = self.view.part(box)
        return float(1.0 - self.view.is_inside[rows, columns].mean())


def surface_of(view: CardView) -> Surface:
    """What lies over the card of ``view``."""
    luma = np.asarray(cv2.cvtColor(view.pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    calm = cv2.medianBlur(luma, 3)
    window = np.ones((_CHARACTER_PX // 2, _CHARACTER_PX // 2), np.uint8)
    blank = cv2.erode(calm, window) >= SATURATED_LUMA
    blank = cv2.dilate(blank.astype(np.uint8), window) > 0
    inside = luma[view.is_inside]
    ground_luma = float(np.percentile(inside, _LIGHT_PERCENTILE)) if inside.size else 0.0
    return Surface(view, blank, _foreign(view, ground_luma), ground_luma)


def _foreign(view: CardView, ground_luma: float) -> NDArray[np.bool_]:
    """Where the closed picture differs from the card's ground in colour, or is far darker than it."""
    height, width = view.is_inside.shape
    # Closed over a character's height nothing fine is left: half the size holds as much in a quarter of the time.
    half = cv2.resize(view.pixels, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    window = np.ones((_CHARACTER_PX // 2 + 1,) * 2, np.uint8)
    closed = cv2.morphologyEx(cv2.medianBlur(half, 3), cv2.MORPH_CLOSE, window)
    smooth = cv2.GaussianBlur(closed, (0, 0), 1.5).astype(np.float32) + 1.0
    luma = np.asarray(cv2.cvtColor(smooth, cv2.COLOR_BGR2GRAY), np.float32)
    shares = smooth / smooth.sum(axis=2, keepdims=True)
    counts = view.is_inside[: height // 2 * 2 : 2, : width // 2 * 2 : 2] & (luma > 0.6 * ground_luma)
    if not counts.any():
        return np.zeros((height, width), np.bool_)
    distance = np.abs(shares - np.median(shares[counts], axis=0)).sum(axis=2)
    foreign = (distance > 2 * _FOREIGN_CHROMA) | (luma < _FOREIGN_LUMA * ground_luma)
    whole = cv2.resize(foreign.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray((whole > 0) & view.is_inside, np.bool_)

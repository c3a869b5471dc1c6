"""A clip as one picture: sixteen of its frames in rows, each with its time."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.imaging.clip import Clip, TimedFrame

_SIDE: Final = 4
"""Frames in a row, and rows: the whole keeps the proportions of one frame."""
_WIDTH_PX: Final = 1000
_LABEL_PX: Final = 14


def film_of(clip: Clip) -> NDArray[np.uint8]:
    """Sixteen frames of ``clip`` (BGR), spread evenly over its length; grey where it has fewer."""
    count = min(_SIDE * _SIDE, len(clip.frames))
    chosen = [clip.frames[round(at)] for at in np.linspace(0, len(clip.frames) - 1, count)]
    height, width = clip.frames[0].pixels.shape[:2]
    size = (_WIDTH_PX // _SIDE, max(1, round(_WIDTH_PX / _SIDE * height / width)))
    cells = [_cell(frame, size) for frame in chosen]
    empty = np.full((size[1], size[0], 3), 200, dtype=np.uint8)
    cells += [empty] * (_SIDE * _SIDE - len(cells))
    rows = [np.hstack(cells[start : start + _SIDE]) for start in range(0, len(cells), _SIDE)]
    return np.asarray(np.vstack(rows), dtype=np.uint8)


def _cell(frame: TimedFrame, size: tuple[int, int]) -> NDArray[np.uint8]:
    cell = cv2.resize(frame.pixels, size, interpolation=cv2.INTER_AREA)
    text, place, font = f"{frame.at_ms / 1000:.2f} s", (4, size[1] - 5), cv2.FONT_HERSHEY_SIMPLEX
    scale = cv2.getFontScaleFromHeight(font, _LABEL_PX)
    for colour, thickness in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(cell, text, place, font, scale, colour, thickness, cv2.LINE_AA)
    return np.asarray(cell, dtype=np.uint8)

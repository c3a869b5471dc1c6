"""Finding a card by its text where no outline stands out.

Each long line that was found may be each long line of each face, one way or the other: that
fixes a frame but for its slant and its depth. The frame whose ink looks most like the face
is moved until it fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np

from kyc_service.documents.finding.face import (
    CELLS,
    Anchor,
    Cells,
    Face,
    Fit,
    Homography,
    fitted,
    rough_likeness,
    saturated,
)
from kyc_service.documents.reading.ink import ink_of
from kyc_service.imaging.geometry import Points
from kyc_service.imaging.picture import Pixels

_MIN_ASPECT: Final = 3.5
_SHORTEST_PX: Final = 12.0
_MOST_LINES: Final = 30
_PX_PER_CELL: Final = 1.5
_FIRST_DEPTHS: Final = (1.0, 0.8)
_DEPTHS: Final = (1.1, 1.0, 0.9, 0.8, 0.7)
_SLANTS: Final = (-0.22, 0.0, 0.22)
_NARROWINGS: Final = (-0.2, 0.0, 0.2)
_KEPT, _CLIMBED = 10, 4
_MARGIN: Final = 0.3
"""Of its height: what the detector adds to a line at either end."""
_STROKE_SHARE: Final = 0.021
_WIDTH_STEP: Final = 1.25

_Start = tuple[float, Face, Anchor, Points, Points, Homography]


def find_by_text(pixels: Pixels, quads: Sequence[Points], faces: Sequence[Face]) -> Fit | None:
    """The face that lies on a picture (BGR uint8 HxWx3) whose lines are ``quads``; ``None``: no long line."""
    lines = sorted((line for line in map(_ends, quads) if line is not None), key=lambda line: -_length(line))
    if not lines:
        return None
    inks = _Inks(pixels)
    rough = [
        (_rough(inks, face, anchor, start, end, frame), face, anchor, start, end)
        for line in lines[:_MOST_LINES]
        for start, end in (line, line[::-1])
        for face in faces
        for anchor in face.anchors
        for frame in _frames(start, end, anchor, face.aspect, _FIRST_DEPTHS, (0.0,), (0.0,))
    ]
    rough.sort(key=lambda entry: -entry[0])
    finer = [
        (_rough(inks, face, anchor, start, end, frame), face, anchor, start, end, frame)
        for _, face, anchor, start, end in rough[:_KEPT]
        for frame in _frames(start, end, anchor, face.aspect, _DEPTHS, _SLANTS, _NARROWINGS)
    ]
    finer.sort(key=lambda entry: -entry[0])
    fits = [_climbed(inks, entry) for entry in _apart(finer)[:_CLIMBED]]
    return max((fit for fit in fits if fit.is_plausible), key=lambda fit: fit.likeness, default=None)


def _rough(inks: _Inks, face: Face, anchor: Anchor, start: Points, end: Points, frame: Homography) -> float:
    ink, scale = inks.of(start, end, anchor)
    return rough_likeness(ink, face, scale @ frame)


def _climbed(inks: _Inks, entry: _Start) -> Fit:
    _, face, anchor, start, end, frame = entry
    ink, scale = inks.of(start, end, anchor)
    fit = fitted(ink, Fit(face, scale @ frame, -1.0))
    return Fit(face, np.linalg.inv(scale) @ fit.to_picture, fit.likeness)


def _apart(ranked: list[_Start]) -> list[_Start]:
    """The best start of each line and anchor, best first."""
    best: dict[tuple[str, float, float, float, float], _Start] = {}
    for entry in ranked:
        _, face, anchor, start, _, _ = entry
        best.setdefault((face.name, anchor.left, anchor.right, float(start[0]), float(start[1])), entry)
    return list(best.values())


def reduced(pixels: Pixels, long_side_px: int) -> Pixels:
    """``pixels`` with their longer side at most so long."""
    scale = long_side_px / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


class _Inks:
    """The ink of one picture for cards of any width, reduced until such a card is a few pixels per cell wide."""

    def __init__(self, pixels: Pixels) -> None:
        self._pixels = pixels
        self._known: dict[int, tuple[Cells, Homography]] = {}

    def of(self, start: Points, end: Points, anchor: Anchor) -> tuple[Cells, Homography]:
        """For a card whose ``anchor`` runs from ``start`` to ``end``; widths within a quarter share one. With the way to it."""
        width = float(np.linalg.norm(end - start)) / (anchor.right - anchor.left)
        size = max(1, round(np.log(max(8.0, width)) / np.log(_WIDTH_STEP)))
        if size not in self._known:
            width = _WIDTH_STEP**size
            ink = saturated(ink_of(self._pixels, max(3, round(_STROKE_SHARE * width) | 1)))
            scale = min(1.0, _PX_PER_CELL * CELLS[0] / width)
            small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            softened = cv2.GaussianBlur(small, (0, 0), max(0.5, 0.7 * scale * width / CELLS[0]))
            self._known[size] = np.asarray(softened, np.float32), np.diag([scale, scale, 1.0])
        return self._known[size]


def _frames(
    start: Points, end: Points, anchor: Anchor, aspect: float,
    depths: Sequence[float], slants: Sequence[float], narrowings: Sequence[float],
) -> Iterator[Homography]:  # fmt: skip
    """Frames in which ``anchor`` runs from ``start`` to ``end``: more or less deep, slanted, narrower towards the top."""
    along = (end - start).astype(np.float64) / (anchor.right - anchor.left)
    across = np.array([-along[1], along[0]]) / aspect
    for depth in depths:
        for slant in slants:
            down = across * depth + along * slant
            origin = start - along * anchor.left - down * anchor.middle
            flat = np.array([(along[0], down[0], origin[0]), (along[1], down[1], origin[1]), (0, 0, 1)], np.float64)
            for narrowing in narrowings:
                yield flat @ _narrower(narrowing, anchor)


def _narrower(share: float, anchor: Anchor) -> Homography:
    """Card shares to card shares: the far rows closer together and narrower by ``share``, the anchor's ends kept."""
    middle, centre = anchor.middle, (anchor.left + anchor.right) / 2
    to_anchor = np.array([(1, 0, -centre), (0, 1, -middle), (0, 0, 1)], np.float64)
    back = np.array([(1, 0, centre), (0, 1, middle), (0, 0, 1)], np.float64)
    squeeze = np.array([(1, 0, 0), (0, 1, 0), (0, -share, 1)], np.float64)
    return back @ squeeze @ to_anchor


def _ends(quad: Points) -> tuple[Points, Points] | None:
    """The middles of a line's short sides, less the margin the detector gives; ``None``: the line is short."""
    across, down = float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[3] - quad[0]))
    if max(across, down) < max(_SHORTEST_PX, _MIN_ASPECT * min(across, down)):
        return None
    tall = down > across
    start, end = (
        ((quad[0] + quad[1]) / 2, (quad[2] + quad[3]) / 2)
        if tall
        else ((quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2)
    )
    inward = (end - start) * (_MARGIN * min(across, down) / max(across, down))
    return start + inward, end - inward


def _length(line: tuple[Points, Points]) -> float:
    return float(np.linalg.norm(line[1] - line[0]))

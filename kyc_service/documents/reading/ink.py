"""Where print stands on a card laid flat, from its dark strokes alone: rows, and how far each reaches.

A few milliseconds for a whole card, where finding lines with a network takes a hundred. It
cannot tell text from a smudge, so it is asked only about places where text must stand.
Measured on the brightest channel: black print stays dark in it, coloured labels, line work
and stamps fade.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.imaging.picture import Pixels

Profile = NDArray[np.float32]

_WIDTH_PX: Final = 640
_STROKE_SHARE: Final = 0.021
"""Of the card's width: wider than any stroke of its print, narrower than a character."""
_DARKEST_PAPER: Final = 24.0
_PRESENT: Final = 0.30
"""Of the strong columns' ink: what a column with a stroke has at least."""
_WASHED: Final = 250
_WASHED_SHARE: Final = 0.05
_STRONGEST_SHARE: Final = 0.04


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` to ``end``, as shares of the card's width or height."""

    start: float
    end: float

    @property
    def middle(self) -> float:
        """Half way."""
        return (self.start + self.end) / 2

    @property
    def length(self) -> float:
        """How far it reaches."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, eq=False)
class InkMap:
    """A card 640 px wide: how much darker than the paper around it each place is (float32 HxW, 0..1), and its brightest channel (uint8 HxW)."""

    values: NDArray[np.float32]
    brightest: NDArray[np.uint8]

    @classmethod
    def of(cls, pixels: Pixels) -> InkMap:
        """The map of a card laid flat (BGR uint8 HxWx3)."""
        height = max(8, round(pixels.shape[0] * _WIDTH_PX / max(1, pixels.shape[1])))
        small = cv2.resize(pixels, (_WIDTH_PX, height), interpolation=cv2.INTER_AREA)
        pixels = np.asarray(small, np.uint8)
        return cls(ink_of(pixels, round(_STROKE_SHARE * _WIDTH_PX) | 1), brightest_channel(pixels))

    def turned(self, quarters: int) -> InkMap:
        """The map of the card turned clockwise by ``quarters``."""
        return InkMap(np.rot90(self.values, -quarters).copy(), np.rot90(self.brightest, -quarters).copy())

    def row(self, across: Span, about: float, reach: float, height: float) -> tuple[float, float]:
        """The middle of the inkiest row of ``height`` whose middle lies within ``reach`` of ``about``, and its mean ink.

        All but the ink in shares of the card; only what lies ``across`` counts.
        """
        part = self.values[:, self._columns(across)]
        rows = part.shape[0]
        window = max(1, round(height * rows))
        means = cv2.blur(part.mean(axis=1, keepdims=True), (1, window), borderType=cv2.BORDER_REPLICATE).ravel()
        low = min(rows - 1, max(0, round((about - reach) * rows)))
        high = min(rows, max(low + 1, round((about + reach) * rows) + 1))
        best = low + int(means[low:high].argmax())
        return (best + 0.5) / rows, float(means[best])

    def slope(self, across: Span, middle: float, height: float) -> float:
        """How much a row falls along ``across``: share of the height per share of the width."""
        third = across.length / 3
        left = self._centre(Span(across.start, across.start + third), middle, height)
        right = self._centre(Span(across.end - third, across.end), middle, height)
        return (right - left) / (2 * third) if third > 0 else 0.0

    def reach(self, across: Span, down: Span, widest_gap: float = 1.0) -> Span | None:
        """From the first stroke inside ``across`` to the last before a gap wider than ``widest_gap``; ``None``: no ink."""
        runs = self.runs(across, down, widest_gap)
        return runs[0] if runs else None

    def is_washed_out(self, across: Span, down: Span) -> bool:
        """Whether light has eaten part of a place, though not the card as a whole: there may have been print."""
        if np.median(self.brightest[::4, ::4]) >= _WASHED:
            return False
        part = self.brightest[self._rows(down), self._columns(across)]
        return float((part >= _WASHED).mean()) > _WASHED_SHARE

    def runs(self, across: Span, down: Span, widest_gap: float) -> list[Span]:
        """All runs of ink ``across`` a row that gaps up to ``widest_gap`` leave together, from left to right."""
        columns = self._columns(across)
        part = self.values[self._rows(down), columns]
        ink = _by_column(part)
        floor, strong = float(np.percentile(ink, 10.0)), _strong(ink)
        inked = np.flatnonzero(ink > floor + _PRESENT * (strong - floor))
        if strong - floor <= 0 or not inked.size:
            return []
        breaks = np.flatnonzero(np.diff(inked) > widest_gap * _WIDTH_PX)
        starts = [inked[0], *inked[breaks + 1]]
        ends = [*inked[breaks], inked[-1]]
        first = columns.start
        return [Span((first + s) / _WIDTH_PX, (first + e + 1) / _WIDTH_PX) for s, e in zip(starts, ends, strict=True)]

    def strength(self, across: Span, down: Span) -> float:
        """How dark the strokes inside a place are over what lies between them: 0..1."""
        ink = _by_column(self.values[self._rows(down), self._columns(across)])
        return _strong(ink) - float(np.percentile(ink, 10.0))

    def _centre(self, across: Span, middle: float, height: float) -> float:
        return self.row(across, middle, height / 2, height)[0]

    def _columns(self, across: Span) -> slice:
        start = min(_WIDTH_PX - 1, max(0, round(across.start * _WIDTH_PX)))
        return slice(start, max(start + 1, min(_WIDTH_PX, round(across.end * _WIDTH_PX))))

    def _rows(self, down: Span) -> slice:
        rows = self.values.shape[0]
        start = min(rows - 1, max(0, round(down.start * rows)))
        return slice(start, max(start + 1, min(rows, round(down.end * rows))))


def brightest_channel(pixels: Pixels) -> NDArray[np.uint8]:
    """The brightest of the three channels of BGR uint8 HxWx3, HxW; ten times as fast as numpy's maximum."""
    blue, green, red = cv2.split(pixels)
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)


def ink_of(pixels: Pixels, stroke_px: int) -> NDArray[np.float32]:
    """How much darker than the brightest within ``stroke_px`` (odd) each pixel of BGR uint8 HxWx3 is, HxW, 0..1."""
    brightest = cv2.GaussianBlur(brightest_channel(pixels), (0, 0), 0.9)
    paper = cv2.morphologyEx(brightest, cv2.MORPH_CLOSE, np.ones((stroke_px, stroke_px), np.uint8))
    darker = cv2.subtract(paper, brightest).astype(np.float32)
    return np.asarray(darker / np.maximum(paper, _DARKEST_PAPER).astype(np.float32), np.float32)


def _by_column(part: NDArray[np.float32]) -> Profile:
    """The mean of the inkiest quarter of each column: a stroke counts however thin it is."""
    few = max(1, part.shape[0] // 4)
    return np.asarray(np.sort(part, axis=0)[-few:].mean(axis=0), np.float32)


def _strong(ink: Profile) -> float:
    few = max(1, round(_STRONGEST_SHARE * len(ink)))
    return float(np.sort(ink)[-few:].mean())

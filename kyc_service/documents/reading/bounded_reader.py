"""A bound on the text that is read on one side, so that a page full of it cannot hold a run up.

Counted in pixels of line width at the height the recogniser reads at, which its time
goes by (0.11 to 0.15 ms each on one core), and never in time: the same picture has the
same verdict on a slow machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kyc_service.imaging.picture import Pixels
from kyc_service.inference.ocr import (
    LINE_HEIGHT_PX,
    MAX_LINE_WIDTH_PX,
    WIDTH_STEP_PX,
    Quad,
    TextLine,
    TextReader,
)

SIDE_PX: Final = 14_400
"""For all of a side. Of 19 specimens with a zone the one that needed most took 12,704, resident cards up to 1,888."""
SEARCH_PX: Final = 9_600
"""For telling family and orientation, of those; the rest is left for what a page without family says."""


class BoundedReader:
    """A reader of one side: lines beyond its bound come back empty. Not for several threads."""

    def __init__(self, reader: TextReader, most_px: int = SIDE_PX) -> None:
        self._reader = reader
        self._left_px = most_px
        self._refused = False
        self._kept_px = 0

    @property
    def model_id(self) -> str:
        """The bounded reader's."""
        return self._reader.model_id

    @property
    def has_refused(self) -> bool:
        """Whether a line was left unread since the last :meth:`begin`."""
        return self._refused

    @property
    def left_px(self) -> int:
        """What may still be read on this side."""
        return self._left_px

    def begin(self, most_px: int) -> None:
        """Begin a part of the work that may take at most ``most_px`` of what is left."""
        self._kept_px = max(0, self._left_px - most_px)
        self._refused = False

    def detect(self, pixels: Pixels, long_side_px: int) -> tuple[Quad, ...]:
        """See :class:`TextReader`; not bounded, for its time does not go by what is found."""
        return self._reader.detect(pixels, long_side_px)

    def recognise(self, crops: Sequence[Pixels]) -> tuple[TextLine, ...]:
        """See :class:`TextReader`; crops are taken in their order, as long as there is room for them."""
        fitting = [i for i, crop in enumerate(crops) if self._takes(width_px(crop))]
        lines = dict(zip(fitting, self._reader.recognise([crops[i] for i in fitting]), strict=True))
        return tuple(lines.get(i, TextLine()) for i in range(len(crops)))

    def _takes(self, px: int) -> bool:
        if self._left_px - px < self._kept_px:
            self._refused = True
            return False
        self._left_px -= px
        return True


def width_px(crop: Pixels) -> int:
    """How wide the recogniser sees ``crop`` (HxWx3)."""
    height, width = crop.shape[:2]
    wanted: int = min(MAX_LINE_WIDTH_PX, max(1, round(width * LINE_HEIGHT_PX / max(1, height))))
    steps: int = -(-wanted // WIDTH_STEP_PX)
    return steps * WIDTH_STEP_PX

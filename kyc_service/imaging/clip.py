"""Clips: pictures with times, in one order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class TimedFrame:
    """One frame: ``pixels`` (HxWx3 BGR uint8), ``at_ms`` milliseconds since the first frame."""

    pixels: NDArray[np.uint8]
    at_ms: int


@dataclass(frozen=True, slots=True)
class Clip:
    """Frames in the order of their times, all of one size."""

    frames: tuple[TimedFrame, ...]

    @property
    def length_ms(self) -> int:
        """Time of the last frame."""
        return self.frames[-1].at_ms if self.frames else 0

"""Do the frames of a clip repeat? A camera's noise is new in every frame, and a living face never stands still.

A still picture sent as a clip changes by what its codec rounds, three levels of luma at
most in the middle of the frame; a person who holds still before a camera changed by six
and more through every codec that was tried. The correlation of the noise itself was tried
too and says nothing: codecs keep a static scene's noise as they keep a still picture's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.imaging.picture import Pixels

_CROP_PX: Final = 256
_MOST_FRAMES: Final = 32
_SMALL_PX: Final = 96
_UNCHANGED_LUMA: Final = 3
_LEAST_CHANGE: Final = 2

_Plane = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Repetition:
    """How much of one frame is found again in the others.

    ``repeated_share``: neighbouring frames that nowhere differ by more than three levels of
    luma in the middle, 0..1 (a container that doubles frames gives 0.5, a frozen picture 1).
    ``usual_change``: the median over neighbours of the largest such difference.
    ``returning_frames``: frames that equal an earlier one while those between differ.
    """

    pairs: int
    repeated_share: float
    usual_change: float
    returning_frames: int


def repetition_of(frames: Sequence[Pixels]) -> Repetition:
    """Compare frames (BGR uint8, all of one size): neighbours among at most 33 from the clip's middle, returns among all."""
    start = max(0, (len(frames) - _MOST_FRAMES - 1) // 2)
    middles = [_middle(frame) for frame in frames[start : start + _MOST_FRAMES + 1]]
    changes = [int(np.abs(one - other).max()) for one, other in pairwise(middles)]
    return Repetition(
        pairs=len(changes),
        repeated_share=sum(change <= _UNCHANGED_LUMA for change in changes) / len(changes) if changes else 0.0,
        usual_change=float(np.median(changes)) if changes else 0.0,
        returning_frames=returning(frames),
    )


def returning(frames: Sequence[Pixels]) -> int:
    """How many frames equal one that is not their neighbour, with different ones between."""
    if not frames:
        return 0
    size = (_SMALL_PX, _SMALL_PX)
    table = np.stack(
        [cv2.resize(_grey(f), size, interpolation=cv2.INTER_AREA).astype(np.int16).ravel() for f in frames]
    )
    count = 0
    for later in range(2, len(table)):
        change = np.abs(table[:later] - table[later]).max(axis=1)
        differing = np.flatnonzero(change > _LEAST_CHANGE)
        # an equal frame before the last one that differs: the clip came back to what it had left
        count += bool(len(differing) and (change[: differing[-1]] == 0).any())
    return count


def _middle(frame: Pixels) -> _Plane:
    height, width = frame.shape[:2]
    top, left = max(0, (height - _CROP_PX) // 2), max(0, (width - _CROP_PX) // 2)
    return _grey(frame[top : top + _CROP_PX, left : left + _CROP_PX]).astype(np.int16)


def _grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)

"""The times of a clip's frames: could a camera have recorded them, in the time there was?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import fmean, median, pstdev
from typing import Final

_FASTEST_GAP_MS: Final = 4
"""240 frames a second is the most a phone's camera gives."""
_TOO_FAST_SHARE: Final = 0.5
_CLOCK_SLACK_MS: Final = 1_000


class Impossibility(StrEnum):
    """What no recording does."""

    BACKWARDS = "backwards"
    EQUAL_TIMES = "equal_times"
    TOO_MANY_FRAMES = "too_many_frames"
    LONGER_THAN_THERE_WAS_TIME = "longer_than_there_was_time"
    BEFORE_THE_CHALLENGE = "before_the_challenge"


@dataclass(frozen=True, slots=True)
class Timing:
    """``fps``: frames a second by the median gap; ``jitter``: spread of the gaps over their mean.

    ``jitter`` 0 over many frames is what a program writes and a container with a constant
    rate too, so it is evidence only.
    """

    fps: float
    jitter: float
    impossible: tuple[Impossibility, ...]


def timing_of(times_ms: tuple[int, ...], available_ms: int) -> Timing:
    """Look at the times of frames in the order they were sent.

    Args:
        times_ms: Milliseconds since the first frame.
        available_ms: Time from issuing the challenge to receiving its answer.

    >>> timing_of((0, 40, 80, 80), 5000).impossible
    (<Impossibility.EQUAL_TIMES: 'equal_times'>,)
    >>> round(timing_of((0, 33, 67, 100), 5000).fps)
    30
    """
    gaps = [later - sooner for sooner, later in pairwise(times_ms)]
    found: list[Impossibility] = []
    if any(gap < 0 for gap in gaps):
        found.append(Impossibility.BACKWARDS)
    if any(gap == 0 for gap in gaps):
        found.append(Impossibility.EQUAL_TIMES)
    if sum(0 < gap < _FASTEST_GAP_MS for gap in gaps) > _TOO_FAST_SHARE * len(gaps):
        found.append(Impossibility.TOO_MANY_FRAMES)
    if available_ms < 0:
        found.append(Impossibility.BEFORE_THE_CHALLENGE)
    elif gaps and max(times_ms) - min(times_ms) > available_ms + _CLOCK_SLACK_MS:
        found.append(Impossibility.LONGER_THAN_THERE_WAS_TIME)
    return Timing(_fps(gaps), _jitter(gaps), tuple(found))


def _fps(gaps: list[int]) -> float:
    usual = median(gaps) if gaps else 0
    return 1000.0 / usual if usual > 0 else 0.0


def _jitter(gaps: list[int]) -> float:
    return pstdev(gaps) / fmean(gaps) if gaps and fmean(gaps) > 0 else 0.0

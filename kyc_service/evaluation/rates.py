"""Error rates with their intervals, and the thresholds that give them.

Terms: ISO/IEC 19795-1 (fmr, fnmr), ISO/IEC 30107-3 (apcer, bpcer).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

Z_95: Final = 1.959963984540054
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Rate:
    """A measured error rate: ``rate`` of ``n``, with its 95 % interval."""

    kind: str
    rate: float
    ci_low: float
    ci_high: float
    n: int


def wilson(kind: str, errors: int, n: int) -> Rate:
    """``errors`` of ``n`` independent trials, with Wilson's score interval.

    >>> rate = wilson("bpcer", 0, 100)
    >>> rate.rate, round(rate.ci_high, 3)
    (0.0, 0.037)

    Raises:
        ValueError: There were no trials.

    Source: Wilson, "Probable inference" (1927).
    """
    if n < 1:
        raise ValueError(f"no trials to measure {kind} on")
    share, square = errors / n, Z_95**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z_95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    # Rounding may put an end beyond the rate itself where that is 0 or 1.
    return Rate(kind, share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)), n)


def accepting_threshold(impostors: NDArray[np.floating], rate: float) -> float:
    """The mildest threshold that at most ``rate`` of ``impostors`` (higher is better) meet.

    Rounded up to six decimals, so that the file holds the number that is used.

    >>> accepting_threshold(np.array([0.1, 0.2, 0.3, 0.4]), 0.25)
    0.300001
    """
    allowed = math.floor(rate * len(impostors))
    if allowed >= len(impostors):
        return float(np.min(impostors))
    first_refused = float(np.partition(impostors, -(allowed + 1))[-(allowed + 1)])
    return _next_decimal(first_refused)


def rejecting_threshold(bona_fide: Scores, rate: float) -> float:
    """The strictest threshold that at most ``rate`` of ``bona_fide`` (higher is better) miss.

    >>> rejecting_threshold(np.array([0.1, 0.2, 0.3, 0.4]), 0.25)
    0.2
    """
    allowed = min(math.floor(rate * len(bona_fide)), len(bona_fide) - 1)
    last_kept = float(np.partition(bona_fide, allowed)[allowed])
    return math.floor(last_kept * 10**_DECIMALS) / 10**_DECIMALS


def _next_decimal(value: float) -> float:
    """The least number of six decimals above ``value``."""
    return (math.floor(value * 10**_DECIMALS) + 1) / 10**_DECIMALS

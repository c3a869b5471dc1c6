"""Scores for people: the same number on 0 to 100. These are the ends of scales, not limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

# Half of the Earth's circumference: no two places are farther apart.
FARTHEST_KM: Final = 20_015.0
OLDEST_YEARS: Final = 100.0
COARSEST_M: Final = 10_000.0
DAY_S: Final = 86_400.0
HALF_A_DAY_MIN: Final = 720.0
# An airliner's speed over the ground with the wind behind it.
FASTEST_KM_H: Final = 1_200.0
MOST_ATTEMPTS: Final = 100.0
MOST_IDENTITIES: Final = 20.0
CLOCK_SKEW: Final = timedelta(minutes=2)
"""Clocks of phones and servers differ; less than this is no sign of anything."""


def mapped(native: float, full_scale: float) -> float:
    """``native`` as a share of ``full_scale``, 0 to 100.

    >>> mapped(25, 100), mapped(-1, 100), mapped(1e9, 100)
    (25.0, 0.0, 100.0)
    """
    return 100.0 * min(max(native, 0.0), full_scale) / full_scale

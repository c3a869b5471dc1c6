"""Scores for people: the same number on 0 to 100. These are the ends of scales, not limits."""

from __future__ import annotations

from typing import Final

# Half of the Earth's circumference: no two places are farther apart.
FARTHEST_KM: Final = 20_015.0
OLDEST_YEARS: Final = 100.0
COARSEST_M: Final = 10_000.0
DAY_S: Final = 86_400.0


def mapped(native: float, full_scale: float) -> float:
    """``native`` as a share of ``full_scale``, 0 to 100.

    >>> mapped(25, 100), mapped(-1, 100), mapped(1e9, 100)
    (25.0, 0.0, 100.0)
    """
    return 100.0 * min(max(native, 0.0), full_scale) / full_scale

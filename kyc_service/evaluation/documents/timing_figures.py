"""How long a picture takes, in total and by stage."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from kyc_service.evaluation.documents.seen import PictureSeen

_MOST_BINS: Final = 30


def timing_figures(pictures: Iterable[PictureSeen]) -> dict[str, Any]:
    """Median and 95th percentile per stage in milliseconds, the total first, and a histogram of the totals."""
    spent: dict[str, list[float]] = defaultdict(list)
    for seen in pictures:
        for stage, ms in (seen.timings_ms or {}).items():
            spent[stage].append(ms)
    stages = sorted(spent, key=lambda stage: (stage != "total", -float(np.median(spent[stage]))))
    return {
        "stages": [{"stage": stage, **_percentiles(spent[stage])} for stage in stages],
        "histogram": _histogram(spent["total"]) if "total" in spent else {"edges_ms": [], "counts": []},
    }


def _percentiles(values: Sequence[float]) -> dict[str, Any]:
    p50, p95 = np.percentile(values, (50, 95))
    return {"n": len(values), "p50_ms": round(float(p50), 1), "p95_ms": round(float(p95), 1)}


def _histogram(values: Sequence[float]) -> dict[str, Any]:
    width = _round_width(max(values) / _MOST_BINS)
    edges = np.arange(0.0, max(values) + 2 * width, width)
    counts, _ = np.histogram(values, bins=edges)
    return {"edges_ms": [round(float(e), 3) for e in edges], "counts": counts.tolist()}


def _round_width(least: float) -> float:
    """The least of 1, 2 and 5 times a power of ten that is no less than ``least``.

    >>> _round_width(130.0), _round_width(0.5)
    (200.0, 0.5)
    """
    power = 10.0 ** math.floor(math.log10(max(least, 1e-3)))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= least)

"""How long a picture takes, in total and by stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from kyc_service.evaluation.documents.seen import PictureSeen

_BINS: Final = 24


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
    counts, edges = np.histogram(values, bins=_BINS, range=(0.0, float(max(values)) or 1.0))
    return {"edges_ms": [round(float(e), 1) for e in edges], "counts": counts.tolist()}

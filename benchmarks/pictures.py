"""What both benchmarks do to pictures and to times."""

from __future__ import annotations

import statistics
from pathlib import Path

import cv2

MEGAPIXELS = 12_000_000
JPEG_QUALITY = 90


def enlarged(path: Path, folder: Path, name: str | None = None) -> Path:
    """``path`` as a 12-megapixel JPEG, as a phone takes it."""
    picture = cv2.imread(str(path))
    scale = (MEGAPIXELS / (picture.shape[0] * picture.shape[1])) ** 0.5
    if scale > 1.0:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    out = folder / (name or path.name)
    cv2.imwrite(str(out), picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return out


def size(path: Path) -> dict[str, int]:
    """Width and height in pixels, and the file's bytes."""
    height, width = cv2.imread(str(path)).shape[:2]
    return {"width": width, "height": height, "bytes": path.stat().st_size}


def quantiles(runs: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Median and 95th percentile of each stage over ``runs``."""
    stages = sorted({stage for run in runs for stage in run})
    table = {}
    for stage in stages:
        values = sorted(run[stage] for run in runs if stage in run)
        p95 = values[min(len(values) - 1, round(0.95 * (len(values) - 1)))]
        table[stage] = {"p50": round(statistics.median(values), 1), "p95": round(p95, 1)}
    return table

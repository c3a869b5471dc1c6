"""Steps that are timed one by one, and the table of their times."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.pictures import quantiles

Quantiles = dict[str, float]
"""Median and 95th percentile, ms: ``p50`` and ``p95``."""


def timed(runs: int, work: Callable[[], object]) -> Quantiles:
    """How long ``work`` takes, after one run that does not count."""
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append({"step": 1000 * (time.perf_counter() - start)})
    return quantiles(taken)["step"]


def report(measured: Mapping[str, Quantiles], target: Path, **setting: object) -> None:
    """Print the table and write it with ``setting`` as JSON."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("step", "p50 ms", "p95 ms"):
        table.add_column(name, justify="left" if name == "step" else "right")
    for step, times in measured.items():
        table.add_row(step, f"{times['p50']:.1f}", f"{times['p95']:.1f}")
    Console().print(table)
    target.parent.mkdir(parents=True, exist_ok=True)
    content = {"cores": os.cpu_count(), **setting, "steps_ms": measured}
    target.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")

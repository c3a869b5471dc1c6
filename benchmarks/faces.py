"""How long faces take: finding, describing (the selfie's path), and one search among 100,000.

``make bench-faces`` prints a table and writes JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.pictures import quantiles
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Region
from kyc_service.faces.align import align
from kyc_service.faces.detect import find_faces
from kyc_service.faces.embed import embed_faces
from kyc_service.faces.search import nearest_first
from kyc_service.faces.views import views
from kyc_service.imaging.decode import decode
from kyc_service.inference.load import load_face_engines
from kyc_service.inference.manifest import read_manifest
from kyc_service.inference.threads import ThreadSettings, configure

HELD = (1_000, 10_000, 100_000)
NUMBERS = 128
_NOWHERE = Region(CaptureKind.SELFIE, (), "")


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30, help="counted runs of each step")
    parser.add_argument("--selfie", type=Path, default=Path("fixtures/applicants/genuine_cn_card/selfie.jpg"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--streams", type=int, default=1, help="model calls at the same time")
    parser.add_argument("--json", type=Path, default=Path("out/bench-faces.json"))
    given = parser.parse_args()
    threads = ThreadSettings(per_inference=1, parallel_inferences=given.streams)
    configure(threads)
    measured = {**_path(given, threads), **_searches(given.runs)}
    _print(measured)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    content = {"cores": os.cpu_count(), "streams": given.streams, "steps_ms": measured}
    given.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _path(given: argparse.Namespace, threads: ThreadSettings) -> dict[str, dict[str, float]]:
    engines = load_face_engines(read_manifest(given.models), given.models, threads)
    pixels = decode(given.selfie.read_bytes(), target_long_side_px=960).pixels
    found = find_faces(pixels, engines.detector)[0]
    face = align(pixels, found, _NOWHERE)
    return {
        "find": _times(given.runs, lambda: find_faces(pixels, engines.detector)),
        "align": _times(given.runs, lambda: align(pixels, found, _NOWHERE)),
        "mesh and crops": _times(given.runs, lambda: views(face, engines.mesher)),
        "describe (mesh, crops, network)": _times(given.runs, lambda: embed_faces((face,), engines)),
    }


def _searches(runs: int) -> dict[str, dict[str, float]]:
    generator = np.random.default_rng(0)
    measured = {}
    for held in HELD:
        templates = generator.normal(size=(held, NUMBERS)).astype(np.float32)
        templates /= np.linalg.norm(templates, axis=1, keepdims=True)
        probe = templates[held // 2]
        measured[f"search among {held:,}"] = _times(runs, lambda t=templates, p=probe: next(nearest_first(t, p)))  # type: ignore[misc]
    return measured


def _times(runs: int, work: Callable[[], object]) -> dict[str, float]:
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append({"step": 1000 * (time.perf_counter() - start)})
    return quantiles(taken)["step"]


def _print(measured: dict[str, dict[str, float]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("step", "p50 ms", "p95 ms"):
        table.add_column(name, justify="left" if name == "step" else "right")
    for step, times in measured.items():
        table.add_row(step, f"{times['p50']:.1f}", f"{times['p95']:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()

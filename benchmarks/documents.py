"""How long the document stage takes for one 12-megapixel photograph, sub-stage by sub-stage.

Decoding, finding, reading and looking for signs of forgery, by kind of document; nothing
else runs. ``make bench-documents`` prints a table and writes JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.pictures import enlarged, quantiles
from kyc_service.bootstrap import loaded_document_engines
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.settings import Settings
from kyc_service.verification.document_branch import DocumentBranch
from kyc_service.verification.trail import Trail

PICTURES = {
    "cn card, front": "genuine_cn_card/document_front.jpg",
    "cn card, back": "genuine_cn_card/document_back.jpg",
    "passport": "genuine_td3_passport/document_front.jpg",
    "no document": "no_card/document_front.jpg",
}
ERR = Console(stderr=True)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="counted runs of each picture")
    parser.add_argument("--warm-up", type=int, default=2, help="runs not counted, first")
    parser.add_argument("--applicants", type=Path, default=Path("fixtures/applicants"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--json", type=Path, default=Path("out/bench-documents.json"))
    given = parser.parse_args()
    measured = measure(given.applicants, given.models, given.runs, given.warm_up)
    _print(measured)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps({"cores": os.cpu_count(), "stages_ms": measured}, indent=2) + "\n")


def measure(applicants: Path, models: Path, runs: int, warm_up: int) -> dict[str, dict[str, dict[str, float]]]:
    """Milliseconds (p50, p95) by kind of document and stage; the kinds take turns."""
    engines = loaded_document_engines(Settings(models_dir=models))
    with tempfile.TemporaryDirectory() as folder:
        files = {
            kind: enlarged(applicants / path, Path(folder), f"{number}.jpg").read_bytes()
            for number, (kind, path) in enumerate(PICTURES.items())
        }
    taken: dict[str, list[dict[str, float]]] = {kind: [] for kind in files}
    for _ in track(range(warm_up + runs), "document stage", console=ERR):
        for kind, data in files.items():
            trail = Trail("benchmark")
            branch = DocumentBranch(engines, DecodeLimits(), datetime.now(UTC).date(), trail)
            started = time.perf_counter()
            (branch.back if "back" in kind else branch.front)(data)
            taken[kind].append({**trail.timings_ms, "total": (time.perf_counter() - started) * 1000})
    return {kind: quantiles(times[warm_up:]) for kind, times in taken.items()}


def _print(measured: dict[str, dict[str, dict[str, float]]]) -> None:
    for kind, stages in measured.items():
        table = Table(title=f"{kind}, ms", title_justify="left", box=None, pad_edge=False, header_style="dim")
        table.add_column("stage")
        table.add_column("p50", justify="right")
        table.add_column("p95", justify="right")
        for stage, ms in stages.items():
            table.add_row(stage, f"{ms['p50']:.0f}", f"{ms['p95']:.0f}")
        Console().print(table)


if __name__ == "__main__":
    main()

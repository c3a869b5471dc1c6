"""How long one verification takes, stage by stage; how many a machine does; what it weighs.

``make bench`` prints a table and writes JSON. The service and the plain script take turns
on the same pictures, so that a machine whose speed drifts slows both.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.pictures import enlarged, quantiles, size
from kyc_service.bootstrap import loaded_pipeline
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.verification import UseCase
from kyc_service.settings import Settings
from kyc_service.storage.ids import new_id
from kyc_service.verification.pipeline import Pipeline
from kyc_service.verification.submission import Submission

ERR = Console(stderr=True)


def main() -> None:
    """Measure, print, write."""
    given = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        pictures = {
            kind: enlarged(given.applicant / f"{kind}.jpg", Path(folder)) for kind in ("document_front", "selfie")
        }
        result = measure(pictures, given.runs, given.warm_up, given.models)
    _print(result)
    given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="counted runs of each")
    parser.add_argument("--warm-up", type=int, default=2, help="runs not counted, first")
    parser.add_argument("--applicant", type=Path, default=Path("fixtures/applicants/genuine_cn_card"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--json", type=Path, default=Path("out/bench.json"))
    return parser.parse_args()


def measure(pictures: dict[str, Path], runs: int, warm_up: int, models: Path) -> dict[str, Any]:
    """Everything that ``make bench`` reports."""
    cold = _cold_start(pictures)
    captures = {CaptureKind(kind): path.read_bytes() for kind, path in pictures.items()}
    started = time.perf_counter()
    loaded = loaded_pipeline(Settings(models_dir=models))
    load_s = time.perf_counter() - started
    service: list[dict[str, float]] = []
    plain: list[dict[str, float]] = []
    with loaded as pipeline, _plain_script(models / "weights") as ask:
        job = {"front": str(pictures["document_front"]), "selfie": str(pictures["selfie"])}
        for _ in track(range(warm_up + runs), "service and plain script in turn", console=ERR):
            service.append(_run(pipeline, captures))
            plain.append(ask(job))
        throughput = _throughput(pipeline, captures, runs)
    ours, theirs = quantiles(service[warm_up:]), quantiles(plain[warm_up:])
    ratios = [b["total"] / a["total"] for a, b in zip(service[warm_up:], plain[warm_up:], strict=True)]
    return {
        "machine": {"cores": os.cpu_count(), "python": sys.version.split()[0]},
        "pictures": {kind: size(path) for kind, path in pictures.items()},
        "runs": runs,
        "stages_ms": ours,
        "plain_script_ms": theirs,
        "times_faster": {"p50": round(statistics.median(ratios), 2), "min": round(min(ratios), 2)},
        "throughput_2_workers": throughput,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "start_up_s": {"load_in_process": round(load_s, 2), **cold},
    }


def _run(pipeline: Pipeline, captures: dict[CaptureKind, bytes]) -> dict[str, float]:
    now = datetime.now(UTC)
    submission = Submission(new_id("ver"), captures, Claims(), UseCase.ONBOARDING, "standard", 1, now)
    return dict(pipeline.run(submission).timings_ms)


def _throughput(pipeline: Pipeline, captures: dict[CaptureKind, bytes], runs: int) -> dict[str, float]:
    started = time.perf_counter()
    with ThreadPoolExecutor(2) as workers:
        took = list(workers.map(lambda _: _run(pipeline, captures)["total"], range(2 * runs)))
    seconds = time.perf_counter() - started
    return {"verifications_per_s": round(2 * runs / seconds, 2), "p50_ms": round(statistics.median(took), 1)}


def _cold_start(pictures: dict[str, Path]) -> dict[str, float]:
    """A whole process: from nothing to the first verdict, and its peak memory."""
    claims = pictures["selfie"].with_name("claims.json")
    claims.write_text("{}")
    command = [
        str(Path(sys.executable).with_name("kyc")),
        "verify",
        *("--front", str(pictures["document_front"])),
        *("--selfie", str(pictures["selfie"])),
        *("--claims", str(claims), "--json"),
    ]
    seconds = []
    for _ in track(range(3), "cold starts", console=ERR):
        started = time.perf_counter()
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - started)
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"process_to_first_verdict": round(statistics.median(seconds), 2), "process_peak_memory_mb": round(peak_mb)}


@contextmanager
def _plain_script(weights: Path) -> Iterator[Any]:
    command = [sys.executable, "-m", "benchmarks.plain_script", str(weights)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        questions, answers = child.stdin, child.stdout
        if questions is None or answers is None:
            raise BrokenPipeError

        def ask(job: dict[str, str]) -> dict[str, float]:
            questions.write(json.dumps(job) + "\n")
            questions.flush()
            return json.loads(answers.readline())

        yield ask
        questions.close()


def _print(result: dict[str, Any]) -> None:
    console = Console()
    for title, key in (("kyc_service", "stages_ms"), ("plain script", "plain_script_ms")):
        table = Table(title=f"{title}, ms", title_justify="left", box=None, pad_edge=False, header_style="dim")
        table.add_column("stage")
        table.add_column("p50", justify="right")
        table.add_column("p95", justify="right")
        for stage, ms in result[key].items():
            table.add_row(stage, f"{ms['p50']:.0f}", f"{ms['p95']:.0f}")
        console.print(table)
    console.print({key: value for key, value in result.items() if not key.endswith("_ms")})


if __name__ == "__main__":
    main()

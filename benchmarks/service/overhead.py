"""What the service adds to the models: a submission with ``Prefer: wait`` against the bare pipeline, in turns.

One API and one worker on the embedded database; the bare pipeline in a process of its own, on the
same applicant, in the same sandbox's world. Captures are uploaded before: a submission is one request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from benchmarks.service.applying import App, Applicant
from benchmarks.service.processes import Process, api_process, wait_until_ready
from kyc_service.access.clients import create_client
from kyc_service.bootstrap import open_database
from kyc_service.domain.clients import ClientMode
from kyc_service.settings import Settings

ERR = Console(stderr=True)
NAMES = ("genuine_cn_rare_name", "challenge_answered")


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=25, help="counted runs of each")
    parser.add_argument("--warm-up", type=int, default=3, help="runs not counted, first")
    parser.add_argument("--json", type=Path, default=Path("out/overhead.json"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kyc-overhead-") as folder:
        result = {name: measure(_made(Path(folder) / name), name, given.runs, given.warm_up) for name in NAMES}
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    ERR.print_json(data=result)


def measure(folder: Path, name: str, runs: int, warm_up: int) -> dict[str, Any]:
    """Milliseconds of both on one applicant, taken in turns."""
    environment = {"KYC_DATA_DIR": str(folder / "data"), "KYC_LOG_LEVEL": "warning"}
    api, url = api_process("api", folder, environment, workers=1)
    program = (sys.executable, "-m", "benchmarks.service.bare", name)
    api.start()
    try:
        with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as bare:
            pairs = asyncio.run(_pairs(api, url, folder, name, bare, warm_up + runs))
            if bare.stdin is not None:
                bare.stdin.close()
    finally:
        api.stop()
    service, plain = zip(*pairs[warm_up:], strict=True)
    return {
        "runs": runs,
        "service_ms": _spread(service),
        "bare_pipeline_ms": _spread(plain),
        "overhead_of_medians_ms": round(statistics.median(service) - statistics.median(plain), 1),
        "median_of_differences_ms": round(statistics.median(a - b for a, b in pairs[warm_up:]), 1),
    }


async def _pairs(
    api: Process, url: str, folder: Path, name: str, bare: subprocess.Popen[str], runs: int
) -> list[tuple[float, float]]:
    wait_until_ready(api, url)
    applicant, key = Applicant.read(name), await asyncio.to_thread(_key, folder)
    async with httpx.AsyncClient(trust_env=False, timeout=120) as http:
        app = App([url], key, http, random.Random(1))  # noqa: S311 - pauses, not secrets
        await app.ask("POST", f"/v1/verifications/{await app.prepare(applicant)}/submit", headers={"Prefer": "wait=60"})
        return [(await _submitted(app, applicant), await asyncio.to_thread(_asked, bare)) for _ in range(runs)]


async def _submitted(app: App, applicant: Applicant) -> float:
    verification_id = await app.prepare(applicant)
    started = time.perf_counter()
    answer = await app.ask("POST", f"/v1/verifications/{verification_id}/submit", headers={"Prefer": "wait=60"})
    took_ms = 1000 * (time.perf_counter() - started)
    if answer["status"] == "processing":
        message = "no verdict within a minute"
        raise TimeoutError(message)
    return took_ms


def _asked(bare: subprocess.Popen[str]) -> float:
    if bare.stdin is None or bare.stdout is None:
        message = "started without pipes"
        raise RuntimeError(message)
    bare.stdin.write("\n")
    bare.stdin.flush()
    return float(bare.stdout.readline())


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _key(folder: Path) -> str:
    with open_database(Settings(_env_file=None, data_dir=folder / "data")) as database:
        return create_client(database, "overhead", ClientMode.SANDBOX, datetime.now(UTC))[1]


def _spread(values: tuple[float, ...]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "p50": round(statistics.median(ordered), 1),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1),
        "least": round(ordered[0], 1),
    }


if __name__ == "__main__":
    main()

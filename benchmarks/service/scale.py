"""Scale: two APIs and two workers on one PostgreSQL over TCP with a password and one S3 server.

The same submissions wait in the queue, then one worker, or two, each pinned to a core of its own,
work them off; captures are uploaded before the clock runs. Load generator, APIs, database and S3
share the cores with the workers: what they take is the service's own, and counts. Last, one of two
workers is killed in the middle.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import psutil
from rich.console import Console

from benchmarks.service.accounts import account
from benchmarks.service.applying import App, Applicant
from benchmarks.service.s3 import S3
from benchmarks.service.site import Plan, Site, site

NAME = "genuine_cn_rare_name"
VERDICT = "review"
ERR = Console(stderr=True)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=60, help="of each run")
    parser.add_argument("--rounds", type=int, default=2, help="one worker and two in turn, so often")
    parser.add_argument("--computing", type=float, metavar="S", help="no models: a submission computes for so long")
    parser.add_argument("--json", type=Path, default=Path("out/scale.json"))
    given = parser.parse_args()
    plan = Plan(workers=2, pinned=True, stand_in_s=given.computing, computing=given.computing is not None)
    with tempfile.TemporaryDirectory(prefix="kyc-scale-") as folder:
        result = measure(Path(folder), plan, given.submissions, given.rounds)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    ERR.print_json(data=result)
    sys.exit(1 if result["killed"]["faults"] else 0)


def measure(folder: Path, plan: Plan, submissions: int, rounds: int) -> dict[str, Any]:
    """Rates with one worker and with two, and what became of a run in which one was killed."""
    with S3(folder) as store, site(folder, plan, store) as running:
        running.start_workers()
        _drain(running, 4, workers=2)  # warm
        rates: dict[int, list[float]] = {1: [], 2: []}
        shares: list[list[float]] = []
        for _ in range(rounds):
            for workers in (1, 2):
                rate, cpu_s = _drain(running, submissions, workers=workers)
                rates[workers].append(rate)
                shares += [cpu_s] if workers == len(running.workers) else []
                ERR.print(f"{workers} of 2 workers: {rate:.3f} a second")
        killed = _killed(running, submissions)
    one, two = (max(rates[workers]) for workers in (1, 2))
    return {
        "submissions": submissions,
        "a_second": {str(workers): [round(rate, 4) for rate in measured] for workers, measured in rates.items()},
        "scaling": round(two / (2 * one), 3),
        "cpu_s_of_each_of_two": [[round(seconds, 1) for seconds in share] for share in shares],
        "killed": killed,
    }


def _drain(running: Site, submissions: int, *, workers: int) -> tuple[float, list[float]]:
    """Submissions a second with so many workers at work, and what each used of its core."""
    ids = asyncio.run(_prepare(running, submissions))
    for worker in running.workers:
        _signal(worker.running.pid, signal.SIGSTOP)  # type: ignore[union-attr]
    asyncio.run(_submit(running, ids))
    at_work = running.workers[:workers]
    before = [_cpu_s(worker.running.pid) for worker in at_work]  # type: ignore[union-attr]
    for worker in at_work:
        _signal(worker.running.pid, signal.SIGCONT)  # type: ignore[union-attr]
    finished = _finished(running, ids)
    used = [_cpu_s(worker.running.pid) - was for worker, was in zip(at_work, before, strict=True)]  # type: ignore[union-attr]
    for worker in running.workers:
        _signal(worker.running.pid, signal.SIGCONT)  # type: ignore[union-attr]
    # The first of each worker began at a moment of its own: counted from where all have finished one.
    return (len(finished) - workers) / (finished[-1] - finished[workers - 1]), used


def _killed(running: Site, submissions: int) -> dict[str, Any]:
    """One of two is killed in the middle, and not started again."""
    ids = asyncio.run(_prepare(running, submissions))
    asyncio.run(_submit(running, ids))
    while len(_times(running, ids)) < submissions // 3:
        time.sleep(0.2)
    running.workers[1].kill()
    _finished(running, ids)
    with running.postgres.connect() as connection:
        found = account(connection, dict.fromkeys(ids, VERDICT), [])
    return {"account": asdict(found), "faults": found.faults}


def _signal(pid: int, number: signal.Signals) -> None:
    psutil.Process(pid).send_signal(number)


def _cpu_s(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


async def _prepare(running: Site, submissions: int) -> list[str]:
    applicant = Applicant.read(NAME)
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        app = App(running.urls, running.key, http, random.Random(1))  # noqa: S311 - which API, not a secret
        return [await app.prepare(applicant) for _ in range(submissions)]


async def _submit(running: Site, ids: list[str]) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        app = App(running.urls, running.key, http, random.Random(2))  # noqa: S311 - which API, not a secret
        await asyncio.gather(*(app.submit(one) for one in ids))


def _finished(running: Site, ids: list[str]) -> list[float]:
    """When each was finished, once all are."""
    while len(times := _times(running, ids)) < len(ids):
        time.sleep(1.0)
    return times


def _times(running: Site, ids: list[str]) -> list[float]:
    query = (
        "SELECT extract(epoch FROM finished_at)::float8 FROM submissions"
        " WHERE verification_id = ANY(%s) AND finished_at IS NOT NULL ORDER BY finished_at"
    )
    with running.postgres.connect() as connection:
        return [row[0] for row in connection.execute(query, (ids,)).fetchall()]


if __name__ == "__main__":
    main()

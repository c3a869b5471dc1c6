"""Load: twice as many submissions as the service can decide, for two minutes, each waiting for its verdict.

First the unloaded latency (one at a time) and the capacity (as many at once as there are workers) are
measured; then submissions arrive at random moments at twice the capacity, whatever the answers are.
What is let in must come back within twice the unloaded p95, the rest must be told so at once, and
memory must stay flat. Captures are uploaded before the clock runs; who was sent away comes again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from rich.console import Console

from benchmarks.service.applying import App, Applicant
from benchmarks.service.site import Plan, Site, site

NAME = "genuine_cn_rare_name"
WAIT = {"Prefer": "wait=60"}
SENT_AWAY = (429, 503)
ERR = Console(stderr=True)


@dataclass(slots=True)
class Seen:
    """What came of it: seconds of those let in and of those sent away, and memory (MiB by process) as time went on."""

    accepted_s: list[float] = field(default_factory=list)
    refused_s: list[float] = field(default_factory=list)
    refused_at_s: list[float] = field(default_factory=list)
    accepted_at_s: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    memory: list[tuple[float, dict[str, float]]] = field(default_factory=list)


def main() -> None:
    """Measure, print, write, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--times", type=float, default=2.0, help="the capacity")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--stand-in", type=float, metavar="S", help="no models: a submission takes so many seconds")
    parser.add_argument("--set", action="append", default=[], metavar="KYC_NAME=VALUE", help="settings of the service")
    parser.add_argument("--json", type=Path, default=Path("out/load.json"))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    settings = {"KYC_WORKERS": str(given.workers), **dict(one.split("=", 1) for one in given.set)}
    plan = Plan(apis=1, workers=given.workers, stand_in_s=given.stand_in, settings=settings)
    with tempfile.TemporaryDirectory(prefix="kyc-load-") as folder, site(Path(folder), plan) as running:
        running.start_workers()
        result, seen = asyncio.run(measure(running, given))
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    draw(seen, given.json.with_suffix(".png"))
    ERR.print_json(data=result)


async def measure(running: Site, given: argparse.Namespace) -> tuple[dict[str, Any], Seen]:
    """Unloaded, at capacity, and beyond it."""
    applicant, chance = Applicant.read(NAME), random.Random(given.seed)  # noqa: S311 - arrivals, not secrets
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=200)
    async with httpx.AsyncClient(trust_env=False, timeout=120, limits=limits) as http:
        app = App(running.urls, running.key, http, chance)
        ready = deque([await app.prepare(applicant) for _ in range(20)])
        for _ in range(4):
            await _one(app, ready, Seen(), 0.0)
        unloaded = Seen()
        for _ in range(16):
            await _one(app, ready, unloaded, 0.0)
        a_second = await _capacity(app, applicant, given.workers)
        expected = int(1.5 * a_second * given.seconds) + 20
        ready.extend([await app.prepare(applicant) for _ in range(expected)])
        seen = await _overload(app, ready, running, given.times * a_second, given.seconds)
    before, after = quantiles(unloaded.accepted_s), quantiles(seen.accepted_s)
    return {
        "workers": given.workers,
        "seconds": given.seconds,
        "capacity_a_second": round(a_second, 3),
        "offered_a_second": round(given.times * a_second, 3),
        "unloaded_ms": before,
        "accepted": len(seen.accepted_s),
        "accepted_ms": after,
        "p95_times_unloaded": round(after["p95"] / before["p95"], 2),
        "refused": len(seen.refused_s),
        "refused_ms": quantiles(seen.refused_s),
        "statuses": dict(sorted(seen.statuses.items())),
        "memory_mb": _memory(seen),
    }, seen


async def _capacity(app: App, applicant: Applicant, workers: int) -> float:
    """Submissions a second with as many at once as there are workers."""
    each = 10
    ready = deque([await app.prepare(applicant) for _ in range(each * workers)])
    started = time.perf_counter()

    async def line() -> None:
        for _ in range(each):
            await _one(app, ready, Seen(), 0.0)

    await asyncio.gather(*(line() for _ in range(workers)))
    return each * workers / (time.perf_counter() - started)


async def _overload(app: App, ready: deque[str], running: Site, a_second: float, seconds: float) -> Seen:
    """Arrivals of a Poisson process."""
    seen, started = Seen(), time.perf_counter()
    weighing = asyncio.create_task(_weigh(running, seen, started))
    asked: list[asyncio.Task[None]] = []
    due = app.chance.expovariate(a_second)
    while due < seconds and ready:
        await asyncio.sleep(max(0.0, started + due - time.perf_counter()))
        asked.append(asyncio.create_task(_one(app, ready, seen, started)))
        due += app.chance.expovariate(a_second)
    await asyncio.gather(*asked)
    weighing.cancel()
    return seen


async def _one(app: App, ready: deque[str], seen: Seen, since: float) -> None:
    verification_id = ready.popleft()
    started = time.perf_counter()
    answer = await app.http.post(
        f"{app.chance.choice(app.urls)}/v1/verifications/{verification_id}/submit",
        headers={"Authorization": f"Bearer {app.key}", **WAIT},
    )
    took_s = time.perf_counter() - started
    seen.statuses[answer.status_code] += 1
    if answer.status_code == httpx.codes.OK:
        seen.accepted_s.append(took_s)
        seen.accepted_at_s.append(started - since)
    elif answer.status_code in SENT_AWAY:
        seen.refused_s.append(took_s)
        seen.refused_at_s.append(started - since)
        ready.append(verification_id)
    else:
        raise RuntimeError(answer.text)


async def _weigh(running: Site, seen: Seen, started: float) -> None:
    while True:
        weights = {process.name: process.rss_mb() for process in running.processes}
        seen.memory.append((time.perf_counter() - started, weights))
        await asyncio.sleep(1.0)


def quantiles(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds."""
    if not seconds:
        return {}
    found = {f"p{q}": float(np.percentile(seconds, q)) for q in (50, 95, 99)} | {"most": max(seconds)}
    return {name: round(1000 * value, 1) for name, value in found.items()}


def _memory(seen: Seen) -> dict[str, dict[str, float]]:
    """First, last and most of each process, and how it grows in MiB a minute over the second half."""
    said = {}
    for name in seen.memory[0][1]:
        at, mb = (np.array(values) for values in zip(*((t, by[name]) for t, by in seen.memory), strict=True))
        half = at > at[-1] / 2
        slope = float(np.polyfit(at[half], mb[half], 1)[0]) * 60
        said[name] = {
            "first": round(float(mb[0]), 1),
            "last": round(float(mb[-1]), 1),
            "most": round(float(mb.max()), 1),
            "a_minute_in_the_second_half": round(slope, 2),
        }
    return said


def draw(seen: Seen, path: Path) -> None:
    """Latencies and memory over time."""
    import matplotlib as mpl  # noqa: PLC0415 - takes a while, and not everybody draws

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, (above, below) = plt.subplots(2, 1, figsize=(9, 7), sharex=True, layout="constrained")
    above.scatter(seen.accepted_at_s, [1000 * s for s in seen.accepted_s], s=12, label="decided")
    above.scatter(seen.refused_at_s, [1000 * s for s in seen.refused_s], s=6, label="sent away")
    above.set(ylabel="ms until the answer", yscale="log", title="Submissions at twice the capacity")
    above.legend()
    for name in seen.memory[0][1]:
        below.plot([t for t, _ in seen.memory], [by[name] for _, by in seen.memory], label=name)
    below.set(xlabel="seconds", ylabel="memory (RSS), MiB", ylim=(0, None))
    below.legend()
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()

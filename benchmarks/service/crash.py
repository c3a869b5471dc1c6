"""Crash test: SIGKILL for workers, APIs and the database at random moments, while an app submits.

``python -m benchmarks.service.crash --submissions 200 --seed 1``. At the end every submission that
was accepted must have exactly one verdict, the expected one, one case if and only if it is in review,
and every change must have been announced, under one id. ``--trouble`` takes the database or the blobs
away instead. Ends with 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.service.accounts import Account, account
from benchmarks.service.applying import App, Applicant
from benchmarks.service.processes import Process
from benchmarks.service.receiver import Receiver
from benchmarks.service.site import Plan, Site, site
from benchmarks.service.trouble import TROUBLES, Trouble
from kyc_service.sandbox.samples import load_samples

NAMES = ("challenge_answered", "genuine_cn_rare_name", "expired_passport", "blurred_card", "expired_document")
AT_ONCE = 8
ERR = Console(stderr=True)


@dataclass(slots=True)
class Killer:
    """Kills what it is given, one at a time, and has it started again after a moment."""

    site: Site
    chance: random.Random
    every_s: tuple[float, float]
    kills: Counter[str] = field(default_factory=Counter)

    def until(self, is_over: threading.Event) -> None:
        """Kill until told to stop; everything runs again then."""
        while not is_over.wait(self.chance.uniform(*self.every_s)):
            self._one()
        for process in self.site.processes:
            process.start()

    def _one(self) -> None:
        kind = self.chance.choice(("worker", "worker", "api", "database"))
        self.kills[kind] += 1
        pause_s = self.chance.uniform(0.2, 2.0)
        if kind == "database":
            self.site.postgres.kill()
            time.sleep(pause_s)
            self.site.postgres.start()
            return
        victim: Process = self.chance.choice(self.site.workers if kind == "worker" else self.site.apis)
        victim.kill()
        time.sleep(pause_s)
        victim.start()


def main() -> None:
    """Run, print, write."""
    given = _arguments()
    plan = Plan(apis=given.apis, workers=given.workers, stand_in_s=given.stand_in)
    with (
        tempfile.TemporaryDirectory(prefix="kyc-crash-") as folder,
        Receiver(failing=0.05, seed=given.seed) as receiver,
    ):
        result = run(Path(folder), plan, receiver, given)
    _print(result)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    sys.exit(1 if result["faults"] else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="which moments, which victims")
    parser.add_argument("--apis", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--kill-every", type=float, nargs=2, default=(4.0, 12.0), metavar="S", help="seconds, at random"
    )
    parser.add_argument("--stand-in", type=float, metavar="S", help="no models: a submission takes so many seconds")
    parser.add_argument("--trouble", choices=sorted(TROUBLES), help="this, once, instead of kills")
    parser.add_argument("--json", type=Path, default=Path("out/crash.json"))
    return parser.parse_args()


def run(folder: Path, plan: Plan, receiver: Receiver, given: argparse.Namespace) -> dict[str, Any]:
    """One whole test; what came of it."""
    trouble: Trouble | None = TROUBLES[given.trouble](folder) if given.trouble else None
    with trouble or _nothing(), site(folder, plan, trouble) as running:
        running.start_workers()
        running.register(receiver)
        started, killer = time.monotonic(), Killer(running, random.Random(given.seed), tuple(given.kill_every))  # noqa: S311
        disturb: Callable[[threading.Event], None] = trouble.on(running) if trouble else killer.until
        with _beside(disturb) as is_over:
            accepted, obstacles = asyncio.run(_apply(running, given.submissions, given.seed))
            _wait(lambda: _decided(running, accepted) >= (0.9 if trouble is None else 1.0) * len(accepted))
            is_over.set()
        _wait(lambda: _decided(running, accepted) == len(accepted))
        _wait(lambda: _undelivered(running) == 0)
        with running.postgres.connect() as connection:
            found = account(connection, accepted, receiver.received)
        return {
            "submissions": given.submissions,
            "seed": given.seed,
            "processes": {"apis": plan.apis, "workers": plan.workers, "stand_in_s": plan.stand_in_s},
            "trouble": given.trouble,
            "kills": dict(killer.kills),
            "seconds": round(time.monotonic() - started, 1),
            "in_the_way": dict(sorted(obstacles.items())),
            "webhooks_refused_by_receiver": receiver.refused,
            "account": asdict(found),
            "faults": _faults(found, given.submissions, trouble),
        }


def _faults(found: Account, submissions: int, trouble: Trouble | None) -> dict[str, int]:
    allowed = trouble.allowed if trouble else frozenset()
    faults = {name: value for name, value in found.faults.items() if name not in allowed}
    return faults | ({"never_accepted": submissions - found.accepted} if found.accepted != submissions else {})


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _beside(disturb: Callable[[threading.Event], None]) -> Iterator[threading.Event]:
    is_over = threading.Event()
    thread = threading.Thread(target=disturb, args=(is_over,), name="disturbing")
    thread.start()
    try:
        yield is_over
    finally:
        is_over.set()
        thread.join()


async def _apply(running: Site, submissions: int, seed: int) -> tuple[dict[str, str], dict[str, int]]:
    """Submit so many, some at a time; the expected verdict of each, and what came in the way."""
    applicants = [Applicant.read(name) for name in NAMES]
    expected = {sample.name: sample.verdict.value for sample in load_samples().values()}
    accepted: dict[str, str] = {}
    places = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        app = App(running.urls, running.key, http, random.Random(seed))  # noqa: S311 - pauses, not secrets

        async def one(number: int) -> None:
            applicant = applicants[number % len(applicants)]
            async with places:
                verification_id = await app.prepare(applicant)
                await app.submit(verification_id)
                accepted[verification_id] = expected[applicant.name]

        await asyncio.gather(*(one(number) for number in range(submissions)))
    return accepted, app.obstacles


def _decided(running: Site, accepted: dict[str, str]) -> int:
    query = "SELECT count(*) FROM submissions WHERE finished_at IS NOT NULL AND verification_id = ANY(%s)"
    return _count(running, query, list(accepted))


def _undelivered(running: Site) -> int:
    return _count(running, "SELECT count(*) FROM webhook_deliveries WHERE state <> 'delivered'")


def _count(running: Site, query: str, *given: Any) -> int:
    try:
        with running.postgres.connect() as connection:
            row = connection.execute(query, given or None).fetchone()
    except psycopg.OperationalError:
        return -1
    return -1 if row is None else int(row[0])


def _wait(is_true: Callable[[], bool], at_most_s: float = 900.0) -> None:
    """Wait, but not for ever: what is missing then is a fault that the account shows."""
    until = time.monotonic() + at_most_s
    while not is_true() and time.monotonic() < until:
        time.sleep(0.5)


def _print(result: dict[str, Any]) -> None:
    table = Table("what", "how many", title=f"{result['submissions']} submissions in {result['seconds']} s")
    for kind, count in result["kills"].items():
        table.add_row(f"SIGKILL: {kind}", str(count))
    for name, value in result["account"].items():
        table.add_row(name.replace("_", " "), str(value))
    for name, value in result["in_the_way"].items():
        table.add_row(f"answered or met, and tried again: {name}", str(value))
    ERR.print(table)
    ERR.print("nothing lost, nothing twice" if not result["faults"] else f"FAULTS: {result['faults']}")


if __name__ == "__main__":
    main()

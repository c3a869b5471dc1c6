"""A whole installation for one measurement: database over TCP, APIs, workers, a sandbox client, a receiver of webhooks."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import httpx

from benchmarks.service.postgres import TcpPostgres
from benchmarks.service.processes import Process, api_process, wait_until_ready, worker_process
from benchmarks.service.receiver import Receiver
from kyc_service.access.clients import create_client
from kyc_service.domain.clients import ClientMode
from kyc_service.storage.database import Database


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start. ``stand_in_s``: workers without models that take so long; the real ones for ``None``."""

    apis: int = 2
    workers: int = 2
    stand_in_s: float | None = None
    computing: bool = False
    pinned: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


class Storing(Protocol):
    """Says where blobs lie: settings of the service, known once it is open."""

    @property
    def environment(self) -> Mapping[str, str]:
        """By name."""
        ...


@dataclass(slots=True)
class Site:
    """What runs. ``urls`` are the APIs'; ``key`` is the sandbox client's."""

    folder: Path
    postgres: TcpPostgres
    apis: list[Process]
    workers: list[Process]
    urls: list[str]
    environment: dict[str, str]
    key: str = ""

    @property
    def processes(self) -> list[Process]:
        """All of the service's own."""
        return [*self.apis, *self.workers]

    def start_workers(self, timeout_s: float = 180.0) -> None:
        """Start every worker, and wait until each holds its models and takes jobs."""
        for worker in self.workers:
            worker.start()
        until = time.monotonic() + timeout_s
        while _registered(self.postgres) < len(self.workers):
            if time.monotonic() > until:
                raise TimeoutError(self.workers[0].said())
            time.sleep(0.2)

    def register(self, receiver: Receiver) -> None:
        """Have the client's webhooks sent to ``receiver``."""
        answer = httpx.post(
            f"{self.urls[0]}/v1/webhooks", json={"url": receiver.url}, headers=self.headers, trust_env=False
        )
        answer.raise_for_status()
        receiver.secret = _secret_in(answer.json())

    @property
    def headers(self) -> dict[str, str]:
        """The client's key."""
        return {"Authorization": f"Bearer {self.key}"}


@contextmanager
def site(folder: Path, plan: Plan, store: Storing | None = None) -> Iterator[Site]:
    """An installation that lasts as long as the block; its APIs are ready, its workers not started yet."""
    with ExitStack() as closing:
        postgres = closing.enter_context(
            TcpPostgres(folder / "postgres", environment=store.environment if store else {})
        )
        environment = {
            "KYC_DATA_DIR": str(folder / "data"),
            "KYC_DATABASE_URL": postgres.url,
            "KYC_LOG_LEVEL": "warning",
            "KYC_WEBHOOKS_TO_PRIVATE_ADDRESSES": "true",
            "KYC_SUBMISSIONS_QUEUED": "1000",
            "OMP_NUM_THREADS": "1",
            **plan.settings,
            **(store.environment if store else {}),
        }
        made = [api_process(f"api-{n}", folder, environment) for n in range(plan.apis)]
        workers = [_worker(n, folder, environment, plan) for n in range(plan.workers)]
        running = Site(folder, postgres, [api for api, _ in made], workers, [url for _, url in made], environment)
        for one in running.processes:
            closing.callback(one.stop)
        for api, url in made:
            api.start()
            wait_until_ready(api, url)
        running.key = _client_key(postgres)
        yield running


def _worker(number: int, folder: Path, environment: Mapping[str, str], plan: Plan) -> Process:
    cores = frozenset({number}) if plan.pinned else None
    return worker_process(f"worker-{number}", folder, environment, program=_program(plan), cores=cores)


def _program(plan: Plan) -> Sequence[str] | None:
    if plan.stand_in_s is None:
        return None
    way = ("computing",) if plan.computing else ()
    return (sys.executable, "-m", "benchmarks.service.stand_in", str(plan.stand_in_s), *way)


def _client_key(postgres: TcpPostgres) -> str:
    database = Database.connect(postgres.url)
    try:
        return create_client(database, "benchmark", ClientMode.SANDBOX, datetime.now(UTC))[-1]
    finally:
        database.close()


def _registered(postgres: TcpPostgres) -> int:
    """How many workers take submissions: each has two in the queue's table, one for all else."""
    with postgres.connect() as connection:
        row = connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone()
    return 0 if row is None else int(row[0]) // 2


def _secret_in(answer: Mapping[str, Any]) -> str:
    secrets = [value for value in _texts(answer) if value.startswith("whsec_")]
    return secrets[0]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)

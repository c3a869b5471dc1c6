"""API and worker processes that are started, killed, started again and weighed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from benchmarks.service.listening import free_port

ROOT = Path(__file__).parents[2]
READY_TIMEOUT_S = 180.0
_LOOK_S = 0.1


class NotReady(Exception):
    """A process ended or did not become ready in time; its log's end follows."""


@dataclass(slots=True)
class Process:
    """One program with its log; ``cores`` are those that it may use, all for ``None``."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    cores: frozenset[int] | None = None
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it unless it runs."""
        if self.is_running:
            return
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command, cwd=ROOT, env={**os.environ, **self.environment}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        if self.cores is not None:
            os.sched_setaffinity(self.running.pid, self.cores)

    @property
    def is_running(self) -> bool:
        """Whether it lives."""
        return self.running is not None and self.running.poll() is None

    def kill(self) -> None:
        """SIGKILL, to it and to whatever it started."""
        if self.running is not None and self.is_running:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()

    def stop(self, grace_s: float = 90.0) -> None:
        """Ask it to finish what it has in hand."""
        if self.running is None or not self.is_running:
            return
        self.running.terminate()
        try:
            self.running.wait(grace_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def rss_mb(self) -> float:
        """Memory of it and of its children, in MiB; 0 where it does not run."""
        if self.running is None or not self.is_running:
            return 0.0
        try:
            own = psutil.Process(self.running.pid)
            return sum(one.memory_info().rss for one in (own, *own.children(recursive=True))) / 2**20
        except psutil.NoSuchProcess:
            return 0.0

    def said(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", "replace")[-3000:] if self.log.exists() else ""

    def wait_for(self, text: str, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Wait until its log has ``text``.

        Raises:
            NotReady: it ended, or that was never said.
        """
        until = time.monotonic() + timeout_s
        while not (self.log.exists() and text in self.log.read_text("utf-8", "replace")):
            if not self.is_running or time.monotonic() > until:
                raise NotReady(f"{self.name}\n{self.said()}")
            time.sleep(_LOOK_S)


def api_process(
    name: str, folder: Path, environment: Mapping[str, str], *, workers: int = 0, cores: frozenset[int] | None = None
) -> tuple[Process, str]:
    """``kyc serve`` on a free port with so many workers beside it, and its address."""
    port = free_port()
    command = kyc("serve", "--port", str(port), "--workers", str(workers))
    return Process(name, command, environment, folder / f"{name}.log", cores), f"http://127.0.0.1:{port}"


def worker_process(
    name: str,
    folder: Path,
    environment: Mapping[str, str],
    *,
    program: Sequence[str] | None = None,
    cores: frozenset[int] | None = None,
) -> Process:
    """``kyc worker``, or another ``program`` in its place."""
    return Process(name, program or kyc("worker"), environment, folder / f"{name}.log", cores)


def kyc(*arguments: str) -> tuple[str, ...]:
    """The service's command line in this very environment."""
    return (sys.executable, "-m", "kyc_service.cli.main", *arguments)


def wait_until_ready(process: Process, url: str, timeout_s: float = READY_TIMEOUT_S) -> None:
    """Wait until the API at ``url`` says that it is ready.

    Raises:
        NotReady: it ended, or did not.
    """
    until = time.monotonic() + timeout_s
    while True:
        try:
            if httpx.get(f"{url}/readyz", trust_env=False, timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        if not process.is_running or time.monotonic() > until:
            raise NotReady(f"{process.name}\n{process.said()}")
        time.sleep(_LOOK_S)

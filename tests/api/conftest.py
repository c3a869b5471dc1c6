from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.exceptions import StarletteDeprecationWarning

from kyc_service.access.clients import give_key
from kyc_service.app import create_app
from kyc_service.bootstrap import Rules
from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.verification import UseCase
from kyc_service.observability.logs import configure_logs
from kyc_service.settings import Settings
from kyc_service.storage import opening
from kyc_service.storage.database import Database
from kyc_service.verification.deciding import Decider
from tests.conftest import OTHER_CLIENT
from tests.working import working

with warnings.catch_warnings():
    # The test client works with httpx as well as with its successor, and says so once, here.
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    from starlette.testclient import TestClient


_ANSWERED = re.compile(
    r'^kyc_http_request_duration_seconds_count\{method="(.*?)",route="(.*?)",status="(.*?)"\}', re.MULTILINE
)


@pytest.fixture
def settings(data_dir: Path, postgres_url: str) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=data_dir,
        database_url=postgres_url,
        allowed_hosts=("testserver",),
        consent_required=False,
        submissions_awaited=50,
        max_capture_bytes=50_000,
        max_clip_bytes=200_000,
        uploads_in_memory=2,
        upload_timeout_s=0.5,
        retry_after_s=7,
    )


@pytest.fixture
def app(settings: Settings, pipeline: Any, database: Database, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    del database  # emptied

    def load_rules(_: Settings, __: Database) -> Rules:
        return Rules(lambda: frozenset((use_case, "standard") for use_case in UseCase), "null_embedder")

    del pipeline
    # The database of all tests has its schema already.
    monkeypatch.setattr(opening, "migrate", lambda _: None)
    return create_app(settings, load_rules)


WAIT = {"Prefer": "wait=30"}


def key_of(database: Database, client_id: str) -> dict[str, str]:
    """The header that shows a new key of a client."""
    _, key = give_key(database, client_id, datetime.now(UTC))
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture(scope="session")
def declared() -> dict[tuple[str, str], set[str]]:
    """The statuses that the description has of every operation, by method and route; built once, since it takes long."""
    paths = create_app(Settings(_env_file=None)).openapi()["paths"]
    return {
        (method.upper(), route): set(operation["responses"])
        for route, operations in paths.items()
        for method, operation in operations.items()
    }


@pytest.fixture
def client(
    app: FastAPI, pipeline: Any, database: Database, declared: dict[tuple[str, str], set[str]]
) -> Iterator[TestClient]:
    """The first client with its key, who waits for verdicts; a worker beside it makes them."""
    with TestClient(app, headers=WAIT | key_of(database, FIRST_CLIENT)) as client:
        with working(Decider(app.state.api.service, pipeline)):
            yield client
        assert list(_undeclared_answers(client, declared)) == []


@pytest.fixture
def other_client(client: TestClient, database: Database) -> dict[str, str]:
    """The header of another client's key."""
    del client
    return key_of(database, OTHER_CLIENT)


def _undeclared_answers(client: TestClient, declared: dict[tuple[str, str], set[str]]) -> Iterator[str]:
    """Every status the test was answered with that the route's description does not have."""
    for method, route, status in set(_ANSWERED.findall(client.get("/metrics").text)):
        if status not in declared.get((method, route), {status}):
            yield f"{method} {route} {status}"


@pytest.fixture
def logs(client: TestClient) -> io.StringIO:
    del client  # it configures the logs first
    stream = io.StringIO()
    configure_logs("debug", stream)
    return stream

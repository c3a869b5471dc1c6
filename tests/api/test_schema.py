"""The whole description of the API against a running server: schemathesis asks whatever the description allows, and more.

Three quarters of a minute, unless ``KYC_SCHEMA_SECONDS`` says otherwise (``make schema``: ten minutes).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

from kyc_service.access.clients import create_client
from kyc_service.domain.clients import ClientMode
from kyc_service.settings import Settings
from kyc_service.storage.database import Database
from kyc_service.verification.deciding import Decider
from tests.api.serving import served
from tests.working import working

pytestmark = [pytest.mark.integration, pytest.mark.e2e]

SECONDS = int(os.environ.get("KYC_SCHEMA_SECONDS", "45"))
SEED = os.environ.get("KYC_SCHEMA_SEED", "1")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "missing_required_header",
    "unsupported_method",
    "ignored_auth",
    "use_after_free",
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"allowed_hosts": None, "log_level": "error", "phone_code_sender": "file", "uploads_in_memory": 64}
    )


@pytest.fixture
def url(app: FastAPI, decider: Decider) -> Iterator[str]:
    """A server that answers on a port, with a worker that decides."""
    with served(app) as url, working(decider):
        yield url


def test_every_answer_is_as_described(url: str, database: Database, tmp_path: Path) -> None:
    _, key = create_client(database, "schema", ClientMode.SANDBOX, datetime.now(UTC))
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json"),
        *("--header", f"Authorization: Bearer {key}"),
        *("--checks", ",".join(CHECKS)),
        *("--max-time", str(SECONDS)),
        *("--seed", SEED, "--continue-on-failure", "--no-color", "--generation-database", "none"),
    ]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-2000:]

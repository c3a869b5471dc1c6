"""A PostgreSQL that is not the embedded one: reached over TCP, with a password, as an operator's own would be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.service.postgres import TcpPostgres


@pytest.fixture(scope="session")
def external_postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with TcpPostgres(Path(tmp_path_factory.mktemp("external"))) as server:
        yield server.url

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from kyc_service.storage.database import Database
from kyc_service.storage.embedded import EmbeddedPostgres
from kyc_service.storage.schema import migrate
from kyc_service.storage.tables import Base


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"))
    server.start()
    try:
        yield server.url
    finally:
        server.close()


@pytest.fixture(scope="session")
def _migrated(postgres_url: str) -> Iterator[Database]:
    database = Database.connect(postgres_url)
    migrate(database.engine)
    yield database
    database.close()


@pytest.fixture
def database(_migrated: Database) -> Database:
    tables = ", ".join(Base.metadata.tables)
    with _migrated.engine.begin() as connection:
        connection.execute(sqlalchemy.text(f"TRUNCATE {tables}"))
    return _migrated


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "kyc-data"

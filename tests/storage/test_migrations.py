from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from kyc_service.storage.database import Database
from kyc_service.storage.schema import migrate, migrate_down, versions
from kyc_service.storage.tables import Base
from tests.external_postgres import external_postgres_url

__all__ = ["external_postgres_url"]

pytestmark = pytest.mark.integration

_OF_THE_QUEUE = "procrastinate_"
_AT = datetime(2026, 1, 2, tzinfo=UTC)
_BEFORE_CLIENTS = (
    "INSERT INTO verifications (id, status, use_case, tier, attempt, created_at, updated_at)"
    " VALUES ('ver_a', 'verified', 'onboarding', 'standard', 1, :at, :at)"
)


def _is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    return not (kind == "table" and str(name).startswith(_OF_THE_QUEUE))


_OPTIONS = {"compare_type": True, "compare_server_default": True, "include_object": _is_ours}


@pytest.fixture(params=["embedded", "external"])
def fresh(request: pytest.FixtureRequest, postgres_url: str) -> Iterator[Database]:
    """An empty database on the embedded server, or on another one over TCP with a password."""
    url = postgres_url if request.param == "embedded" else request.getfixturevalue("external_postgres_url")
    server = Database.connect(url)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sqlalchemy.text("DROP DATABASE IF EXISTS migrated"))
        connection.execute(sqlalchemy.text("CREATE DATABASE migrated"))
    address = sqlalchemy.make_url(server.url).set(database="migrated")
    database = Database.connect(address.render_as_string(hide_password=False))
    yield database
    database.close()
    server.close()


def _names(database: Database) -> set[str]:
    """Everything that a migration could leave behind: tables, functions, types."""
    with database.engine.connect() as connection:
        found = connection.execute(
            sqlalchemy.text(
                "SELECT 'table ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
                " UNION SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
                " UNION SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace"
                " AND typtype IN ('e', 'd')"
            )
        )
        return set(found.scalars())


def _fill(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sqlalchemy.text(_BEFORE_CLIENTS), {"at": _AT})
        connection.execute(sqlalchemy.text("INSERT INTO data_keys (verification_id, wrapped) VALUES ('ver_a', 'w')"))


def test_up_down_to_nothing_and_up_again(fresh: Database) -> None:
    assert versions(fresh.engine).present is None
    migrate(fresh.engine)
    everything = _names(fresh)
    assert versions(fresh.engine).is_expected
    migrate_down(fresh.engine, "base")
    left = _names(fresh) - {"table alembic_version"}
    assert left == set()
    migrate(fresh.engine)
    assert _names(fresh) == everything


def test_rows_from_before_clients_pass_through_and_back(fresh: Database) -> None:
    migrate(fresh.engine)
    migrate_down(fresh.engine, "0003")
    _fill(fresh)
    migrate(fresh.engine)
    with fresh.transaction() as tx:
        record = tx.verifications.get("ver_a")
    assert (record.version, record.client_id) == (1, "cli_" + "0" * 32)
    migrate_down(fresh.engine, "0003")
    with fresh.engine.connect() as connection:
        kept = connection.execute(sqlalchemy.text("SELECT count(*) FROM verifications JOIN data_keys ON true"))
        assert kept.scalar_one() == 1
    migrate(fresh.engine)
    assert versions(fresh.engine).is_expected


def test_the_migrations_lead_to_the_tables_the_code_expects(fresh: Database) -> None:
    migrate(fresh.engine)
    with fresh.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=_OPTIONS), Base.metadata) == []

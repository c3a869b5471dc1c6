from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.storage.database import Database
from kyc_service.storage.schema import migrate
from kyc_service.storage.tables import Base

pytestmark = pytest.mark.integration

_OF_THE_QUEUE = "procrastinate_"


def _is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    return not (kind == "table" and str(name).startswith(_OF_THE_QUEUE))


_OPTIONS = {"compare_type": True, "compare_server_default": True, "include_object": _is_ours}


def test_the_migrations_lead_to_the_tables_the_code_expects(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=_OPTIONS)
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrate(database.engine)


def test_several_processes_can_start_on_an_empty_database(database: Database, postgres_url: str) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sqlalchemy.text("DROP DATABASE IF EXISTS together"))
        connection.execute(sqlalchemy.text("CREATE DATABASE together"))
    url = sqlalchemy.make_url(postgres_url).set(database="together").render_as_string(hide_password=False)
    databases = [Database.connect(url) for _ in range(3)]
    try:
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda one: migrate(one.engine), databases))
        with databases[0].engine.connect() as connection:
            tables = sqlalchemy.inspect(connection).get_table_names()
            ours = [name for name in tables if not name.startswith(_OF_THE_QUEUE)]
            assert len(ours) == len(Base.metadata.tables) + 1
    finally:
        for one in databases:
            one.close()


@pytest.mark.parametrize("statement", ["UPDATE events SET actor = 'x'", "DELETE FROM events"])
def test_events_cannot_be_changed(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(
            sqlalchemy.text(
                "INSERT INTO verifications (id, client_id, version, status, use_case, tier, attempt, created_at, updated_at)"  # noqa: S608 - a constant
                f" VALUES ('v', '{FIRST_CLIENT}', 1, 's', 'u', 't', 0, now(), now())"
            )
        )
        connection.execute(
            sqlalchemy.text(
                "INSERT INTO events (id, verification_id, type, at, actor, payload)"
                " VALUES ('e', 'v', 't', now(), 'a', '{}')"
            )
        )
    with pytest.raises(sqlalchemy.exc.DBAPIError, match="append-only"), database.engine.begin() as connection:
        connection.execute(sqlalchemy.text(statement))

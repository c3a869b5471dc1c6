"""Schema: brings the database to the version this code expects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import alembic.command
import alembic.config
import sqlalchemy
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from kyc_service.storage.database import DatabaseUnreachable

# Any number, as long as nothing else in the database takes it: "kyc" in ASCII.
_MIGRATION_LOCK: Final = 0x6B7963


@dataclass(frozen=True, slots=True)
class SchemaVersions:
    """The version a database has (``None`` where it is empty) and the one that this code expects."""

    present: str | None
    expected: str

    @property
    def is_expected(self) -> bool:
        """Whether nothing is to be done."""
        return self.present == self.expected


def migrate(engine: Engine) -> None:
    """Run the missing migrations, one process at a time: the others wait, then find nothing to do.

    The lock is a transaction's, so a process that dies while migrating frees it and leaves
    the schema as it was.
    """
    with _locked(engine) as config:
        alembic.command.upgrade(config, "head")


def migrate_down(engine: Engine, revision: str) -> None:
    """Undo the migrations after ``revision`` (``base`` for all), with all that the tables they made held."""
    with _locked(engine) as config:
        alembic.command.downgrade(config, revision)


def versions(engine: Engine) -> SchemaVersions:
    """What the database has, and what it should have; changes nothing.

    Raises:
        DatabaseUnreachable: the server does not answer.
    """
    expected = ScriptDirectory.from_config(_config()).get_current_head()
    try:
        with engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
    except (OperationalError, sqlalchemy.exc.TimeoutError) as cause:
        raise DatabaseUnreachable from cause
    return SchemaVersions(present, str(expected))


@contextmanager
def _locked(engine: Engine) -> Iterator[alembic.config.Config]:
    config = _config()
    with engine.begin() as connection:
        connection.execute(sqlalchemy.select(sqlalchemy.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        yield config


def _config() -> alembic.config.Config:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config

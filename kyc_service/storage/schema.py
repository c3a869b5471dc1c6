"""Schema: brings the database to the version this code expects."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import alembic.command
import alembic.config
import sqlalchemy
from sqlalchemy import Engine

# Any number, as long as nothing else in the database takes it: "kyc" in ASCII.
_MIGRATION_LOCK: Final = 0x6B7963


def migrate(engine: Engine) -> None:
    """Run the missing migrations, one process at a time: the others wait, then find nothing to do.

    The lock is a transaction's, so a process that dies while migrating frees it and leaves
    the schema as it was.
    """
    config = alembic.config.Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    with engine.begin() as connection:
        connection.execute(sqlalchemy.select(sqlalchemy.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")

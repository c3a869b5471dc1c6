"""Open the database: yours by its address, or the embedded one under a folder; its schema brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kyc_service.storage.database import Database
from kyc_service.storage.embedded import EmbeddedPostgres
from kyc_service.storage.schema import migrate


@contextmanager
def opened_database(
    url: str | None, postgres_dir: Path, pool_size: int, *, is_migrated: bool = True
) -> Iterator[Database]:
    """The database at ``url``; without one, the embedded one under ``postgres_dir``, held until the block ends.

    Its schema is brought up to date unless ``is_migrated`` is false.

    Raises:
        DatabaseUnreachable: the server is not there.
        EmbeddedPostgresFailed: the embedded one does not start.
    """
    with ExitStack() as stack:
        if url is None:
            postgres_dir.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            server = EmbeddedPostgres(postgres_dir)
            server.start()
            stack.callback(server.close)
            url = server.url
        database = Database.connect(url, pool_size=pool_size)
        stack.callback(database.close)
        if is_migrated:
            migrate(database.engine)
        yield database

"""``kyc database``: the schema, for those who bring it up to date before they start new programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from kyc_service.cli.configured import read_settings

if TYPE_CHECKING:
    from kyc_service.storage.database import Database

app = typer.Typer(no_args_is_help=True)


@app.callback()
def database() -> None:
    """The database's schema."""


@app.command()
def status() -> None:
    """Say which version the schema has, and which one this program expects. Exit code 1 when they differ."""
    from kyc_service.storage.schema import versions

    with _opened() as opened:
        found = versions(opened.engine)
    typer.echo(f"present {found.present or 'none'}, expected {found.expected}")
    if not found.is_expected:
        raise typer.Exit(1)


@app.command()
def migrate() -> None:
    """Bring the schema up to date; where it is, nothing happens. Every start of the service does the same."""
    from kyc_service.storage.schema import migrate as brought_up_to_date
    from kyc_service.storage.schema import versions

    with _opened() as opened:
        brought_up_to_date(opened.engine)
        found = versions(opened.engine)
    typer.echo(f"present {found.present}, expected {found.expected}")


@contextmanager
def _opened() -> Iterator[Database]:
    from kyc_service.storage.opening import opened_database

    settings = read_settings()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = None if settings.database_url is None else settings.database_url.get_secret_value()
    with opened_database(url, settings.postgres_dir, settings.database_pool_size, is_migrated=False) as opened:
        yield opened

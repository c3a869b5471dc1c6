"""``kyc client``: who may ask the service, and their keys. A key is shown once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from kyc_service.cli.configured import read_settings

if TYPE_CHECKING:
    from kyc_service.storage.database import Database

app = typer.Typer(no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="A name for your own lists.")],
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Its applicants are samples with fixed outcomes.")] = False,  # noqa: FBT002 - a flag
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,  # noqa: FBT002 - a flag
    key_only: Annotated[bool, typer.Option("--key-only", help="Print the key and nothing else.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Make a client and its first key."""
    from kyc_service.access.clients import create_client
    from kyc_service.domain.clients import ClientMode

    with _database() as database:
        mode = ClientMode.SANDBOX if sandbox else ClientMode.LIVE
        client, key = create_client(database, name, mode, datetime.now(UTC))
    if key_only:
        typer.echo(key)
    elif as_json:
        typer.echo(json.dumps({"client_id": client.id, "name": client.name, "mode": mode.value, "key": key}))
    else:
        typer.echo(f"client  {client.id}  {mode.value}\nkey     {key}\nThe key is shown this once: keep it safe.")


@app.command("list")
def list_all() -> None:
    """List the clients and the ids of their keys."""
    from kyc_service.access.clients import list_clients

    with _database() as database:
        for client, keys in list_clients(database):
            typer.echo(f"{client.id}  {client.mode.value:8}{client.name}{'  disabled' if client.disabled_at else ''}")
            for key in keys:
                typer.echo(f"    {key.id}  {key.created_at:%Y-%m-%d %H:%M}{'  revoked' if key.revoked_at else ''}")


@app.command("new-key")
def new_key(client_id: Annotated[str, typer.Argument(help="The client's id.")]) -> None:
    """Give a client another key beside those it has."""
    from kyc_service.access.clients import give_key

    with _database() as database:
        record, key = give_key(database, client_id, datetime.now(UTC))
    typer.echo(f"id      {record.id}\nkey     {key}\nThe key is shown this once: keep it safe.")


@app.command("revoke-key")
def revoke_key(key_id: Annotated[str, typer.Argument(help="The key's id, from the list.")]) -> None:
    """Shut a key out, from the next request on."""
    from kyc_service.access.clients import revoke_key

    with _database() as database:
        revoke_key(database, key_id, datetime.now(UTC))


@app.command()
def disable(client_id: Annotated[str, typer.Argument(help="The client's id.")]) -> None:
    """Shut a client out, with all its keys."""
    from kyc_service.access.clients import disable_client

    with _database() as database:
        disable_client(database, client_id, datetime.now(UTC))


@contextmanager
def _database() -> Iterator[Database]:
    from kyc_service.bootstrap import open_database

    with open_database(read_settings()) as database:
        yield database

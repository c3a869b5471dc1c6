"""``kyc keys``: which master key wraps what, and its rotation."""

from __future__ import annotations

import typer

from kyc_service.cli.configured import read_settings
from kyc_service.cli.output import ERR
from kyc_service.errors import Conflict

app = typer.Typer(no_args_is_help=True)


class NoPreviousKey(Conflict):
    """Name the key before with KYC_MASTER_KEY_PREVIOUS_FILE: without it there is nothing to rotate from."""

    code = "no_previous_key"


@app.command()
def status() -> None:
    """Say how many keys each master key wraps, and which one is in force."""
    from kyc_service.bootstrap import master_key_of, open_database
    from kyc_service.storage.rotation import keys_by_master_key

    settings = read_settings()
    with open_database(settings) as database:
        key = master_key_of(settings, database)
        for key_id, count in sorted(keys_by_master_key(database).items()):
            typer.echo(f"{key_id}  {count}{'  (in force)' if key_id == key.id else ''}")


@app.command()
def rotate() -> None:
    """Wrap every key anew under the master key in force; pictures and reports stay as they are.

    Start every process of the service with the new key and the previous one first. Stopped in the middle, it goes on
    where it stood when it is called again.
    """
    from kyc_service.bootstrap import master_key_of, open_database
    from kyc_service.storage.rotation import keys_by_master_key, rotate

    settings = read_settings()
    with open_database(settings) as database:
        key = master_key_of(settings, database)
        if key.previous is None:
            raise NoPreviousKey
        total = sum(keys_by_master_key(database).values())
        for done in rotate(database, key):
            ERR.print(f"{done} of about {total}", markup=False)
    typer.echo("Done. Take KYC_MASTER_KEY_PREVIOUS... away once every process runs with the new key.")

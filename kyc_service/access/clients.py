"""Use cases of clients: made, given keys, and shut out by whoever runs the service."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kyc_service.access.keys import add_key
from kyc_service.domain.clients import ClientMode
from kyc_service.storage.clients import ApiKeyRecord, ClientRecord
from kyc_service.storage.database import Database
from kyc_service.storage.ids import new_id


def create_client(database: Database, name: str, mode: ClientMode, now: datetime) -> tuple[ClientRecord, str]:
    """A new client and its first key, which is shown once.

    Raises:
        ClientNameTaken: another has that name.
    """
    client = ClientRecord(new_id("cli"), name, mode, now)
    with database.transaction() as tx:
        tx.clients.add(client)
        _, key = add_key(tx, client)
    return client, key


def give_key(database: Database, client_id: str, now: datetime) -> tuple[ApiKeyRecord, str]:
    """Another key, beside those it has: so that one can take another's place without a gap.

    Raises:
        ClientNotFound: there is no such client.
    """
    with database.transaction() as tx:
        return add_key(tx, replace(tx.clients.get(client_id), created_at=now))


def revoke_key(database: Database, key_id: str, now: datetime) -> None:
    """Shut a key out, from the next request on.

    Raises:
        ApiKeyNotFound: there is no such key.
    """
    with database.transaction() as tx:
        tx.clients.revoke(key_id, now)


def disable_client(database: Database, client_id: str, now: datetime) -> None:
    """Shut a client out, with all its keys.

    Raises:
        ClientNotFound: there is no such client.
    """
    with database.transaction() as tx:
        tx.clients.disable(client_id, now)


def list_clients(database: Database) -> list[tuple[ClientRecord, list[ApiKeyRecord]]]:
    """Everybody, with their keys' ids."""
    with database.transaction() as tx:
        return [(client, tx.clients.keys_of(client.id)) for client in tx.clients.everyone()]

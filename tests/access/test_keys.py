"""Keys of clients: known by their digest alone, refused from the moment they are revoked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy

from kyc_service.access.clients import create_client, disable_client, give_key, list_clients, revoke_key
from kyc_service.access.keys import AuthenticationRequired, caller_with, new_key
from kyc_service.domain.clients import FIRST_CLIENT, ClientMode
from kyc_service.storage.clients import ApiKeyNotFound, ClientNameTaken, ClientNotFound
from kyc_service.storage.database import Database

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(("mode", "prefix"), [(ClientMode.LIVE, "kyc_live_"), (ClientMode.SANDBOX, "kyc_test_")])
def test_a_key_tells_its_mode_and_its_client(database: Database, mode: ClientMode, prefix: str) -> None:
    client, key = create_client(database, "shop", mode, NOW)
    caller = caller_with(database, key)
    assert key.startswith(prefix)
    assert (caller.client_id, caller.mode, caller.is_applicant) == (client.id, mode, False)
    assert caller.actor.startswith("key:key_")
    assert key not in caller.actor


def test_the_key_itself_is_nowhere_in_the_database(database: Database) -> None:
    _, key = give_key(database, FIRST_CLIENT, NOW)
    with database.engine.connect() as connection:
        rows = connection.execute(sqlalchemy.text("SELECT api_keys::text FROM api_keys")).scalars().all()
    assert rows
    assert not any(key in row or key.removeprefix("kyc_live_") in row for row in rows)


def test_no_two_keys_are_alike() -> None:
    assert len({new_key(ClientMode.LIVE) for _ in range(100)}) == 100


@pytest.mark.parametrize("broken", [str.upper, lambda key: key[:-1], lambda key: key + "A", lambda _: "", str.swapcase])
def test_what_only_looks_like_a_key_opens_nothing(database: Database, broken: object) -> None:
    assert callable(broken)
    _, key = give_key(database, FIRST_CLIENT, NOW)
    with pytest.raises(AuthenticationRequired):
        caller_with(database, broken(key))


def test_a_live_key_under_the_other_prefix_opens_nothing(database: Database) -> None:
    _, key = give_key(database, FIRST_CLIENT, NOW)
    with pytest.raises(AuthenticationRequired):
        caller_with(database, key.replace("kyc_live_", "kyc_test_"))


def test_a_revoked_key_is_refused_at_once_and_the_others_stay(database: Database) -> None:
    first, revoked = give_key(database, FIRST_CLIENT, NOW)
    _, kept = give_key(database, FIRST_CLIENT, NOW)
    assert caller_with(database, revoked).client_id == FIRST_CLIENT
    revoke_key(database, first.id, NOW)
    with pytest.raises(AuthenticationRequired):
        caller_with(database, revoked)
    assert caller_with(database, kept).client_id == FIRST_CLIENT


def test_a_disabled_client_is_refused_with_all_its_keys(database: Database) -> None:
    client, first = create_client(database, "shop", ClientMode.LIVE, NOW)
    _, second = give_key(database, client.id, NOW)
    disable_client(database, client.id, NOW)
    for key in (first, second):
        with pytest.raises(AuthenticationRequired):
            caller_with(database, key)


def test_the_list_has_ids_and_no_secrets(database: Database) -> None:
    client, key = create_client(database, "shop", ClientMode.LIVE, NOW)
    (listed,) = [keys for found, keys in list_clients(database) if found.id == client.id]
    assert [record.client_id for record in listed] == [client.id]
    assert key not in repr(listed)


def test_what_is_not_there_is_said(database: Database) -> None:
    with pytest.raises(ClientNotFound):
        give_key(database, "cli_none", NOW)
    with pytest.raises(ClientNotFound):
        disable_client(database, "cli_none", NOW)
    with pytest.raises(ApiKeyNotFound):
        revoke_key(database, "key_none", NOW)


def test_a_name_is_given_once(database: Database) -> None:
    create_client(database, "shop", ClientMode.LIVE, NOW)
    with pytest.raises(ClientNameTaken):
        create_client(database, "shop", ClientMode.SANDBOX, NOW)

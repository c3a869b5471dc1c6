"""API keys: what a client's own servers show to be let in.

A key is 256 random bits, so that its plain SHA-256 is as good as the slow digests that
passwords need: there is nothing to guess from. Only that digest is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from kyc_service.domain.clients import Caller, ClientMode
from kyc_service.errors import Forbidden
from kyc_service.storage.clients import ApiKeyRecord, ClientRecord
from kyc_service.storage.database import Database, Transaction
from kyc_service.storage.ids import new_id

KEY_PREFIXES: Final = {ClientMode.LIVE: "kyc_live_", ClientMode.SANDBOX: "kyc_test_"}
_SECRET_BYTES: Final = 32


class AuthenticationRequired(Forbidden):
    """Send a key or a client token that is valid: Authorization: Bearer ..."""

    code = "authentication_required"


def new_key(mode: ClientMode) -> str:
    """A fresh key, to be shown once.

    >>> new_key(ClientMode.SANDBOX).startswith("kyc_test_"), len(new_key(ClientMode.LIVE))
    (True, 52)
    """
    return KEY_PREFIXES[mode] + secrets.token_urlsafe(_SECRET_BYTES)


def key_digest(key: str) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).digest()


def add_key(tx: Transaction, client: ClientRecord) -> tuple[ApiKeyRecord, str]:
    """Give a client another key; its text is nowhere but in the answer."""
    key = new_key(client.mode)
    record = ApiKeyRecord(new_id("key"), client.id, key_digest(key), client.created_at)
    tx.clients.add_key(record)
    return record, key


def caller_with(database: Database, key: str) -> Caller:
    """Who shows ``key``; looked up at every request, so that a revoked one is refused at once.

    Raises:
        AuthenticationRequired: nobody does.
    """
    with database.transaction() as tx:
        found = tx.clients.of_key(key_digest(key))
    if found is None:
        raise AuthenticationRequired
    key_id, client = found
    return Caller(client.id, client.mode, f"key:{key_id}")


def check_enabled(database: Database, client_id: str) -> None:
    """See that a client whose word is taken is not shut out.

    Raises:
        AuthenticationRequired: it is, or there is none of that id.
    """
    with database.transaction() as tx:
        if not tx.clients.is_enabled(client_id):
            raise AuthenticationRequired

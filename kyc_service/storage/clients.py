"""The repository of clients and of their keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kyc_service.domain.clients import ClientMode
from kyc_service.errors import Conflict, NotFound
from kyc_service.storage.tables import ApiKeyRow, ClientRow


class ClientNotFound(NotFound):
    """There is no such client."""

    code = "client_not_found"


class ApiKeyNotFound(NotFound):
    """There is no such key."""

    code = "api_key_not_found"


class ClientNameTaken(Conflict):
    """Another client has that name."""

    code = "client_name_taken"


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """One client."""

    id: str
    name: str
    mode: ClientMode
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApiKeyRecord:
    """One key of a client; ``digest`` is of its secret."""

    id: str
    client_id: str
    digest: bytes
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clients:
    """Reads and writes inside one transaction."""

    session: Session

    def add(self, record: ClientRecord) -> None:
        """Write a new client.

        Raises:
            ClientNameTaken: there is one of that name.
        """
        row = {"id": record.id, "name": record.name, "mode": record.mode.value, "created_at": record.created_at}
        added = self.session.execute(insert(ClientRow).values(row).on_conflict_do_nothing().returning(ClientRow.id))
        if added.scalar_one_or_none() is None:
            raise ClientNameTaken

    def get(self, client_id: str) -> ClientRecord:
        """One client.

        Raises:
            ClientNotFound: there is none of that id.
        """
        row = self.session.get(ClientRow, client_id)
        if row is None:
            raise ClientNotFound
        return _client(row)

    def is_enabled(self, client_id: str) -> bool:
        """Whether there is such a client, and it is not shut out."""
        row = self.session.get(ClientRow, client_id)
        return row is not None and row.disabled_at is None

    def everyone(self) -> list[ClientRecord]:
        """All clients, oldest first."""
        return [_client(row) for row in self.session.scalars(select(ClientRow).order_by(ClientRow.created_at))]

    def disable(self, client_id: str, at: datetime) -> None:
        """None of its keys opens anything from now on."""
        self.get(client_id)
        statement = sqlalchemy.update(ClientRow).where(ClientRow.id == client_id)
        self.session.execute(statement.values(disabled_at=at))

    def add_key(self, record: ApiKeyRecord) -> None:
        """Write a new key."""
        self.session.add(
            ApiKeyRow(id=record.id, client_id=record.client_id, digest=record.digest, created_at=record.created_at)
        )
        self.session.flush()

    def keys_of(self, client_id: str) -> list[ApiKeyRecord]:
        """All keys of a client, oldest first."""
        statement = select(ApiKeyRow).where(ApiKeyRow.client_id == client_id).order_by(ApiKeyRow.created_at)
        return [
            ApiKeyRecord(row.id, row.client_id, row.digest, row.created_at, row.revoked_at)
            for row in self.session.scalars(statement)
        ]

    def revoke(self, key_id: str, at: datetime) -> None:
        """Have a key open nothing from now on.

        Raises:
            ApiKeyNotFound: there is none of that id.
        """
        statement = sqlalchemy.update(ApiKeyRow).where(ApiKeyRow.id == key_id).values(revoked_at=at)
        if self.session.execute(statement.returning(ApiKeyRow.id)).scalar_one_or_none() is None:
            raise ApiKeyNotFound

    def of_key(self, digest: bytes) -> tuple[str, ClientRecord] | None:
        """The id of the key that has ``digest`` and its client; ``None`` if it is unknown, revoked or disabled."""
        statement = (
            select(ApiKeyRow.id, ClientRow)
            .join(ClientRow, ClientRow.id == ApiKeyRow.client_id)
            .where(ApiKeyRow.digest == digest, ApiKeyRow.revoked_at.is_(None), ClientRow.disabled_at.is_(None))
        )
        found = self.session.execute(statement).first()
        return None if found is None else (found[0], _client(found[1]))


def _client(row: ClientRow) -> ClientRecord:
    return ClientRecord(row.id, row.name, ClientMode(row.mode), row.created_at, row.disabled_at)

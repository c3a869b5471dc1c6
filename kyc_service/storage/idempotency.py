"""The repository of idempotency keys: which POST was begun, and what it was answered."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kyc_service.errors import Conflict
from kyc_service.storage.records import IdempotencyRecord
from kyc_service.storage.tables import IdempotencyRow


class IdempotencyKeyInUse(Conflict):
    """A request with this Idempotency-Key is being answered at the moment."""

    code = "idempotency_key_in_use"


@dataclass(frozen=True, slots=True)
class IdempotencyKeys:
    """Reads and writes inside one transaction."""

    session: Session

    def find(self, key: bytes) -> IdempotencyRecord | None:
        """What is known of a key."""
        row = self.session.get(IdempotencyRow, key)
        return None if row is None else _record(row)

    def begin(self, record: IdempotencyRecord) -> None:
        """Write down that a request was begun.

        Raises:
            IdempotencyKeyInUse: another request took the key first, or this very one, sent twice.
        """
        statement = insert(IdempotencyRow).values(**asdict(record)).on_conflict_do_nothing()
        if self.session.execute(statement.returning(IdempotencyRow.key)).scalar_one_or_none() is None:
            raise IdempotencyKeyInUse

    def answer(self, key: bytes, response: bytes) -> None:
        """Keep the (sealed) answer of a request that was begun."""
        statement = sqlalchemy.update(IdempotencyRow).where(IdempotencyRow.key == key)
        self.session.execute(statement.values(response=response))


def _record(row: IdempotencyRow) -> IdempotencyRecord:
    return IdempotencyRecord(row.key, row.request, row.verification_id, row.response, row.created_at)

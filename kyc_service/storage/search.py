"""The repository of search digests: what verifications are found by, without the numbers themselves.

They go with the verification's key: who is deleted is found no more.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kyc_service.storage.tables import SearchDigestRow


@dataclass(frozen=True, slots=True)
class Search:
    """Reads and writes inside one transaction."""

    session: Session

    def put(self, verification_id: str, kind: str, digest: bytes) -> None:
        """Let a verification be found by ``digest``; put again, nothing more happens."""
        statement = insert(SearchDigestRow).values(verification_id=verification_id, kind=kind, digest=digest)
        self.session.execute(statement.on_conflict_do_nothing())

    def clear(self, verification_id: str) -> None:
        """Let a verification be found by nothing."""
        self.session.execute(delete(SearchDigestRow).where(SearchDigestRow.verification_id == verification_id))

    def find(self, kind: str, digest: bytes) -> list[str]:
        """The ids of the verifications that were put so."""
        statement = select(SearchDigestRow.verification_id)
        statement = statement.where(SearchDigestRow.kind == kind, SearchDigestRow.digest == digest)
        return list(self.session.scalars(statement.order_by(SearchDigestRow.verification_id)))

"""The repository of cases: one for a submission that people are to look at, never two."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kyc_service.domain.case import CaseQueue, CaseStatus
from kyc_service.errors import NotFound
from kyc_service.storage.tables import CaseRow


class CaseNotFound(NotFound):
    """There is no such case."""

    code = "case_not_found"


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One case. ``reasons`` are codes, the gravest check's not necessarily first; ``version`` counts changes."""

    id: str
    client_id: str
    verification_id: str
    attempt: int
    status: CaseStatus
    queue: CaseQueue
    reasons: tuple[str, ...]
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Cases:
    """Reads and writes inside one transaction."""

    session: Session

    def add(self, record: CaseRecord) -> bool:
        """Write a new case; ``False`` where the submission has one already, which stays as it is."""
        values = asdict(record) | {"reasons": list(record.reasons)}
        statement = insert(CaseRow).values(**values).on_conflict_do_nothing(constraint=_ONE_EACH)
        return self.session.execute(statement.returning(CaseRow.id)).scalar_one_or_none() is not None

    def get(self, client_id: str, case_id: str) -> CaseRecord:
        """Read one of a client's.

        Raises:
            CaseNotFound: the client has none of that id.
        """
        row = self.session.get(CaseRow, case_id)
        if row is None or row.client_id != client_id:
            raise CaseNotFound
        return _record(row)

    def newest(
        self,
        client_id: str,
        *,
        limit: int,
        starting_after: str | None = None,
        status: CaseStatus | None = None,
        queue: CaseQueue | None = None,
    ) -> list[CaseRecord]:
        """Up to ``limit`` of a client's cases, newest first, from the one after ``starting_after`` on.

        Raises:
            CaseNotFound: ``starting_after`` names none of the client's.
        """
        statement = select(CaseRow).where(CaseRow.client_id == client_id)
        if status is not None:
            statement = statement.where(CaseRow.status == status.value)
        if queue is not None:
            statement = statement.where(CaseRow.queue == queue.value)
        if starting_after is not None:
            last = self.get(client_id, starting_after)
            statement = statement.where(tuple_(CaseRow.created_at, CaseRow.id) < tuple_(last.created_at, last.id))
        statement = statement.order_by(CaseRow.created_at.desc(), CaseRow.id.desc())
        return [_record(row) for row in self.session.scalars(statement.limit(limit))]


_ONE_EACH = "uq_cases_verification_id_attempt"


def _record(row: CaseRow) -> CaseRecord:
    return CaseRecord(
        id=row.id,
        client_id=row.client_id,
        verification_id=row.verification_id,
        attempt=row.attempt,
        status=CaseStatus(row.status),
        queue=CaseQueue(row.queue),
        reasons=tuple(row.reasons),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )

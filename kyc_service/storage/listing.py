"""Lists of verifications: a client's own, newest first, narrowed down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.storage.records import VerificationRecord
from kyc_service.storage.tables import SearchDigestRow, VerificationRow
from kyc_service.storage.verifications import VerificationNotFound, record_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which verifications are wanted; what is ``None`` does not matter.

    ``created_after`` is exclusive, ``created_before`` too. ``found_by`` is a kind of search digest and the digest.
    """

    status: VerificationStatus | None = None
    use_case: UseCase | None = None
    tier: str | None = None
    reference: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    found_by: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Reads inside one transaction."""

    session: Session

    def newest(
        self, client_id: str, wanted: Wanted, *, limit: int, starting_after: str | None = None
    ) -> list[VerificationRecord]:
        """Up to ``limit`` of a client's verifications, newest first, from the one after ``starting_after`` on.

        Raises:
            VerificationNotFound: ``starting_after`` names none of the client's.
        """
        statement = select(VerificationRow).where(VerificationRow.client_id == client_id, *_conditions(wanted))
        if starting_after is not None:
            last = self.session.get(VerificationRow, starting_after)
            if last is None or last.client_id != client_id:
                raise VerificationNotFound
            order = tuple_(VerificationRow.created_at, VerificationRow.id)
            statement = statement.where(order < tuple_(last.created_at, last.id))
        statement = statement.order_by(VerificationRow.created_at.desc(), VerificationRow.id.desc())
        return [record_of(row) for row in self.session.scalars(statement.limit(limit))]


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    equal = {
        VerificationRow.status: wanted.status,
        VerificationRow.use_case: wanted.use_case,
        VerificationRow.tier: wanted.tier,
        VerificationRow.reference: wanted.reference,
    }
    yield from (column == value for column, value in equal.items() if value is not None)
    if wanted.created_after is not None:
        yield VerificationRow.created_at > wanted.created_after
    if wanted.created_before is not None:
        yield VerificationRow.created_at < wanted.created_before
    if wanted.found_by is not None:
        kind, digest = wanted.found_by
        found = select(SearchDigestRow.verification_id)
        found = found.where(SearchDigestRow.kind == kind, SearchDigestRow.digest == digest)
        yield VerificationRow.id.in_(found)

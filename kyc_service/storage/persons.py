"""The repository of persons and of their enrolments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy
from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kyc_service.domain.verification import VerificationStatus
from kyc_service.errors import NotFound
from kyc_service.storage.tables import EnrolmentRow, PersonRow, VerificationRow

_DESTROYED: Final = {"wrapped_key": None, "master_key_id": None, "sealed": None}


class PersonNotFound(NotFound):
    """There is no such person."""

    code = "person_not_found"


class EnrolmentNotFound(NotFound):
    """The person has no such enrolment."""

    code = "enrolment_not_found"


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """One client's customer. ``identity`` is a keyed digest, gone once the person was deleted."""

    id: str
    client_id: str
    identity: bytes | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EnrolmentRecord:
    """A face template (little-endian float32, sealed) of the model ``made_by``; one that ended has neither key nor template."""

    id: str
    person_id: str
    verification_id: str
    made_by: str
    consent: Mapping[str, Any]
    created_at: datetime
    ended_at: datetime | None
    wrapped_key: bytes | None
    master_key_id: str | None
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class VerificationOfPerson:
    """A verification that this person passed."""

    id: str
    status: VerificationStatus
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Persons:
    """Reads and writes inside one transaction."""

    session: Session

    def find_or_make(self, new: PersonRecord) -> PersonRecord:
        """The client's person with the identity of ``new``, or ``new`` where there is none; locked either way.

        Two transactions that ask at once get one person: the unique key lets one of them wait.
        """
        statement = insert(PersonRow).values(**asdict(new))
        statement = statement.on_conflict_do_update(
            index_elements=[PersonRow.client_id, PersonRow.identity], set_={"updated_at": new.updated_at}
        )
        row = self.session.scalars(statement.returning(PersonRow), execution_options={"populate_existing": True}).one()
        return _person(row)

    def get(self, client_id: str, person_id: str) -> PersonRecord:
        """Read one of a client's, also one that was deleted.

        Raises:
            PersonNotFound: the client has none of that id.
        """
        return _person(self._of_client(client_id, self.session.get(PersonRow, person_id)))

    def lock(self, client_id: str, person_id: str) -> PersonRecord:
        """As :meth:`get`, and keep every other writer waiting until this transaction ends."""
        row = self.session.get(PersonRow, person_id, with_for_update=True, populate_existing=True)
        return _person(self._of_client(client_id, row))

    def newest(self, client_id: str, *, limit: int, starting_after: str | None = None) -> list[PersonRecord]:
        """Up to ``limit`` of a client's persons, newest first; those that were deleted are left out.

        Raises:
            PersonNotFound: ``starting_after`` names none of the client's.
        """
        statement = select(PersonRow).where(PersonRow.client_id == client_id, PersonRow.deleted_at.is_(None))
        if starting_after is not None:
            last = self.get(client_id, starting_after)
            statement = statement.where(tuple_(PersonRow.created_at, PersonRow.id) < tuple_(last.created_at, last.id))
        statement = statement.order_by(PersonRow.created_at.desc(), PersonRow.id.desc())
        return [_person(row) for row in self.session.scalars(statement.limit(limit))]

    def delete(self, person_id: str, at: datetime) -> None:
        """Take the identity away: nobody is found by it any more. The row stays."""
        statement = sqlalchemy.update(PersonRow).where(PersonRow.id == person_id)
        self.session.execute(statement.values(identity=None, updated_at=at, deleted_at=at))

    def verifications_of(self, client_id: str, person_id: str) -> list[VerificationOfPerson]:
        """Every verification of a client's person, oldest first."""
        statement = (
            select(VerificationRow.id, VerificationRow.status, VerificationRow.created_at)
            .where(VerificationRow.client_id == client_id, VerificationRow.person_id == person_id)
            .order_by(VerificationRow.created_at, VerificationRow.id)
        )
        return [
            VerificationOfPerson(id_, VerificationStatus(status), at)
            for id_, status, at in self.session.execute(statement)
        ]

    def add_enrolment(self, record: EnrolmentRecord) -> None:
        """Write a new one."""
        self.session.add(EnrolmentRow(**asdict(record)))
        self.session.flush()

    def enrolments_of(self, person_id: str) -> list[EnrolmentRecord]:
        """All enrolments of a person, oldest first, those that ended among them."""
        order = (EnrolmentRow.created_at, EnrolmentRow.id)
        statement = select(EnrolmentRow).where(EnrolmentRow.person_id == person_id).order_by(*order)
        found = self.session.scalars(statement, execution_options={"populate_existing": True})
        return [_enrolment(row) for row in found]

    def end_enrolment(self, enrolment_id: str, at: datetime) -> None:
        """Destroy key and template of an enrolment; the row stays."""
        statement = sqlalchemy.update(EnrolmentRow).where(
            EnrolmentRow.id == enrolment_id, EnrolmentRow.ended_at.is_(None)
        )
        self.session.execute(statement.values(ended_at=at, **_DESTROYED))

    def _of_client(self, client_id: str, row: PersonRow | None) -> PersonRow:
        if row is None or row.client_id != client_id:
            raise PersonNotFound
        return row


def _person(row: PersonRow) -> PersonRecord:
    return PersonRecord(row.id, row.client_id, row.identity, row.created_at, row.updated_at, row.deleted_at)


def _enrolment(row: EnrolmentRow) -> EnrolmentRecord:
    return EnrolmentRecord(
        id=row.id,
        person_id=row.person_id,
        verification_id=row.verification_id,
        made_by=row.made_by,
        consent=row.consent,
        created_at=row.created_at,
        ended_at=row.ended_at,
        wrapped_key=row.wrapped_key,
        master_key_id=row.master_key_id,
        sealed=row.sealed,
    )

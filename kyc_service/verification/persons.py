"""Persons and enrolments: made in the transaction that brings an approval, ended on the client's word.

A person is found by a keyed digest of client, issuing country and number: galleries never
cross clients, and without the service's key nobody can look for a number. Whoever shows
another document with another number is another person here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kyc_service.decision.report import Report
from kyc_service.domain.clients import Caller
from kyc_service.domain.consent import ConsentPurpose
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.person import EnrolmentEnding
from kyc_service.storage.database import Transaction
from kyc_service.storage.ids import new_id
from kyc_service.storage.persons import EnrolmentNotFound, EnrolmentRecord, PersonRecord, VerificationOfPerson
from kyc_service.storage.records import EventType, VerificationRecord
from kyc_service.verification.cases import WORKER
from kyc_service.verification.consent_document import consent_from_json
from kyc_service.verification.lockout import compact_number
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import append_event

TEMPLATE_PURPOSE = "template"
"""What an enrolment's template is sealed for."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as it is read: the record, the verifications that were passed, the enrolments; oldest first."""

    record: PersonRecord
    verifications: list[VerificationOfPerson]
    enrolments: list[EnrolmentRecord]


def enrol(
    service: VerificationService, tx: Transaction, record: VerificationRecord, report: Report, at: datetime
) -> str | None:
    """The id of the person whom an approved submission belongs to, found or made; ``None`` where there is none.

    There is none without an approval, a face and a document's number. The face is enrolled,
    in the place of the person's earlier one, if consent covers it.
    """
    traces = report.traces
    number = "" if traces.number is None else compact_number(traces.number)
    if report.verdict is not Verdict.APPROVE or traces.face is None or not number:
        return None
    country = "" if report.document is None else report.document.issuing_country or ""
    identity = service.master_key.digest(f"person|{record.client_id}|{country}|{number}".encode())
    person = tx.persons.find_or_make(PersonRecord(new_id("per"), record.client_id, identity, at, at))
    if record.consent is not None and consent_from_json(record.consent).covers(ConsentPurpose.ENROLMENT):
        _end(tx, tx.persons.enrolments_of(person.id), EnrolmentEnding.REPLACED, WORKER, at)
        _keep_template(service, tx, person, record, traces.face, traces.face_model_id, at)
    return person.id


def _keep_template(
    service: VerificationService,
    tx: Transaction,
    person: PersonRecord,
    record: VerificationRecord,
    template: bytes,
    made_by: str,
    at: datetime,
) -> None:
    enrolment_id = new_id("enr")
    key, wrapped = service.master_key.new_enrolment_key(enrolment_id)
    tx.persons.add_enrolment(
        EnrolmentRecord(
            id=enrolment_id,
            person_id=person.id,
            verification_id=record.id,
            made_by=made_by,
            consent=dict(record.consent or {}),
            created_at=at,
            ended_at=None,
            wrapped_key=wrapped.wrapped,
            master_key_id=wrapped.master_key_id,
            sealed=key.seal(template, TEMPLATE_PURPOSE),
        )
    )
    payload = {"person_id": person.id, "enrolment_id": enrolment_id}
    append_event(tx, EventType.ENROLMENT_MADE, record, WORKER, at=at, payload=payload)


def read_person(service: VerificationService, person_id: str, caller: Caller) -> PersonView:
    """One person, also one that was deleted.

    Raises:
        PersonNotFound: the caller's client has none of that id.
    """
    with service.database.transaction() as tx:
        person = tx.persons.get(caller.client_id, person_id)
        passed = tx.persons.verifications_of(person.client_id, person.id)
        return PersonView(person, passed, tx.persons.enrolments_of(person.id))


def list_persons(
    service: VerificationService, caller: Caller, *, limit: int, starting_after: str | None = None
) -> tuple[list[PersonRecord], bool]:
    """Up to ``limit`` of the client's persons, newest first, and whether there are more; the deleted left out.

    Raises:
        PersonNotFound: ``starting_after`` names none of them.
    """
    with service.database.transaction() as tx:
        found = tx.persons.newest(caller.client_id, limit=limit + 1, starting_after=starting_after)
    return found[:limit], len(found) > limit


def delete_person(service: VerificationService, person_id: str, caller: Caller) -> None:
    """Take a person's identity away and destroy every template; asked again, nothing more happens.

    What was verified keeps its own retention.

    Raises:
        PersonNotFound: the caller's client has none of that id.
    """
    with service.database.transaction() as tx:
        person = tx.persons.lock(caller.client_id, person_id)
        if person.deleted_at is not None:
            return
        at = service.now()
        _end(tx, tx.persons.enrolments_of(person.id), EnrolmentEnding.PERSON_DELETED, caller.actor, at)
        tx.persons.delete(person.id, at)
        for passed in tx.persons.verifications_of(person.client_id, person.id):
            record = tx.verifications.get(passed.id)
            append_event(tx, EventType.PERSON_DELETED, record, caller.actor, at=at, payload={"person_id": person.id})


def end_enrolment(service: VerificationService, person_id: str, enrolment_id: str, caller: Caller) -> None:
    """Destroy a template whose consent was withdrawn; asked again, nothing more happens.

    Raises:
        PersonNotFound: the caller's client has none of that id.
        EnrolmentNotFound: the person has none of that id.
    """
    with service.database.transaction() as tx:
        person = tx.persons.lock(caller.client_id, person_id)
        named = [one for one in tx.persons.enrolments_of(person.id) if one.id == enrolment_id]
        if not named:
            raise EnrolmentNotFound
        _end(tx, named, EnrolmentEnding.CONSENT_WITHDRAWN, caller.actor, service.now())


def _end(
    tx: Transaction, enrolments: Iterable[EnrolmentRecord], ending: EnrolmentEnding, actor: str, at: datetime
) -> None:
    for enrolment in enrolments:
        if enrolment.ended_at is None:
            tx.persons.end_enrolment(enrolment.id, at)
            payload = {"person_id": enrolment.person_id, "enrolment_id": enrolment.id, "cause": ending.value}
            record = tx.verifications.get(enrolment.verification_id)
            append_event(tx, EventType.ENROLMENT_ENDED, record, actor, at=at, payload=payload)

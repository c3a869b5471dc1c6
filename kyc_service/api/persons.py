"""/v1/persons: a client's customers, whom they verified, and what is kept to know them again."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from kyc_service.api.caller import Client
from kyc_service.api.paging import KEY_ONLY, After, IdInPath, Limit, after_id, known_id
from kyc_service.api.problems import COMMON, documented
from kyc_service.api.state import Service
from kyc_service.domain.verification import VerificationStatus
from kyc_service.storage.persons import EnrolmentNotFound, PersonNotFound
from kyc_service.verification.persons import (
    PersonView,
    delete_person,
    end_enrolment,
    list_persons,
    read_person,
)

router: Final = APIRouter(prefix="/v1/persons", tags=["persons"])


class Person(BaseModel):
    """One customer. Who it is stands in the verifications; here are only ids and times."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class PersonVerification(BaseModel):
    """A verification that this person passed."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    status: VerificationStatus
    created_at: datetime


class Enrolment(BaseModel):
    """A face that is kept to be compared with later; the template itself is never answered."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    verification_id: str = Field(description="whose selfie it was made from")
    made_by: str = Field(description="the model that described the face")
    created_at: datetime
    ended_at: datetime | None = Field(description="since when key and template are destroyed")


class PersonDetail(Person):
    """One customer with verifications and enrolments, oldest first."""

    verifications: list[PersonVerification]
    enrolments: list[Enrolment]


class PersonPage(BaseModel):
    """A page of persons, newest first; the next one starts after the last one's id."""

    items: list[Person]
    has_more: bool


@router.get("", responses=documented(*COMMON, *KEY_ONLY, PersonNotFound))
def list_newest(service: Service, caller: Client, limit: Limit = 20, starting_after: After = None) -> PersonPage:
    """List persons, newest first; those that were deleted are left out."""
    after = after_id(starting_after, "per", PersonNotFound)
    records, has_more = list_persons(service, caller, limit=limit, starting_after=after)
    return PersonPage(items=[Person.model_validate(record) for record in records], has_more=has_more)


@router.get("/{person_id}", responses=documented(*COMMON, *KEY_ONLY, PersonNotFound))
def read(service: Service, caller: Client, person_id: IdInPath) -> PersonDetail:
    """Read one person, also one that was deleted."""
    return _detail(read_person(service, known_id(person_id, "per", PersonNotFound), caller))


@router.delete(
    "/{person_id}", status_code=HTTPStatus.NO_CONTENT, responses=documented(*COMMON, *KEY_ONLY, PersonNotFound)
)
def delete(service: Service, caller: Client, person_id: IdInPath) -> None:
    """Delete a person: nobody is found by the number any more, and every face template is destroyed with its key.

    The verifications stay for as long as they are kept. Asked again, nothing more happens.
    """
    delete_person(service, known_id(person_id, "per", PersonNotFound), caller)


@router.delete(
    "/{person_id}/enrolments/{enrolment_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(*COMMON, *KEY_ONLY, PersonNotFound, EnrolmentNotFound),
)
def withdraw(service: Service, caller: Client, person_id: IdInPath, enrolment_id: IdInPath) -> None:
    """End an enrolment whose consent was withdrawn: its template is destroyed with its key.

    Asked again, nothing more happens.
    """
    person = known_id(person_id, "per", PersonNotFound)
    end_enrolment(service, person, known_id(enrolment_id, "enr", EnrolmentNotFound), caller)


def _detail(view: PersonView) -> PersonDetail:
    return PersonDetail(
        **Person.model_validate(view.record).model_dump(),
        verifications=[PersonVerification.model_validate(passed) for passed in view.verifications],
        enrolments=[Enrolment.model_validate(enrolment) for enrolment in view.enrolments],
    )

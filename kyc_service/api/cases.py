"""/v1/cases: what people are to look at. Reading only: a case is decided by named staff, never by a key."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from kyc_service.api.caller import Client
from kyc_service.api.paging import KEY_ONLY, After, IdInPath, Limit, after_id, known_id
from kyc_service.api.problems import COMMON, documented
from kyc_service.api.state import Service
from kyc_service.domain.case import CaseQueue, CaseStatus
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.storage.cases import CaseNotFound, CaseRecord
from kyc_service.verification.cases import list_cases, read_case

router: Final = APIRouter(prefix="/v1/cases", tags=["cases"])


class CaseReason(BaseModel):
    """Why people are to look, in words for staff: not for the applicant."""

    code: Reason
    message: str


class Case(BaseModel):
    """One submission that people are to look at. Its pictures and its report stay with the verification."""

    id: str
    verification_id: str
    attempt: int = Field(description="which submission of the verification")
    status: CaseStatus
    queue: CaseQueue = Field(description="what a reviewer has to know to decide it")
    reasons: list[CaseReason]
    version: int
    created_at: datetime
    updated_at: datetime


class CasePage(BaseModel):
    """A page of cases, newest first; the next one starts after the last one's id."""

    items: list[Case]
    has_more: bool


@router.get("", responses=documented(*COMMON, *KEY_ONLY, CaseNotFound))
def list_newest(
    service: Service,
    caller: Client,
    limit: Limit = 20,
    starting_after: After = None,
    status: Annotated[CaseStatus | None, Query(description="Only those that stand so.")] = None,
    queue: Annotated[CaseQueue | None, Query(description="Only those of this queue.")] = None,
) -> CasePage:
    """List cases, newest first."""
    after = after_id(starting_after, "case", CaseNotFound)
    records, has_more = list_cases(service, caller, limit=limit, starting_after=after, status=status, queue=queue)
    return CasePage(items=[case_of(record) for record in records], has_more=has_more)


@router.get("/{case_id}", responses=documented(*COMMON, *KEY_ONLY, CaseNotFound))
def read(service: Service, caller: Client, case_id: IdInPath) -> Case:
    """Read one case, with its reasons in words for staff."""
    return case_of(read_case(service, known_id(case_id, "case", CaseNotFound), caller))


def case_of(record: CaseRecord) -> Case:
    """``record`` as it is answered."""
    return Case(
        id=record.id,
        verification_id=record.verification_id,
        attempt=record.attempt,
        status=record.status,
        queue=record.queue,
        reasons=[CaseReason(code=code, message=CATALOGUE[code].staff) for code in map(Reason, record.reasons)],
        version=record.version,
        created_at=record.created_at,
        updated_at=record.updated_at,
    )

"""GET /v1/verifications and POST /v1/verifications/search: a client's verifications, newest first.

What is personal is looked for with a POST: a URL is written down wherever it passes.
"""

from __future__ import annotations

from typing import Annotated, Final, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kyc_service.api.caller import Client
from kyc_service.api.paging import After, Limit, after_id
from kyc_service.api.problems import BODY, COMMON, documented
from kyc_service.api.schemas import Reference, TierName, VerificationPage, verification_of
from kyc_service.api.state import Service
from kyc_service.domain.clients import Caller
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.storage.listing import Wanted
from kyc_service.storage.verifications import VerificationNotFound
from kyc_service.verification.claims_document import Line, Time
from kyc_service.verification.searching import by_number, by_phone, search_verifications
from kyc_service.verification.service import VerificationService

router: Final = APIRouter(prefix="/v1/verifications", tags=["verifications"])

StartingAfter = Annotated[str, StringConstraints(max_length=64)]


class Search(BaseModel):
    """What to look for: exactly one of the first three."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id_number: Line | None = Field(
        default=None, description="a document's number, claimed or read; spaces, hyphens and case do not matter"
    )
    phone_number: Line | None = Field(default=None, description="a claimed number, E.164")
    reference: Reference | None = Field(default=None, description="your own name for the applicant, all of it")
    limit: int = Field(default=20, ge=1, le=100)
    starting_after: StartingAfter | None = Field(default=None, description="the id of the last one of the page before")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if sum(text is not None for text in (self.id_number, self.phone_number, self.reference)) != 1:
            raise PydanticCustomError("one_of", "Name one of id_number, phone_number and reference.")
        return self

    def wanted(self, service: VerificationService, caller: Caller) -> Wanted:
        """The same as what storage is asked for."""
        if self.id_number is not None:
            return by_number(service, caller, self.id_number)
        if self.phone_number is not None:
            return by_phone(service, caller, self.phone_number)
        return Wanted(reference=self.reference)


@router.get("", responses=documented(*COMMON, VerificationNotFound))
def list_newest(
    service: Service,
    caller: Client,
    limit: Limit = 20,
    starting_after: After = None,
    status: Annotated[VerificationStatus | None, Query(description="Only those that stand so.")] = None,
    use_case: Annotated[UseCase | None, Query(description="Only those for this.")] = None,
    tier: Annotated[TierName | None, Query(description="Only those of this tier.")] = None,
    reference: Annotated[Reference | None, Query(description="Only those of this reference of yours.")] = None,
    created_after: Annotated[Time | None, Query(description="RFC 3339, with its offset.")] = None,
    created_before: Annotated[Time | None, Query(description="RFC 3339, with its offset.")] = None,
) -> VerificationPage:
    """List verifications, newest first."""
    wanted = Wanted(status, use_case, tier, reference, created_after, created_before)
    return _page(service, caller, wanted, limit, starting_after)


@router.post("/search", responses=documented(*COMMON, *BODY, VerificationNotFound))
def search(service: Service, caller: Client, body: Search) -> VerificationPage:
    """Find verifications by a number, a phone or your reference. Numbers are kept for it as keyed digests only."""
    return _page(service, caller, body.wanted(service, caller), body.limit, body.starting_after)


def _page(
    service: VerificationService, caller: Caller, wanted: Wanted, limit: int, starting_after: str | None
) -> VerificationPage:
    after = after_id(starting_after, "ver", VerificationNotFound)
    records, has_more = search_verifications(service, caller, wanted, limit=limit, starting_after=after)
    return VerificationPage(items=[verification_of(record) for record in records], has_more=has_more)

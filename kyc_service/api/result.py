"""/v1/verifications/{id}/result: what the applicant may be shown."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from kyc_service.api.caller import Anyone
from kyc_service.api.languages import ReadBy
from kyc_service.api.problems import COMMON, documented
from kyc_service.api.state import Service
from kyc_service.api.verifications import VerificationId
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.verification import VerificationStatus
from kyc_service.storage.verifications import VerificationNotFound
from kyc_service.verification.applicant_result import NextStep, read_result

router: Final = APIRouter(prefix="/v1/verifications", tags=["verifications"])


class ApplicantsResult(BaseModel):
    """Where the verification stands, in words for the applicant."""

    model_config = ConfigDict(from_attributes=True)

    verification_id: str
    status: VerificationStatus
    next_step: NextStep = Field(description="what the applicant is to do now")
    captures: list[CaptureKind] = Field(description="what is to be photographed, or photographed again")
    messages: list[str] = Field(description="how to do better, in the language of `Content-Language`")


@router.get("/{verification_id}/result", responses=documented(*COMMON, VerificationNotFound))
def read_for_applicant(
    service: Service, caller: Anyone, verification_id: VerificationId, language: ReadBy, response: Response
) -> ApplicantsResult:
    """Read what may be shown to the applicant: never a score, never what staff are told."""
    response.headers["Content-Language"] = language.value
    response.headers["Vary"] = "Accept-Language"
    return ApplicantsResult.model_validate(read_result(service, verification_id, caller, language))

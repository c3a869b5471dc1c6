"""/v1/verifications/{id}/consent: what the applicant agreed to."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from kyc_service.api.caller import Anyone
from kyc_service.api.problems import BODY, COMMON, documented
from kyc_service.api.rendering import render_for
from kyc_service.api.schemas import VerificationDetail
from kyc_service.api.state import Service
from kyc_service.api.verifications import VerificationId
from kyc_service.api.versions import Precondition, tagged
from kyc_service.storage.verifications import VerificationNotFound
from kyc_service.verification.consent import put_consent
from kyc_service.verification.consent_document import ConsentDocument
from kyc_service.verification.steps import InputNotExpected, VerificationExpired
from kyc_service.verification.versions import VersionMismatch

router: Final = APIRouter(prefix="/v1/verifications", tags=["verifications"])


@router.put(
    "/{verification_id}/consent",
    response_model=VerificationDetail,
    responses=documented(*COMMON, *BODY, VerificationNotFound, VerificationExpired, InputNotExpected, VersionMismatch),
)
def replace_consent(
    service: Service, caller: Anyone, verification_id: VerificationId, body: ConsentDocument, if_match: Precondition
) -> Response:
    """Put the applicant's consent on record; without it nothing is decided.

    Asked from the applicant's browser it is the applicant who says so, else you. It takes the place of an earlier
    one, which stays among the events.
    """
    view = put_consent(service, verification_id, body, caller, if_match)
    return tagged(Response(render_for(caller, view), media_type="application/json"))

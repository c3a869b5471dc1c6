"""/v1/verifications/{id}/cancel: giving up."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from kyc_service.api.caller import Anyone
from kyc_service.api.once import IdempotencyKey, answer_once
from kyc_service.api.problems import COMMON, documented
from kyc_service.api.rendering import render_for
from kyc_service.api.schemas import VerificationDetail
from kyc_service.api.state import Service
from kyc_service.api.verifications import VerificationId
from kyc_service.api.versions import Precondition, tagged
from kyc_service.domain.verification import TransitionNotAllowed
from kyc_service.storage.idempotency import IdempotencyKeyInUse
from kyc_service.storage.verifications import VerificationNotFound
from kyc_service.verification.canceling import cancel_verification
from kyc_service.verification.idempotency import IdempotencyKeyReused, Once
from kyc_service.verification.steps import VerificationExpired
from kyc_service.verification.use_cases import VerificationView
from kyc_service.verification.versions import VersionMismatch

router: Final = APIRouter(prefix="/v1/verifications", tags=["verifications"])


@router.post(
    "/{verification_id}/cancel",
    response_model=VerificationDetail,
    responses=documented(
        *COMMON,
        VerificationNotFound,
        VerificationExpired,
        TransitionNotAllowed,
        VersionMismatch,
        IdempotencyKeyReused,
        IdempotencyKeyInUse,
    ),
)
def cancel(
    service: Service,
    caller: Anyone,
    verification_id: VerificationId,
    if_match: Precondition,
    key: IdempotencyKey = None,
) -> Response:
    """Cancel a verification that waits for input. What was submitted can be canceled no more."""
    sent = [b"POST /v1/verifications/cancel", verification_id.encode()]

    def render(view: VerificationView) -> bytes:
        return render_for(caller, view)

    def work(once: Once[VerificationView] | None) -> VerificationView:
        return cancel_verification(service, verification_id, caller, once, if_match)

    return tagged(answer_once(service, caller, key, sent, render, work))

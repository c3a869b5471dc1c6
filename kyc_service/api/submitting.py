"""POST /v1/verifications/{id}/submit: hand over to be decided."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from kyc_service.api.caller import Anyone
from kyc_service.api.once import REPLAYED, IdempotencyKey, json_answer, once_of
from kyc_service.api.problems import COMMON, documented
from kyc_service.api.rendering import render_for
from kyc_service.api.schemas import VerificationDetail
from kyc_service.api.state import Service, api_state
from kyc_service.api.verifications import VerificationId
from kyc_service.api.versions import Precondition, tagged
from kyc_service.api.waiting import Prefer, decided, wait_s_of
from kyc_service.decision.verdict import UnknownTier
from kyc_service.domain.clients import Caller
from kyc_service.domain.verification import TransitionNotAllowed, VerificationStatus
from kyc_service.storage.idempotency import IdempotencyKeyInUse
from kyc_service.storage.verifications import VerificationNotFound
from kyc_service.verification.capacity import AtCapacity
from kyc_service.verification.consent import ConsentMissing
from kyc_service.verification.idempotency import IdempotencyKeyReused, Once, find_earlier, keep_answer
from kyc_service.verification.policies_in_use import PolicyUnavailable
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import VerificationExpired
from kyc_service.verification.submissions import CapturesMissing, SubmissionUnderWay, submit
from kyc_service.verification.use_cases import VerificationView
from kyc_service.verification.versions import IfMatch, VersionMismatch

router: Final = APIRouter(prefix="/v1/verifications", tags=["verifications"])
_ACCEPTED: Final = "Accepted; the verdict is not there yet. Read the verification again, or wait for the webhook."


@router.post(
    "/{verification_id}/submit",
    response_model=VerificationDetail,
    responses={
        202: {"model": VerificationDetail, "description": _ACCEPTED},
        **documented(
            *COMMON,
            VerificationNotFound,
            CapturesMissing,
            ConsentMissing,
            SubmissionUnderWay,
            TransitionNotAllowed,
            VerificationExpired,
            UnknownTier,
            VersionMismatch,
            IdempotencyKeyReused,
            IdempotencyKeyInUse,
            AtCapacity,
            PolicyUnavailable,
        ),
    },
)
async def submit_for_verdict(
    request: Request,
    service: Service,
    caller: Anyone,
    verification_id: VerificationId,
    if_match: Precondition,
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> Response:
    """Submit the captures and claims to be decided.

    What was accepted is decided, whatever happens. With `Prefer: wait=N` the answer is held until the verdict is
    there (200); without, or where it takes longer, it says that the verification is `processing` (202).
    """
    wait_s = wait_s_of(prefer)

    def render(view: VerificationView) -> bytes:
        return render_for(caller, view)

    sent = [b"POST /v1/verifications/submit", verification_id.encode()]
    once = once_of(service, caller, key, sent, render)
    replayed = await run_in_threadpool(_begin, service, verification_id, caller, once, if_match, wait_s > 0)
    if isinstance(replayed, bytes):
        return tagged(json_answer(replayed, HTTPStatus.OK, REPLAYED))
    view = await decided(service, api_state(request.app.state).signals, verification_id, caller, wait_s)
    if once is not None and _is_answer(view):
        await run_in_threadpool(keep_answer, service, once, verification_id, view)
    return tagged(json_answer(render(view), HTTPStatus.OK if _is_answer(view) else HTTPStatus.ACCEPTED))


def _begin(
    service: VerificationService,
    verification_id: str,
    caller: Caller,
    once: Once[VerificationView] | None,
    if_match: IfMatch | None,
    is_awaited: bool,  # noqa: FBT001 - run in a thread, which takes positions
) -> bytes | None:
    """Submit, unless this very request did so already; its answer, if it had one."""
    earlier = None if once is None else find_earlier(service, once)
    if earlier is not None:
        return earlier.answer
    submit(service, verification_id, caller, once, is_awaited=is_awaited, if_match=if_match)
    return None


def _is_answer(view: VerificationView) -> bool:
    return view.record.status is not VerificationStatus.PROCESSING

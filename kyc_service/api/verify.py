"""/v1/verify: pictures and claims in, the report out, in one call."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from kyc_service.api.caller import Client
from kyc_service.api.once import REPLAYED, IdempotencyKey, json_answer, once_of
from kyc_service.api.pictures import picture_schema
from kyc_service.api.problems import COMMON, documented
from kyc_service.api.rendering import render_detail
from kyc_service.api.schemas import CreateVerification, VerificationDetail
from kyc_service.api.state import Service, api_state
from kyc_service.api.uploads import (
    FIELD_BYTES,
    MediaTypeUnsupported,
    MultipartInvalid,
    UploadTooLarge,
    UploadTooSlow,
    read_form,
)
from kyc_service.api.waiting import Prefer, decided, wait_s_of
from kyc_service.decision.verdict import UnknownTier
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.clients import Caller
from kyc_service.domain.verification import UseCase
from kyc_service.imaging.refusals import ImageRefused, ImageTooLarge, ImageTypeUnsupported
from kyc_service.storage.idempotency import IdempotencyKeyInUse
from kyc_service.verification.capacity import AtCapacity
from kyc_service.verification.claims_document import ClaimsInvalid, claims_from_json, describe_mistakes
from kyc_service.verification.consent import ConsentMissing
from kyc_service.verification.consent_document import ConsentDocument
from kyc_service.verification.idempotency import IdempotencyKeyReused, Known, Once, find_earlier, keep_answer
from kyc_service.verification.policies_in_use import PolicyUnavailable
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import NewVerification
from kyc_service.verification.submissions import CapturesMissing, verify_at_once
from kyc_service.verification.use_cases import ACCEPTED_CAPTURES, VerificationView

router: Final = APIRouter(prefix="/v1", tags=["verify"])

_WAIT_S: Final = 30
_ACCEPTED: Final = "Accepted; the verdict is not there yet. Read the verification again, or wait for the webhook."
_TEXTS: Final = ("claims", "consent", "use_case", "tier", "reference")
_HEAD_TEXTS: Final = ("use_case", "tier", "reference")
_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["document_front", "selfie"],
                    "properties": {
                        "document_front": picture_schema("The document's front, or a passport's data page"),
                        "document_back": picture_schema("The document's back, where it has one"),
                        "selfie": picture_schema("The applicant's face"),
                        "claims": {
                            "type": "string",
                            "description": "What is claimed of the applicant: JSON text, as PUT .../claims takes it.",
                            "default": "{}",
                        },
                        "consent": {
                            "type": "string",
                            "description": "What the applicant agreed to: JSON text, as PUT .../consent takes it.",
                        },
                        "reference": {"type": "string", "description": "Your own name for the applicant."},
                        "use_case": {
                            "type": "string",
                            "enum": [case.value for case in UseCase],
                            "description": "What the verification is for.",
                            "default": "onboarding",
                        },
                        "tier": {
                            "type": "string",
                            "description": "A tier that the policy has for the use case; another is refused with those.",
                            "default": "standard",
                        },
                    },
                }
            }
        },
    }
}


async def _form(request: Request) -> dict[str, bytes]:
    limits = api_state(request.app.state).uploads
    sizes = {kind.value: limits.max_capture_bytes for kind in ACCEPTED_CAPTURES} | dict.fromkeys(_TEXTS, FIELD_BYTES)
    return await read_form(request, sizes)


@router.post(
    "/verify",
    openapi_extra=_BODY,
    response_model=dict[str, Any],
    responses={
        202: {"model": VerificationDetail, "description": _ACCEPTED},
        **documented(
            *COMMON,
            MultipartInvalid,
            UploadTooSlow,
            CapturesMissing,
            ConsentMissing,
            IdempotencyKeyReused,
            IdempotencyKeyInUse,
            UploadTooLarge,
            ImageTooLarge,
            MediaTypeUnsupported,
            ImageTypeUnsupported,
            ClaimsInvalid,
            UnknownTier,
            ImageRefused,
            AtCapacity,
            PolicyUnavailable,
        ),
    },
)
async def verify(
    request: Request,
    service: Service,
    caller: Client,
    form: Annotated[dict[str, bytes], Depends(_form)],
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> Response:
    """Decide on one applicant in one call. The answer is the report, which names the verification that was kept.

    It is held for 30 s, or as long as `Prefer: wait=N` says; where the verdict takes longer, it is the verification
    as it stands (202).
    """
    wait_s = wait_s_of(prefer) or _WAIT_S
    sent = [b"POST /v1/verify", *(part for name in sorted(form) for part in (name.encode(), form[name]))]
    once = once_of(service, caller, key, sent, _report)
    begun = await run_in_threadpool(_begin, service, caller, form, once)
    if begun.answer is not None:
        return json_answer(begun.answer, HTTPStatus.OK, REPLAYED)
    verification_id = str(begun.verification_id)
    view = await decided(service, api_state(request.app.state).signals, verification_id, caller, wait_s)
    if view.report is None:
        return json_answer(render_detail(view), HTTPStatus.ACCEPTED)
    if once is not None:
        await run_in_threadpool(keep_answer, service, once, verification_id, view)
    return json_answer(view.report, HTTPStatus.OK)


def _begin(
    service: VerificationService, caller: Caller, form: dict[str, bytes], once: Once[VerificationView] | None
) -> Known:
    """Hand over, unless this very request did so already."""
    earlier = None if once is None else find_earlier(service, once)
    if earlier is not None:
        return earlier
    captures = {kind: form[kind.value] for kind in CaptureKind if kind.value in form}
    view = verify_at_once(service, _new_verification(form, caller), captures, once)
    return Known(view.record.id, None)


def _new_verification(form: dict[str, bytes], caller: Caller) -> NewVerification:
    claims = claims_from_json(form.get("claims", b"{}"))
    try:
        given = {name: form[name].decode("utf-8", "replace") for name in _HEAD_TEXTS if name in form}
        head = CreateVerification.model_validate(given)
        consent = ConsentDocument.model_validate_json(form["consent"]) if "consent" in form else None
    except ValidationError as cause:
        raise ClaimsInvalid(describe_mistakes(list(cause.errors(include_input=False, include_url=False)))) from None
    return NewVerification(head.use_case, head.tier, claims, caller, head.reference, consent)


def _report(view: VerificationView) -> bytes:
    return view.report or b"null"

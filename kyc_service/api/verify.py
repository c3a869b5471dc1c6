"""/v1/verify: pictures and claims in, the report out, in one call."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import TypeAdapter, ValidationError

from kyc_service.api.once import IdempotencyKey, answer_once
from kyc_service.api.pictures import picture_schema
from kyc_service.api.problems import COMMON, documented
from kyc_service.api.schemas import CreateVerification
from kyc_service.api.state import ACTOR, Service, api_state
from kyc_service.api.uploads import (
    FIELD_BYTES,
    MediaTypeUnsupported,
    MultipartInvalid,
    UploadTooLarge,
    UploadTooSlow,
    read_form,
)
from kyc_service.decision.verdict import UnknownTier
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.verification import UseCase
from kyc_service.imaging.refusals import ImageRefused, ImageTooLarge, ImageTypeUnsupported
from kyc_service.storage.idempotency import IdempotencyKeyInUse
from kyc_service.verification.capacity import AtCapacity
from kyc_service.verification.claims_document import ClaimsInvalid, claims_from_json, describe_mistakes
from kyc_service.verification.idempotency import IdempotencyKeyReused
from kyc_service.verification.policies_in_use import PolicyUnavailable
from kyc_service.verification.steps import NewVerification
from kyc_service.verification.submissions import CapturesMissing, verify_at_once
from kyc_service.verification.use_cases import ACCEPTED_CAPTURES, VerificationView

router: Final = APIRouter(prefix="/v1", tags=["verify"])

_TEXTS: Final = ("claims", "use_case", "tier")
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
    responses=documented(
        *COMMON,
        MultipartInvalid,
        UploadTooSlow,
        CapturesMissing,
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
)
def verify(service: Service, form: Annotated[dict[str, bytes], Depends(_form)], key: IdempotencyKey = None) -> Response:
    """Decide on one applicant at once. The answer is the report; it names the verification that was kept."""
    new = _new_verification(form)
    captures = {kind: form[kind.value] for kind in CaptureKind if kind.value in form}
    sent = [b"POST /v1/verify", *(part for name in sorted(form) for part in (name.encode(), form[name]))]
    return answer_once(service, key, sent, _report, lambda once: verify_at_once(service, new, captures, once))


def _new_verification(form: dict[str, bytes]) -> NewVerification:
    claims = claims_from_json(form.get("claims", b"{}"))
    try:
        given = {name: form[name].decode("utf-8", "replace") for name in ("use_case", "tier") if name in form}
        head = _HEAD.validate_python(given)
    except ValidationError as cause:
        raise ClaimsInvalid(describe_mistakes(list(cause.errors(include_input=False, include_url=False)))) from None
    return NewVerification(head.use_case, head.tier, claims, ACTOR)


_HEAD: Final = TypeAdapter(CreateVerification)


def _report(view: VerificationView) -> bytes:
    return view.report or b"null"

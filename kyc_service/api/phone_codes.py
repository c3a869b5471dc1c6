"""/v1/verifications/{id}/phone-code: a one-time code to the claimed number, and its repetition."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kyc_service.api.caller import Anyone
from kyc_service.api.once import IdempotencyKey, answer_once
from kyc_service.api.problems import BODY, COMMON, documented
from kyc_service.api.state import Service
from kyc_service.api.verifications import VerificationId
from kyc_service.storage.idempotency import IdempotencyKeyInUse
from kyc_service.storage.records import PhoneCodeDelivery
from kyc_service.storage.verifications import VerificationNotFound
from kyc_service.verification.capacity import AtCapacity
from kyc_service.verification.code_counting import PhoneCodePaused
from kyc_service.verification.idempotency import IdempotencyKeyReused, Once
from kyc_service.verification.phone_code_binding import PhoneCodeMissing
from kyc_service.verification.phone_code_parts import CODE_DIGITS
from kyc_service.verification.phone_code_sending import (
    PhoneCodesNotConfigured,
    PhoneCodeView,
    PhoneNumberMissing,
    PhoneNumberNotAccepted,
    send_phone_code,
)
from kyc_service.verification.phone_codes import CodeChecked, PhoneCodeExpired, PhoneCodeUsedUp, check_phone_code
from kyc_service.verification.steps import InputNotExpected, VerificationExpired

router: Final = APIRouter(prefix="/v1/verifications/{verification_id}/phone-code", tags=["phone codes"])

Code = Annotated[str, StringConstraints(pattern=rf"^[0-9]{{{CODE_DIGITS}}}$")]


class SendPhoneCode(BaseModel):
    """Nothing: the number is the one that is claimed."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class CheckPhoneCode(BaseModel):
    """What the applicant typed."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    code: Code = Field(repr=False, description="Six digits")


class PhoneCode(BaseModel):
    """A code that was made. Never the code itself."""

    id: str
    expires_at: datetime = Field(description="until when it can be repeated")
    delivery: PhoneCodeDelivery = Field(
        description="sent; uncertain: it may arrive or not; failed: it was not sent and cannot be repeated"
    )
    tries_left: int
    resend_after_s: int = Field(description="seconds until another one may be asked for")


class PhoneCodeCheck(BaseModel):
    """What came of one try. A code that was confirmed stays confirmed."""

    confirmed: bool
    tries_left: int


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    response_model=PhoneCode,
    responses=documented(
        *COMMON,
        *BODY,
        VerificationNotFound,
        VerificationExpired,
        InputNotExpected,
        PhoneNumberMissing,
        PhoneNumberNotAccepted,
        PhoneCodeMissing,
        IdempotencyKeyReused,
        IdempotencyKeyInUse,
        PhoneCodePaused,
        PhoneCodesNotConfigured,
        AtCapacity,
    ),
)
def send(
    service: Service, caller: Anyone, verification_id: VerificationId, body: SendPhoneCode, key: IdempotencyKey = None
) -> Response:
    """Send a code to the claimed number. It takes the place of the verification's earlier one.

    The answer comes when the gateway has answered or was given up: `delivery` says which.
    """
    del body
    sent = [b"POST /v1/verifications/phone-code", verification_id.encode()]

    def render(view: PhoneCodeView) -> bytes:
        return _render(view, service.now())

    def work(once: Once[PhoneCodeView] | None) -> PhoneCodeView:
        return send_phone_code(service, verification_id, caller, once)

    return answer_once(service, caller, key, sent, render, work, status=HTTPStatus.ACCEPTED)


@router.post(
    "/check",
    response_model=PhoneCodeCheck,
    responses=documented(
        *COMMON,
        *BODY,
        VerificationNotFound,
        VerificationExpired,
        InputNotExpected,
        PhoneCodeMissing,
        PhoneCodeExpired,
        PhoneCodeUsedUp,
        IdempotencyKeyReused,
        IdempotencyKeyInUse,
    ),
)
def check(
    service: Service, caller: Anyone, verification_id: VerificationId, body: CheckPhoneCode, key: IdempotencyKey = None
) -> Response:
    """Repeat the code. A wrong one is an answer, not an error; each takes one of the tries.

    What the claimed number was confirmed with counts for this verification, as long as that number is claimed.
    """
    sent = [b"POST /v1/verifications/phone-code/check", verification_id.encode(), body.code.encode()]

    def work(once: Once[CodeChecked] | None) -> CodeChecked:
        return check_phone_code(service, verification_id, body.code, caller, once)

    return answer_once(service, caller, key, sent, _render_check, work)


def _render(view: PhoneCodeView, now: datetime) -> bytes:
    answer = PhoneCode(
        id=view.record.id,
        expires_at=view.record.expires_at,
        delivery=view.record.delivery,
        tries_left=view.tries_left,
        resend_after_s=view.resend_after_s(now),
    )
    return answer.model_dump_json().encode()


def _render_check(checked: CodeChecked) -> bytes:
    return PhoneCodeCheck(confirmed=checked.is_confirmed, tries_left=checked.tries_left).model_dump_json().encode()

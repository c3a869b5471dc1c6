"""/v1/verifications: create, fill, submit, read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import HTMLResponse

from kyc_service.api.caller import Anyone, ApplicantNotAllowed, Client
from kyc_service.api.once import IdempotencyKey, answer_once, json_answer
from kyc_service.api.pictures import MEDIA_TYPES, picture_schema
from kyc_service.api.problems import BODY, COMMON, documented
from kyc_service.api.rendering import render_detail, render_for, token_for
from kyc_service.api.schemas import (
    BlockFace,
    Capture,
    Challenge,
    ClientTokenText,
    CreateVerification,
    DrawChallenge,
    EventList,
    VerificationDetail,
    WantToken,
    capture_of,
    challenge_of,
    event_of,
)
from kyc_service.api.state import Service, api_state
from kyc_service.api.uploads import (
    MediaTypeUnsupported,
    MultipartInvalid,
    UploadTooLarge,
    UploadTooSlow,
    read_clip,
    read_picture,
)
from kyc_service.api.versions import Precondition, tagged
from kyc_service.decision.verdict import UnknownTier
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims, ClaimSource
from kyc_service.domain.clients import Caller
from kyc_service.imaging.clip import DEFAULT_CLIP_LIMITS
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.refusals import ImageRefused, ImageTooLarge, ImageTypeUnsupported
from kyc_service.reports.page import render_html
from kyc_service.reports.thumbnails import thumbnails_of
from kyc_service.storage.idempotency import IdempotencyKeyInUse
from kyc_service.storage.ids import is_verification_id
from kyc_service.storage.records import ChallengeRecord
from kyc_service.storage.reports import ReportNotFound
from kyc_service.storage.verifications import VerificationNotFound
from kyc_service.verification.blocklist import FaceAlreadyBlocked, FaceNotBlocked, block_face, unblock_face
from kyc_service.verification.capacity import AtCapacity
from kyc_service.verification.challenges import (
    ChallengeAnswered,
    ChallengeExpired,
    ChallengeMissing,
    issue_challenge,
    put_clip,
)
from kyc_service.verification.claims_document import ClaimsDocument
from kyc_service.verification.idempotency import IdempotencyKeyReused, Once
from kyc_service.verification.lockout import LivenessPaused
from kyc_service.verification.policies_in_use import PolicyUnavailable
from kyc_service.verification.steps import InputNotExpected, NewVerification, VerificationExpired
from kyc_service.verification.use_cases import (
    VerificationView,
    create_verification,
    list_events,
    put_capture,
    put_claims,
    read_capture,
    read_report,
    read_verification,
)
from kyc_service.verification.versions import VersionMismatch

router: Final = APIRouter(prefix="/v1/verifications", tags=["verifications"])

_PICTURE: Final = picture_schema("The capture that the path names")
_CAPTURE_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "required": ["file"], "properties": {"file": _PICTURE}}
            },
            **{media_type: {"schema": _PICTURE} for media_type in MEDIA_TYPES},
        },
    }
}


_VIDEO: Final = {"type": "string", "format": "binary", "description": "MP4 or WebM, up to 30 s and 30 MB."}
_CLIP_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "clip": _VIDEO,
                        "frames": {
                            "type": "array",
                            "maxItems": DEFAULT_CLIP_LIMITS.max_frames,
                            "items": picture_schema("One frame"),
                            "description": "Instead of a clip: the frames, in order, each a part of this name.",
                        },
                        "times_ms": {
                            "type": "string",
                            "description": "With frames: a JSON list of whole milliseconds, one for each frame.",
                            "example": "[0, 100, 200]",
                        },
                    },
                }
            },
            "video/mp4": {"schema": _VIDEO},
            "video/webm": {"schema": _VIDEO},
        },
    }
}


def known_form(text: str) -> str:
    """Refuse what cannot be a verification's id before it reaches the database."""
    if not is_verification_id(text):
        raise VerificationNotFound
    return text


def _in_path(verification_id: Annotated[str, Path(examples=["ver_" + "0" * 32])]) -> str:
    return known_form(verification_id)


async def _picture(request: Request) -> bytes:
    return await read_picture(request, api_state(request.app.state).uploads.max_capture_bytes)


async def _clip(request: Request) -> bytes:
    return await read_clip(request, api_state(request.app.state).uploads.max_clip_bytes)


VerificationId = Annotated[str, Depends(_in_path)]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=VerificationDetail,
    responses=documented(*COMMON, *BODY, UnknownTier, IdempotencyKeyReused, IdempotencyKeyInUse, PolicyUnavailable),
)
def create(service: Service, caller: Client, body: CreateVerification, key: IdempotencyKey = None) -> Response:
    """Open a verification. The answer names the captures it requires."""
    new = NewVerification(body.use_case, body.tier, body.claims.to_domain(), caller, body.reference, body.consent)
    sent = [b"POST /v1/verifications", body.model_dump_json().encode()]

    def work(once: Once[VerificationView] | None) -> VerificationView:
        return create_verification(service, new, once)

    def render(view: VerificationView) -> bytes:
        return render_detail(view, token_for(service, caller, view.record.id))

    return answer_once(service, caller, key, sent, render, work, status=HTTPStatus.CREATED)


@router.get(
    "/{verification_id}", response_model=VerificationDetail, responses=documented(*COMMON, VerificationNotFound)
)
def read(service: Service, caller: Client, verification_id: VerificationId) -> Response:
    """Read one verification, with its captures and its latest report."""
    return _answer(caller, read_verification(service, verification_id, caller))


@router.put(
    "/{verification_id}/claims",
    response_model=VerificationDetail,
    responses=documented(*COMMON, *BODY, VerificationNotFound, VerificationExpired, InputNotExpected, VersionMismatch),
)
def replace_claims(
    service: Service, caller: Anyone, verification_id: VerificationId, body: ClaimsDocument, if_match: Precondition
) -> Response:
    """Replace all claims."""
    return _answer(caller, put_claims(service, verification_id, claims_by(caller, body), caller, if_match))


@router.post(
    "/{verification_id}/challenge",
    status_code=HTTPStatus.CREATED,
    response_model=Challenge,
    responses=documented(
        *COMMON,
        *BODY,
        VerificationNotFound,
        VerificationExpired,
        InputNotExpected,
        LivenessPaused,
        IdempotencyKeyReused,
        IdempotencyKeyInUse,
    ),
)
def draw_challenge(
    service: Service, caller: Anyone, verification_id: VerificationId, body: DrawChallenge, key: IdempotencyKey = None
) -> Response:
    """Draw a liveness challenge; it takes the place of the verification's earlier one.

    A verification comes with its first challenge. Ask for another where that one has expired, was answered, or the
    applicant wants to start anew.
    """
    sent = [b"POST /v1/verifications/challenge", verification_id.encode(), body.model_dump_json().encode()]

    def work(once: Once[ChallengeRecord] | None) -> ChallengeRecord:
        return issue_challenge(service, verification_id, body.kind, caller, once)

    def render(drawn: ChallengeRecord) -> bytes:
        return challenge_of(drawn).model_dump_json().encode()

    return answer_once(service, caller, key, sent, render, work, status=HTTPStatus.CREATED)


@router.put(
    "/{verification_id}/captures/liveness",
    openapi_extra=_CLIP_BODY,
    responses=documented(
        *COMMON,
        MultipartInvalid,
        VerificationNotFound,
        UploadTooSlow,
        VerificationExpired,
        InputNotExpected,
        ChallengeMissing,
        ChallengeExpired,
        ChallengeAnswered,
        UploadTooLarge,
        ImageTooLarge,
        MediaTypeUnsupported,
        ImageTypeUnsupported,
        ImageRefused,
        AtCapacity,
    ),
)
def upload_clip(
    service: Service, caller: Anyone, verification_id: VerificationId, clip: Annotated[bytes, Depends(_clip)]
) -> Capture:
    """Upload the answer to the challenge: one MP4 or WebM video, or frames with their times; each challenge once.

    Send the video as a form's `clip` or as the body itself; or send a form with a part `frames` for each picture, in
    order, and `times_ms`, a JSON list of the milliseconds at which each was taken.
    """
    return capture_of(put_clip(service, verification_id, clip, caller))


@router.put(
    "/{verification_id}/captures/{kind}",
    openapi_extra=_CAPTURE_BODY,
    responses=documented(
        *COMMON,
        MultipartInvalid,
        VerificationNotFound,
        UploadTooSlow,
        VerificationExpired,
        InputNotExpected,
        UploadTooLarge,
        ImageTooLarge,
        MediaTypeUnsupported,
        ImageTypeUnsupported,
        ImageRefused,
        AtCapacity,
    ),
)
def upload_capture(
    service: Service,
    caller: Anyone,
    verification_id: VerificationId,
    kind: Literal["document_front", "document_back", "selfie"],
    picture: Annotated[bytes, Depends(_picture)],
) -> Capture:
    """Upload a picture: JPEG, PNG, WebP or HEIC of up to 15 MB, as a form's `file` or as the body itself.

    It is decoded at once, so that what cannot be used is refused here and not later. A
    second upload of the same kind takes the place of the first.
    """
    return capture_of(put_capture(service, verification_id, CaptureKind(kind), picture, caller))


@router.post(
    "/{verification_id}/client-token",
    status_code=HTTPStatus.CREATED,
    responses=documented(*COMMON, *BODY, VerificationNotFound),
)
def make_client_token(
    service: Service, caller: Client, verification_id: VerificationId, body: WantToken
) -> ClientTokenText:
    """Make a token that lets the applicant's browser work on this verification, and on nothing else."""
    read_verification(service, verification_id, caller)
    return token_for(service, caller, verification_id, timedelta(minutes=body.lifetime_min))


@router.put(
    "/{verification_id}/face-block",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(*COMMON, *BODY, VerificationNotFound, FaceAlreadyBlocked),
)
def block(service: Service, caller: Client, verification_id: VerificationId, body: BlockFace) -> None:
    """Put the face of a verification on the blocklist: who resembles it later is looked at by a person."""
    block_face(service, verification_id, body.reason, caller)


@router.delete(
    "/{verification_id}/face-block",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(*COMMON, VerificationNotFound, FaceNotBlocked),
)
def unblock(service: Service, caller: Client, verification_id: VerificationId) -> None:
    """Take the face of a verification off the blocklist."""
    unblock_face(service, verification_id, caller)


@router.get("/{verification_id}/events", responses=documented(*COMMON, VerificationNotFound))
def read_events(service: Service, caller: Client, verification_id: VerificationId) -> EventList:
    """Read everything that happened to a verification, oldest first."""
    return EventList(items=[event_of(record) for record in list_events(service, verification_id, caller)])


@router.get(
    "/{verification_id}/report",
    response_model=dict[str, Any],
    responses=documented(*COMMON, VerificationNotFound, ReportNotFound),
)
def read_latest_report(service: Service, caller: Client, verification_id: VerificationId) -> Response:
    """Read the latest report, byte for byte as it was written."""
    return Response(read_report(service, verification_id, caller), media_type="application/json")


@router.get(
    "/{verification_id}/report.html",
    response_class=HTMLResponse,
    responses=documented(*COMMON, VerificationNotFound, ReportNotFound, AtCapacity),
)
def read_latest_report_page(service: Service, caller: Client, verification_id: VerificationId) -> HTMLResponse:
    """Read the latest report as one self-contained page, for staff; holds personal data and pictures."""
    report = json.loads(read_report(service, verification_id, caller))
    # A capture sent again since is another picture than the report speaks of, and is not shown.
    shown = {
        kind: data
        for kind, sha256 in ((CaptureKind(c["kind"]), c["sha256"]) for c in report["captures"])
        if (data := read_capture(service, verification_id, kind, caller)) and hashlib.sha256(data).hexdigest() == sha256
    }
    with service.uploads.place():
        page = render_html(report, thumbnails_of(shown, _as_accepted(shown)))
    return HTMLResponse(page, headers={"Cache-Control": "no-store"})


def claims_by(caller: Caller, body: ClaimsDocument) -> Claims:
    """The claims as ``caller`` makes them: what an applicant says of who said it counts for nothing.

    Raises:
        ApplicantNotAllowed: an applicant says what only the client can know.
    """
    claims = body.to_domain()
    if not caller.is_applicant:
        return claims
    if claims.phone_confirmed_at is not None:
        raise ApplicantNotAllowed
    return replace(claims, source=ClaimSource.APPLICANT, sources={})


def _as_accepted(captures: Mapping[CaptureKind, bytes]) -> DecodeLimits:
    """Limits that what was accepted once keeps, also when the setting was changed since."""
    return DecodeLimits(max_bytes=max(map(len, captures.values()), default=0))


def _answer(caller: Caller, view: VerificationView) -> Response:
    return tagged(json_answer(render_for(caller, view), HTTPStatus.OK))

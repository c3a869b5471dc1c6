"""/v1/verifications: create, fill, submit, read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from kyc_service.api.once import IdempotencyKey, answer_once
from kyc_service.api.pictures import MEDIA_TYPES, picture_schema
from kyc_service.api.problems import BODY, COMMON, documented
from kyc_service.api.schemas import (
    BlockFace,
    Capture,
    Challenge,
    CreateVerification,
    DrawChallenge,
    EventList,
    VerificationDetail,
    VerificationPage,
    capture_of,
    challenge_of,
    event_of,
    verification_of,
)
from kyc_service.api.state import ACTOR, Service, api_state
from kyc_service.api.uploads import (
    MediaTypeUnsupported,
    MultipartInvalid,
    UploadTooLarge,
    UploadTooSlow,
    read_clip,
    read_picture,
)
from kyc_service.decision.verdict import UnknownTier
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.verification import TransitionNotAllowed, VerificationStatus
from kyc_service.imaging.clip import DEFAULT_CLIP_LIMITS
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.refusals import ImageRefused, ImageTooLarge, ImageTypeUnsupported
from kyc_service.reports.page import render_html
from kyc_service.reports.thumbnails import thumbnails_of
from kyc_service.storage.idempotency import IdempotencyKeyInUse
from kyc_service.storage.ids import is_verification_id
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
from kyc_service.verification.steps import InputNotExpected, NewVerification
from kyc_service.verification.submissions import CapturesMissing, SubmissionUnderWay, submit
from kyc_service.verification.use_cases import (
    VerificationView,
    create_verification,
    list_events,
    list_verifications,
    put_capture,
    put_claims,
    read_capture,
    read_report,
    read_verification,
)

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
def create(service: Service, body: CreateVerification, key: IdempotencyKey = None) -> Response:
    """Open a verification. The answer names the captures it requires."""
    new = NewVerification(body.use_case, body.tier, body.claims.to_domain(), ACTOR)
    sent = [b"POST /v1/verifications", body.model_dump_json().encode()]

    def work(once: Once[VerificationView] | None) -> VerificationView:
        return create_verification(service, new, once)

    return answer_once(service, key, sent, render_detail, work, status=HTTPStatus.CREATED)


@router.get("", responses=documented(*COMMON, VerificationNotFound))
def list_newest(
    service: Service,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    starting_after: str | None = None,
    status: VerificationStatus | None = None,
) -> VerificationPage:
    """List verifications, newest first."""
    after = None if starting_after is None else known_form(starting_after)
    records, has_more = list_verifications(service, limit=limit, starting_after=after, status=status)
    return VerificationPage(items=[verification_of(record) for record in records], has_more=has_more)


@router.get(
    "/{verification_id}", response_model=VerificationDetail, responses=documented(*COMMON, VerificationNotFound)
)
def read(service: Service, verification_id: VerificationId) -> Response:
    """Read one verification, with its captures and its latest report."""
    return _detail(read_verification(service, verification_id))


@router.put(
    "/{verification_id}/claims",
    response_model=VerificationDetail,
    responses=documented(*COMMON, *BODY, VerificationNotFound, InputNotExpected),
)
def replace_claims(service: Service, verification_id: VerificationId, body: ClaimsDocument) -> Response:
    """Replace all claims."""
    return _detail(put_claims(service, verification_id, body.to_domain(), ACTOR))


@router.post(
    "/{verification_id}/challenge",
    status_code=HTTPStatus.CREATED,
    responses=documented(*COMMON, *BODY, VerificationNotFound, InputNotExpected, LivenessPaused),
)
def draw_challenge(service: Service, verification_id: VerificationId, body: DrawChallenge) -> Challenge:
    """Draw a liveness challenge; it takes the place of the verification's earlier one.

    A verification comes with its first challenge. Ask for another where that one has expired, was answered, or the
    applicant wants to start anew.
    """
    return challenge_of(issue_challenge(service, verification_id, body.kind, ACTOR))


@router.put(
    "/{verification_id}/captures/liveness",
    openapi_extra=_CLIP_BODY,
    responses=documented(
        *COMMON,
        MultipartInvalid,
        VerificationNotFound,
        UploadTooSlow,
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
def upload_clip(service: Service, verification_id: VerificationId, clip: Annotated[bytes, Depends(_clip)]) -> Capture:
    """Upload the answer to the challenge: one MP4 or WebM video, or frames with their times; each challenge once.

    Send the video as a form's `clip` or as the body itself; or send a form with a part `frames` for each picture, in
    order, and `times_ms`, a JSON list of the milliseconds at which each was taken.
    """
    return capture_of(put_clip(service, verification_id, clip, ACTOR))


@router.put(
    "/{verification_id}/captures/{kind}",
    openapi_extra=_CAPTURE_BODY,
    responses=documented(
        *COMMON,
        MultipartInvalid,
        VerificationNotFound,
        UploadTooSlow,
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
    verification_id: VerificationId,
    kind: Literal["document_front", "document_back", "selfie"],
    picture: Annotated[bytes, Depends(_picture)],
) -> Capture:
    """Upload a picture: JPEG, PNG, WebP or HEIC of up to 15 MB, as a form's `file` or as the body itself.

    It is decoded at once, so that what cannot be used is refused here and not later. A
    second upload of the same kind takes the place of the first.
    """
    return capture_of(put_capture(service, verification_id, CaptureKind(kind), picture, ACTOR))


@router.post(
    "/{verification_id}/submit",
    response_model=VerificationDetail,
    responses=documented(
        *COMMON,
        VerificationNotFound,
        CapturesMissing,
        SubmissionUnderWay,
        TransitionNotAllowed,
        UnknownTier,
        IdempotencyKeyReused,
        IdempotencyKeyInUse,
        AtCapacity,
        PolicyUnavailable,
    ),
)
def submit_for_verdict(service: Service, verification_id: VerificationId, key: IdempotencyKey = None) -> Response:
    """Submit the captures and claims; the answer carries the report and, in `status`, what came of it."""
    sent = [b"POST /v1/verifications/submit", verification_id.encode()]
    return answer_once(service, key, sent, render_detail, lambda once: submit(service, verification_id, ACTOR, once))


@router.put(
    "/{verification_id}/face-block",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(*COMMON, *BODY, VerificationNotFound, FaceAlreadyBlocked),
)
def block(service: Service, verification_id: VerificationId, body: BlockFace) -> None:
    """Put the face of a verification on the blocklist: who resembles it later is looked at by a person."""
    block_face(service, verification_id, body.reason, ACTOR)


@router.delete(
    "/{verification_id}/face-block",
    status_code=HTTPStatus.NO_CONTENT,
    responses=documented(*COMMON, VerificationNotFound, FaceNotBlocked),
)
def unblock(service: Service, verification_id: VerificationId) -> None:
    """Take the face of a verification off the blocklist."""
    unblock_face(service, verification_id, ACTOR)


@router.get("/{verification_id}/events", responses=documented(*COMMON, VerificationNotFound))
def read_events(service: Service, verification_id: VerificationId) -> EventList:
    """Read everything that happened to a verification, oldest first."""
    return EventList(items=[event_of(record) for record in list_events(service, verification_id)])


@router.get(
    "/{verification_id}/report",
    response_model=dict[str, Any],
    responses=documented(*COMMON, VerificationNotFound, ReportNotFound),
)
def read_latest_report(service: Service, verification_id: VerificationId) -> Response:
    """Read the latest report, byte for byte as it was written."""
    return Response(read_report(service, verification_id), media_type="application/json")


@router.get(
    "/{verification_id}/report.html",
    response_class=HTMLResponse,
    responses=documented(*COMMON, VerificationNotFound, ReportNotFound, AtCapacity),
)
def read_latest_report_page(service: Service, verification_id: VerificationId) -> HTMLResponse:
    """Read the latest report as one self-contained page, for staff; holds personal data and pictures."""
    report = json.loads(read_report(service, verification_id))
    # A capture sent again since is another picture than the report speaks of, and is not shown.
    shown = {
        kind: data
        for kind, sha256 in ((CaptureKind(c["kind"]), c["sha256"]) for c in report["captures"])
        if (data := read_capture(service, verification_id, kind)) and hashlib.sha256(data).hexdigest() == sha256
    }
    with service.uploads.place():
        page = render_html(report, thumbnails_of(shown, _as_accepted(shown)))
    return HTMLResponse(page, headers={"Cache-Control": "no-store"})


def render_detail(view: VerificationView) -> bytes:
    """``view`` as JSON."""
    detail = VerificationDetail(
        **verification_of(view.record).model_dump(),
        challenge=None if view.challenge is None else challenge_of(view.challenge),
        captures=[capture_of(view.captures[kind]) for kind in sorted(view.captures)],
        report=None if view.report is None else json.loads(view.report),
    )
    return detail.model_dump_json().encode()


def _as_accepted(captures: Mapping[CaptureKind, bytes]) -> DecodeLimits:
    """Limits that what was accepted once keeps, also when the setting was changed since."""
    return DecodeLimits(max_bytes=max(map(len, captures.values()), default=0))


def _detail(view: VerificationView) -> Response:
    return Response(render_detail(view), media_type="application/json")

"""Problems: every error as RFC 9457 ``application/problem+json``, in one table.

A branch of the exception tree has a status; a leaf inherits it unless it has its own
row. No problem repeats a value that was sent: it may be personal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from kyc_service.access.keys import AuthenticationRequired
from kyc_service.api.caller import ApplicantNotAllowed
from kyc_service.api.hosts import HostNotAllowed
from kyc_service.api.uploads import (
    MediaTypeUnsupported,
    MultipartInvalid,
    RequestUnreadable,
    UploadTooLarge,
    UploadTooSlow,
)
from kyc_service.domain.captures import CaptureKind
from kyc_service.errors import Conflict, Forbidden, InvalidInput, KycError, NotFound, Unavailable
from kyc_service.imaging.refusals import ImageRefused, ImageTooLarge, ImageTypeUnsupported
from kyc_service.observability.logs import get_logger
from kyc_service.policies.problems import PolicyInvalid
from kyc_service.storage.blobs import BlobMissing
from kyc_service.storage.database import DatabaseUnreachable
from kyc_service.storage.keys import SealBroken
from kyc_service.storage.master_key import MasterKeyMismatch, MasterKeyMissing, MasterKeyUnusable
from kyc_service.verification.capacity import AtCapacity
from kyc_service.verification.claims_document import ClaimsInvalid, describe_mistakes
from kyc_service.verification.code_counting import PhoneCodePaused
from kyc_service.verification.lockout import LivenessPaused
from kyc_service.verification.versions import VersionMismatch

MEDIA_TYPE: Final = "application/problem+json"

STATUS: Final[dict[type[KycError], HTTPStatus]] = {
    KycError: HTTPStatus.INTERNAL_SERVER_ERROR,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    HostNotAllowed: HTTPStatus.BAD_REQUEST,
    RequestUnreadable: HTTPStatus.BAD_REQUEST,
    MultipartInvalid: HTTPStatus.BAD_REQUEST,
    UploadTooSlow: HTTPStatus.REQUEST_TIMEOUT,
    UploadTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ImageTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    MediaTypeUnsupported: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ImageTypeUnsupported: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Forbidden: HTTPStatus.FORBIDDEN,
    AuthenticationRequired: HTTPStatus.UNAUTHORIZED,
    VersionMismatch: HTTPStatus.PRECONDITION_FAILED,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    LivenessPaused: HTTPStatus.TOO_MANY_REQUESTS,
    PhoneCodePaused: HTTPStatus.TOO_MANY_REQUESTS,
    # Trying later does not mend these.
    SealBroken: HTTPStatus.INTERNAL_SERVER_ERROR,
    BlobMissing: HTTPStatus.INTERNAL_SERVER_ERROR,
    MasterKeyUnusable: HTTPStatus.INTERNAL_SERVER_ERROR,
    MasterKeyMissing: HTTPStatus.INTERNAL_SERVER_ERROR,
    MasterKeyMismatch: HTTPStatus.INTERNAL_SERVER_ERROR,
}

# Of the framework's own refusals, and of what nobody foresaw.
_OTHER_CODES: Final = ("internal_error", "method_not_allowed")
_OF_STATUS: Final[dict[int, type[KycError]]] = {
    HTTPStatus.BAD_REQUEST: RequestUnreadable,
    HTTPStatus.REQUEST_TIMEOUT: UploadTooSlow,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: UploadTooLarge,
}
_EVERYWHERE: Final[tuple[type[KycError], ...]] = (HostNotAllowed, UploadTooLarge)
# What any endpoint that uses the database may answer, and any that reads a JSON body.
COMMON: Final[tuple[type[KycError], ...]] = (
    InvalidInput,
    DatabaseUnreachable,
    AuthenticationRequired,
    ApplicantNotAllowed,
)
BODY: Final[tuple[type[KycError], ...]] = (RequestUnreadable, UploadTooSlow)

_CRASH: Final = "internal_error"
_CRASH_SENTENCE: Final = "The service failed."
_NO_JSON: Final = "A body is read as JSON where the header says so: Content-Type: application/json."
_RETRY_AFTER_S: Final = 5
_COME_BACK: Final = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS})
_LOG: Final = get_logger(__name__)


class Mistake(BaseModel):
    """One thing wrong with what was sent: where, which kind, in words. Never the value."""

    at: str
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457, with a stable ``code`` and the request's id."""

    type: str = Field(description="urn:kyc-service:problem: followed by the code")
    title: str
    status: int
    detail: str | None = None
    code: str = Field(description="stable, one of the enumeration")
    request_id: str
    capture: CaptureKind | None = Field(default=None, description="which capture it is about, where it is about one")
    errors: list[Mistake] | None = None


_ENTRY: Final[dict[str, Any]] = {
    "model": Problem,
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def status_of(error: type[KycError]) -> HTTPStatus:
    """The status of an error class: its own row of the table, or its nearest ancestor's."""
    return next(STATUS[ancestor] for ancestor in error.__mro__ if ancestor in STATUS)


def all_errors(branch: type[KycError] = KycError) -> Iterator[type[KycError]]:
    """Every error class of the service that is loaded."""
    yield branch
    for leaf in branch.__subclasses__():
        if leaf.__module__.startswith("kyc_service."):
            yield from all_errors(leaf)


def documented(*errors: type[KycError]) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of an endpoint that may answer with ``errors``, and with what any endpoint may."""
    crash = f"`{_CRASH}`: {_CRASH_SENTENCE}"
    responses = {HTTPStatus.INTERNAL_SERVER_ERROR.value: {**_ENTRY, "description": crash}}
    for error in dict.fromkeys([*_EVERYWHERE, *errors]):
        entry = responses.setdefault(status_of(error).value, {**_ENTRY, "description": ""})
        entry["description"] = " ".join((entry["description"], f"`{error.code}`: {_summary(error)}")).strip()
    return dict(sorted(responses.items()))


def problem(
    request_id: str,
    status: int,
    code: str,
    title: str,
    detail: str | None = None,
    *,
    capture: CaptureKind | None = None,
    errors: Sequence[dict[str, str]] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """One problem as a response."""
    content = Problem(
        type=f"urn:kyc-service:problem:{code}",
        title=title,
        status=status,
        detail=detail,
        code=code,
        request_id=request_id,
        capture=capture,
        errors=[Mistake(**mistake) for mistake in errors] or None,
    )
    return JSONResponse(content.model_dump(exclude_none=True), status, headers, MEDIA_TYPE)


def problem_of(error: KycError, request_id: str) -> Response:
    """The problem that tells of one of our own errors."""
    status = status_of(type(error))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, AtCapacity):
        _LOG.error("request_failed", code=error.code, exc_info=error)
    headers = {}
    if isinstance(error, Unavailable) and status in _COME_BACK:
        wait_s = (
            error.retry_after_s if isinstance(error, AtCapacity | LivenessPaused | PhoneCodePaused) else _RETRY_AFTER_S
        )
        headers["Retry-After"] = str(wait_s)
    if isinstance(error, AuthenticationRequired):
        headers["WWW-Authenticate"] = "Bearer"
    return problem(
        request_id,
        status,
        error.code,
        _summary(type(error)),
        _detail(error),
        capture=error.capture if isinstance(error, ImageRefused | UploadTooLarge) else None,
        errors=_mistakes(error),
        headers=headers,
    )


def _detail(error: KycError) -> str:
    if isinstance(error, PolicyInvalid) and error.problems:
        return "Every mistake is in errors, at its line."
    return error.message


def _mistakes(error: KycError) -> Sequence[dict[str, str]]:
    if isinstance(error, ClaimsInvalid):
        return error.problems
    if isinstance(error, PolicyInvalid):
        return [
            {
                "at": f"line {one.line}, column {one.column}: {one.path}".removesuffix(": "),
                "code": error.code,
                "detail": one.message,
            }
            for one in error.problems
        ]
    return ()


def unknown_problem(error: Exception, request_id: str) -> Response:
    """The problem that tells of an error nobody foresaw: nothing but that there was one."""
    _LOG.error("request_crashed", exc_info=error)
    return problem(request_id, HTTPStatus.INTERNAL_SERVER_ERROR, _CRASH, _CRASH_SENTENCE)


def install(app: FastAPI) -> None:
    """Answer every error of ``app`` as a problem."""

    async def on_ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, KycError)  # noqa: S101 - registered for this class
        return problem_of(error, request.state.request_id)

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
        return problem(
            request.state.request_id,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            InvalidInput.code,
            _summary(InvalidInput),
            _NO_JSON if _is_not_json(request, error) else None,
            errors=describe_mistakes(list(error.errors())),
        )

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
        if error.status_code in _OF_STATUS:
            return problem_of(_OF_STATUS[error.status_code](), request.state.request_id)
        phrase = HTTPStatus(error.status_code).phrase
        code = phrase.lower().replace(" ", "_").replace("-", "_")
        headers = dict(error.headers or {})
        return problem(request.state.request_id, error.status_code, code, f"{phrase}.", headers=headers)

    _document_codes(app)
    app.add_exception_handler(KycError, on_ours)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)


def _is_not_json(request: Request, error: RequestValidationError) -> bool:
    """Whether the whole body was taken for something else than JSON, since nothing said that it is."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = said == "application/json" or (said.startswith("application/") and said.endswith("+json"))
    return not is_json and any(tuple(one["loc"]) == ("body",) for one in error.errors())


def _document_codes(app: FastAPI) -> None:
    """Let the OpenAPI document list every code the service has."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        sentences = {error.code: _summary(error) for error in all_errors()}
        code = document["components"]["schemas"]["Problem"]["properties"]["code"]
        code["enum"] = sorted({*sentences, *_OTHER_CODES})
        code["x-enum-descriptions"] = {name: sentences.get(name, "") for name in code["enum"]}
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _summary(error: type[KycError]) -> str:
    return (error.__doc__ or "").strip().splitlines()[0]

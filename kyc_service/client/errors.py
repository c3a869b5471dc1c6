"""What can go wrong with a call, as the caller of the service sees it.

ClientError
├── ServiceUnreachable   no answer came
├── AnswerUnusable       an answer came that this client cannot read
├── WaitedTooLong        there is no result yet
├── WebhookNotTrusted    what came was not signed by the service
└── Problem              the service said no, and why
    ├── InvalidInput 400-422 · AuthenticationRequired 401 · Forbidden 403 · NotFound 404
    ├── Conflict 409 > VersionMismatch 412
    └── TryLater 429, 503 · ServiceFailed 5xx

They are no :class:`kyc_service.errors.KycError`: those are the service's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


class ClientError(Exception):
    """A call led to nothing."""


class ServiceUnreachable(ClientError):
    """No answer came from the service, however often it was asked."""


class AnswerUnusable(ClientError):
    """An answer came that is not one of the service's."""


class WaitedTooLong(ClientError):
    """The verification has no result yet; nothing is lost, ask again later."""


class WebhookNotTrusted(ClientError):
    """This was not signed by the service with a secret of this endpoint, or not just now."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with what was sent: where, which kind, in words."""

    at: str
    code: str
    detail: str


class Problem(ClientError):
    """The service refused, and says why (RFC 9457).

    ``code`` is stable and to be branched on; ``detail`` is a sentence for logs and developers, without anything
    personal; ``request_id`` finds the request in the service's logs. ``capture`` names the upload it is about and
    ``mistakes`` lists what is wrong with a document that was sent. ``retry_after_s`` is when to come back, if said.
    """

    def __init__(self, status: int, body: Mapping[str, Any], retry_after_s: float | None = None) -> None:
        self.status = status
        self.code = str(body.get("code") or f"http_{status}")
        self.title = str(body.get("title") or "")
        self.detail = str(body.get("detail") or self.title)
        self.request_id = _text(body.get("request_id"))
        self.capture = _text(body.get("capture"))
        self.mistakes = tuple(_mistakes(body.get("errors")))
        self.retry_after_s = retry_after_s
        super().__init__(f"{self.code} ({status}): {self.detail}")


class InvalidInput(Problem):
    """What was sent cannot be used; sending it again will not help."""


class AuthenticationRequired(Problem):
    """The key or token is missing, not known, revoked or too old."""


class Forbidden(Problem):
    """The caller may not do this."""


class NotFound(Problem):
    """There is no such thing for this caller."""


class Conflict(Problem):
    """The thing is in a state that does not allow this."""


class VersionMismatch(Conflict):
    """Somebody else changed it since it was read: read it again."""


class TryLater(Problem):
    """The service cannot do this now; ``retry_after_s`` says when it may."""


class ServiceFailed(Problem):
    """The service broke down over it."""


_OF_STATUS: Final[Mapping[int, type[Problem]]] = {
    401: AuthenticationRequired,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: VersionMismatch,
    429: TryLater,
    503: TryLater,
}
_SERVER_SIDE: Final = 500


def problem_of(status: int, body: object, retry_after_s: float | None = None) -> Problem:
    """The problem of an answer with a ``status`` of 400 or more; ``body`` is its JSON, or anything else.

    >>> problem_of(404, {"code": "verification_not_found", "title": "There is no such verification."})
    NotFound('verification_not_found (404): There is no such verification.')
    >>> problem_of(502, "<html>")
    ServiceFailed('http_502 (502): ')
    """
    otherwise = ServiceFailed if status >= _SERVER_SIDE else InvalidInput
    return _OF_STATUS.get(status, otherwise)(status, body if isinstance(body, dict) else {}, retry_after_s)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _mistakes(given: object) -> list[Mistake]:
    listed = given if isinstance(given, list) else []
    return [
        Mistake(str(one.get("at", "")), str(one.get("code", "")), str(one.get("detail", "")))
        for one in listed
        if isinstance(one, dict)
    ]

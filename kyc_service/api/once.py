"""The Idempotency-Key header: a POST sent twice is done once and answered twice the same."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, TypeVar

from fastapi import Header, Response

from kyc_service.verification.idempotency import Once, find_earlier
from kyc_service.verification.service import VerificationService

Result = TypeVar("Result")
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of yours that names this request; sent again, the request is not done again.",
    ),
]
Work = Callable[[Once[Result] | None], Result]


def answer_once(
    service: VerificationService,
    key: str | None,
    sent: list[bytes],
    render: Callable[[Result], bytes],
    work: Work[Result],
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """Do ``work`` and answer ``render`` of what came of it, or repeat the answer it had before.

    ``sent`` is all that makes the request what it is: method, path, and every part of the body.
    """
    once = None
    if key is not None:
        request = b"".join(len(part).to_bytes(8, "big") + part for part in sent)
        once = Once(service.master_key.digest(b"key|" + key.encode()), service.master_key.digest(request), render)
        earlier = find_earlier(service, once)
        if earlier is not None and earlier.answer is not None:
            return _json(earlier.answer, status, {"Idempotent-Replayed": "true"})
    return _json(render(work(once)), status)


def _json(content: bytes, status: HTTPStatus, headers: dict[str, str] | None = None) -> Response:
    return Response(content, status, headers, "application/json")

"""The Idempotency-Key header: a POST sent twice is done once and answered twice the same.

Keys are each caller's own: another client may use the same text for something else.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, TypeVar

from fastapi import Header, Response

from kyc_service.domain.clients import Caller
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

REPLAYED = {"Idempotent-Replayed": "true"}
"""How an answer that was given before is marked."""


def once_of(
    service: VerificationService, caller: Caller, key: str | None, sent: list[bytes], render: Callable[[Result], bytes]
) -> Once[Result] | None:
    """The request as one that is to be done once, if the caller gave it a ``key``.

    ``sent`` is all that makes the request what it is: method, path, and every part of the body.
    """
    if key is None:
        return None
    whose = f"{caller.client_id}|{caller.verification_id or ''}".encode()
    named = _joined([whose, key.encode()])
    digest = service.master_key.digest
    return Once(digest(b"key|" + named), digest(_joined([whose, *sent])), render)


def answer_once(
    service: VerificationService,
    caller: Caller,
    key: str | None,
    sent: list[bytes],
    render: Callable[[Result], bytes],
    work: Work[Result],
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """Do ``work`` and answer ``render`` of what came of it, or repeat the answer it had before.

    ``work`` takes the key with its first effect (``once.begin``) and keeps the answer with its last one
    (``once.finish``), in its own transactions; what belongs to no verification is begun and finished with ``None``.
    """
    kept: list[tuple[Result, bytes]] = []

    def rendered(result: Result) -> bytes:
        # What is kept and what is answered are the same bytes, even where rendering makes a token.
        if not kept or kept[0][0] is not result:
            kept[:] = [(result, render(result))]
        return kept[0][1]

    once = once_of(service, caller, key, sent, rendered)
    if once is not None:
        earlier = find_earlier(service, once)
        if earlier is not None and earlier.answer is not None:
            return json_answer(earlier.answer, status, REPLAYED)
    return json_answer(rendered(work(once)), status)


def json_answer(content: bytes, status: HTTPStatus, headers: dict[str, str] | None = None) -> Response:
    """``content``, which is JSON already."""
    return Response(content, status, headers, "application/json")


def _joined(parts: list[bytes]) -> bytes:
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)

"""Around every request: its id, its limits, its log line, its measure, and the last net for errors."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import structlog
from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kyc_service.api.bodies import IncomingBody
from kyc_service.api.hosts import HostNotAllowed, is_answered
from kyc_service.api.problems import problem_of, unknown_problem
from kyc_service.api.state import UploadLimits, api_state
from kyc_service.api.uploads import FIELD_BYTES, UploadTooLarge
from kyc_service.observability.logs import get_logger
from kyc_service.storage.ids import is_verification_id
from kyc_service.verification.capacity import AtCapacity

_SAFE_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CAPTURE: Final = re.compile(r"/v1/verifications/[^/]+/captures/[^/]+")
_AT_ONCE: Final = "/v1/verify"
_PICTURES_AT_ONCE: Final = 3
# Boundaries and part headers.
_CLIP: Final = re.compile(r"/v1/verifications/[^/]+/captures/liveness")
_FRAMING_BYTES: Final = 16 * 1024
_FRAMING_OF_FRAMES_BYTES: Final = 256 * 1024
"""Every frame of a clip is a part of its own, with its headers."""
# What others log for a client that hung up: nothing was answered.
_CLIENT_GONE: Final = 499
_UNMATCHED: Final = "unmatched"
_LOG: Final = get_logger(__name__)


class RequestScope:
    """The outermost middleware. Plain ASGI: it sees the body pass without holding it.

    ``hosts`` are the host names that are answered; ``None`` for any.
    """

    def __init__(self, app: ASGIApp, owner: FastAPI, hosts: frozenset[str] | None = None) -> None:
        self._app = app
        self._owner = owner
        self._hosts = hosts
        self._uploads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        exchange = _Exchange(request_id, send)
        try:
            await self._guarded(scope, receive, exchange)
        except ClientDisconnect:
            exchange.status = _CLIENT_GONE
        except Exception as error:  # noqa: BLE001 - the request handler: the one place for what nobody foresaw
            await exchange.fail(unknown_problem(error, request_id), scope, receive)
        finally:
            self._note(scope, exchange)

    async def _guarded(self, scope: Scope, receive: Receive, exchange: _Exchange) -> None:
        if not is_answered(Headers(scope=scope).getlist("host"), self._hosts):
            await problem_of(HostNotAllowed(), exchange.request_id)(scope, receive, exchange.send)
            return
        limits = api_state(self._owner.state).uploads
        is_upload, max_bytes = _limit(scope["path"], limits)
        length = _declared_length(scope)
        if length > max_bytes:
            await problem_of(UploadTooLarge(), exchange.request_id)(scope, receive, exchange.send)
            return
        if is_upload and length > FIELD_BYTES and self._uploads >= limits.max_at_once:
            full = AtCapacity(limits.retry_after_s)
            await problem_of(full, exchange.request_id)(scope, receive, exchange.send)
            return
        with ExitStack() as places:
            body = IncomingBody(receive, limits, max_bytes, lambda: places.enter_context(self._place(limits)))
            await self._app(scope, body.receive, exchange.send)
        if body.is_cut_off:
            # The framework makes a bad request of it where it reads the body itself.
            exchange.status = _CLIENT_GONE

    @contextmanager
    def _place(self, limits: UploadLimits) -> Iterator[None]:
        if self._uploads >= limits.max_at_once:
            raise AtCapacity(limits.retry_after_s)
        self._uploads += 1
        try:
            yield
        finally:
            self._uploads -= 1

    def _note(self, scope: Scope, exchange: _Exchange) -> None:
        seconds = time.perf_counter() - exchange.started
        route = getattr(scope.get("route"), "path", _UNMATCHED)
        metrics = api_state(self._owner.state).service.metrics
        # An invented method is no label: anyone could fill the memory with them.
        metrics.request_answered(scope["method"] if route != _UNMATCHED else "-", route, exchange.status, seconds)
        # Anything may stand in a path: only what has the form of an id is logged.
        named = str(scope.get("path_params", {}).get("verification_id", ""))
        _LOG.info(
            "request_answered",
            method=scope["method"],
            route=route,
            status=int(exchange.status),
            ms=round(seconds * 1000, 1),
            verification_id=named if is_verification_id(named) else None,
        )


class _Exchange:
    """One answer on its way: stamps the request's id on it and remembers its status."""

    def __init__(self, request_id: str, send: Send) -> None:
        self.request_id = request_id
        self.status = 0
        self.started = time.perf_counter()
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.request_id
            headers["Cache-Control"] = "no-store"
            headers["X-Content-Type-Options"] = "nosniff"
        await self._send(message)

    async def fail(self, answer: ASGIApp, scope: Scope, receive: Receive) -> None:
        """Send ``answer``, unless another was begun already."""
        if self.status == 0:
            await answer(scope, receive, self.send)


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _SAFE_ID.fullmatch(given) else f"req_{secrets.token_hex(16)}"


def _limit(path: str, limits: UploadLimits) -> tuple[bool, int]:
    """Whether ``path`` takes pictures, and the most bytes its body may have."""
    if path == _AT_ONCE:
        return True, _PICTURES_AT_ONCE * limits.max_capture_bytes + FIELD_BYTES + _FRAMING_BYTES
    if _CLIP.fullmatch(path):
        return True, limits.max_clip_bytes + _FRAMING_OF_FRAMES_BYTES
    if _CAPTURE.fullmatch(path):
        return True, limits.max_capture_bytes + _FRAMING_BYTES
    return False, FIELD_BYTES


def _declared_length(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdecimal() else 0

"""Bodies as a server hands them over: in pieces, slowly, cut off, many at once."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel

from kyc_service.api import problems
from kyc_service.api.scope import RequestScope
from kyc_service.api.state import UploadLimits
from kyc_service.api.uploads import FIELD_BYTES
from kyc_service.observability.logs import configure_logs
from kyc_service.observability.metrics import Metrics

LARGE = b"x" * (FIELD_BYTES + 1)
LIMITS = UploadLimits(
    max_capture_bytes=3 * FIELD_BYTES,
    max_clip_bytes=4 * FIELD_BYTES,
    max_at_once=2,
    timeout_s=0.4,
    grace_s=0.15,
    min_bytes_per_s=10_000,
    retry_after_s=7,
)
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Form(BaseModel):
    name: str


@pytest.fixture
def go_on() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def outer(go_on: asyncio.Event, metrics: Metrics) -> RequestScope:
    """Two routes: one reads its body itself and answers when told to, one lets the framework read JSON."""
    app = FastAPI()

    @app.post("/v1/verify")
    async def verify(request: Request) -> Response:
        size = sum([len(chunk) async for chunk in request.stream()])
        if size > FIELD_BYTES:
            await go_on.wait()
        return Response(str(size))

    @app.post("/form")
    async def form(form: Form) -> str:
        return form.name

    problems.install(app)
    app.state.api = SimpleNamespace(uploads=LIMITS, service=SimpleNamespace(metrics=metrics))
    return RequestScope(app, app)


async def _call(outer: RequestScope, path: str, receive: Receive, **headers: str) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "headers": raw}
    await outer({**scope, "query_string": b"", "path_params": {}, "root_path": ""}, receive, send)
    return sent


def _pieces(*pieces: bytes, pause_s: float = 0, then: str = "hang") -> Receive:
    """A client that sends ``pieces`` and then ends the body, hangs, or hangs up."""
    waiting = list(pieces)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause_s)
        if waiting:
            is_last = len(waiting) == 1 and then == "end"
            return {"type": "http.request", "body": waiting.pop(0), "more_body": not is_last}
        if then == "hang":
            await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    return receive


def _status(sent: list[dict[str, Any]]) -> int:
    return int(sent[0]["status"])


def _code(sent: list[dict[str, Any]]) -> str:
    return str(json.loads(sent[1]["body"])["code"])


@pytest.mark.parametrize("path", ["/v1/verify", "/form"])
@pytest.mark.parametrize("pieces", [(), (b"{",)])
def test_a_body_that_stops_is_given_up(outer: RequestScope, path: str, pieces: tuple[bytes, ...]) -> None:
    sent = asyncio.run(_call(outer, path, _pieces(*pieces), content_type="application/json"))
    assert (_status(sent), _code(sent)) == (408, "upload_too_slow")


@pytest.mark.parametrize(("piece", "status"), [(b"x", 408), (b"x" * 1000, 200)])
def test_a_body_must_keep_to_the_least_rate(outer: RequestScope, piece: bytes, status: int) -> None:
    sent = asyncio.run(_call(outer, "/v1/verify", _pieces(*[piece] * 12, pause_s=0.02, then="end")))
    assert _status(sent) == status


def test_no_body_may_take_longer_than_the_whole_time(outer: RequestScope) -> None:
    sent = asyncio.run(_call(outer, "/v1/verify", _pieces(*[b"x" * 1000] * 60, pause_s=0.02, then="end")))
    assert _status(sent) == 408


@pytest.mark.parametrize("path", ["/v1/verify", "/form"])
def test_a_client_that_hangs_up_is_no_failure(outer: RequestScope, metrics: Metrics, path: str) -> None:
    stream = io.StringIO()
    configure_logs("info", stream)
    asyncio.run(_call(outer, path, _pieces(b"{", then="hang up"), content_type="application/json"))
    (line,) = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (line["event"], line["level"], line["status"]) == ("request_answered", "info", 499)
    assert f'route="{path}",status="499"' in metrics.render().decode()


def test_only_so_many_large_bodies_are_held(outer: RequestScope, go_on: asyncio.Event) -> None:
    async def run() -> list[list[dict[str, Any]]]:
        calls = [asyncio.create_task(_call(outer, "/v1/verify", _pieces(LARGE, then="end"))) for _ in range(2)]
        await asyncio.sleep(0.05)
        late = await _call(outer, "/v1/verify", _pieces(LARGE, then="end"))
        declared = await _call(outer, "/v1/verify", _pieces(LARGE), content_length=str(len(LARGE)))
        small = await _call(outer, "/v1/verify", _pieces(b"x", then="end"))
        go_on.set()
        return [*await asyncio.gather(*calls), small, late, declared]

    *answered, late, declared = asyncio.run(run())
    assert [_status(sent) for sent in answered] == [200, 200, 200]
    for refused in (late, declared):
        assert (_status(refused), _code(refused)) == (503, "at_capacity")
        assert (b"retry-after", b"7") in refused[0]["headers"]


def test_a_large_body_takes_one_place_however_it_is_cut(outer: RequestScope, go_on: asyncio.Event) -> None:
    go_on.set()
    sent = asyncio.run(_call(outer, "/v1/verify", _pieces(LARGE, *[b"x"] * 5, then="end")))
    assert _status(sent) == 200


def test_clients_that_only_begin_do_not_keep_the_others_out(outer: RequestScope, go_on: asyncio.Event) -> None:
    async def run() -> list[dict[str, Any]]:
        length = str(len(LARGE))
        begun = [
            asyncio.create_task(_call(outer, "/v1/verify", _pieces(b"--b"), content_length=length)) for _ in range(12)
        ]
        await asyncio.sleep(0.05)
        go_on.set()
        answer = await _call(outer, "/v1/verify", _pieces(LARGE, then="end"), content_length=length)
        await asyncio.gather(*begun)
        return answer

    assert _status(asyncio.run(run())) == 200


@pytest.mark.parametrize("way", ["hang", "hang up", "end"])
def test_places_are_given_back(outer: RequestScope, go_on: asyncio.Event, way: str) -> None:
    async def run() -> list[dict[str, Any]]:
        go_on.set()
        for _ in range(LIMITS.max_at_once):
            await _call(outer, "/v1/verify", _pieces(LARGE, then=way))
        return await _call(outer, "/v1/verify", _pieces(LARGE, then="end"))

    assert _status(asyncio.run(run())) == 200

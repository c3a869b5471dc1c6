from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI, Request
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_service.api.scope import RequestScope
from kyc_service.api.state import UploadLimits
from kyc_service.api.uploads import MultipartInvalid, UploadTooLarge, UploadTooSlow, read_form, read_picture
from kyc_service.errors import KycError
from kyc_service.observability.metrics import Metrics

LIMITS = {"claims": 20, "selfie": 200}
HEADERS = {"content-type": "multipart/form-data; boundary=frontier"}


def _request(chunks: list[bytes], headers: dict[str, str], pause_s: float = 0) -> Request:
    waiting = list(chunks)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause_s)
        body = waiting.pop(0) if waiting else b""
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw, "query_string": b""}, receive)


def _body(**parts: bytes) -> bytes:
    framed = [
        b'--frontier\r\nContent-Disposition: form-data; name="%s"; filename="x"\r\n\r\n%s\r\n' % (name.encode(), data)
        for name, data in parts.items()
    ]
    return b"".join(framed) + b"--frontier--\r\n"


@settings(max_examples=60)
@given(selfie=st.binary(max_size=200), cuts=st.lists(st.integers(0, 400), max_size=6))
def test_the_parts_arrive_however_the_body_is_cut(selfie: bytes, cuts: list[int]) -> None:
    body = _body(claims=b"{}", selfie=selfie)
    edges = [0, *sorted(cuts), len(body)]
    chunks = [body[start:end] for start, end in itertools.pairwise(edges)]
    parts = asyncio.run(read_form(_request(chunks, HEADERS), LIMITS, 5))
    assert parts == {"claims": b"{}", "selfie": selfie}


@settings(max_examples=100)
@given(st.binary(max_size=300), st.integers(0, 250))
def test_no_body_brings_it_down(noise: bytes, length: int) -> None:
    body = _body(claims=b"{}", selfie=b"abc")
    for hostile in (noise, body[:length] + noise, body[:length]):
        try:
            asyncio.run(read_form(_request([hostile], HEADERS), LIMITS, 5))
        except KycError:
            continue


@pytest.mark.parametrize("size", [200, 201])
def test_a_part_may_be_as_large_as_its_limit(size: int) -> None:
    work = read_form(_request([_body(selfie=bytes(size))], HEADERS), LIMITS, 5)
    if size <= 200:
        assert asyncio.run(work) == {"selfie": bytes(size)}
    else:
        with pytest.raises(UploadTooLarge):
            asyncio.run(work)


def test_a_form_cut_off_is_refused() -> None:
    with pytest.raises(MultipartInvalid):
        asyncio.run(read_form(_request([_body(selfie=b"abc")[:-8]], HEADERS), LIMITS, 5))


@pytest.mark.parametrize("headers", [HEADERS, {"content-type": "image/jpeg"}])
def test_a_body_that_trickles_in_is_cut_off(headers: dict[str, str]) -> None:
    trickle = [bytes([byte]) for byte in _body(file=b"abc")[:50]]
    with pytest.raises(UploadTooSlow):
        asyncio.run(read_picture(_request(trickle, headers, pause_s=0.01), 1000, 0.05))


def _scope(path: str) -> dict[str, Any]:
    return {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b"", "path_params": {}}


async def _answers(count: int) -> AsyncIterator[list[dict[str, Any]]]:
    """``count`` uploads at once to an application that answers none before all have arrived."""
    limits = UploadLimits(max_capture_bytes=10, max_at_once=2, timeout_s=1, retry_after_s=7)
    owner = FastAPI()
    owner.state.api = SimpleNamespace(uploads=limits, service=SimpleNamespace(metrics=Metrics()))
    go_on = asyncio.Event()

    async def app(_scope: object, _receive: object, send: Callable[..., Any]) -> None:
        await go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    outer = RequestScope(app, owner)
    sent: list[list[dict[str, Any]]] = [[] for _ in range(count)]

    async def call(into: list[dict[str, Any]]) -> None:
        async def send(message: dict[str, Any]) -> None:
            into.append(message)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        await outer(_scope("/v1/verify"), receive, send)

    calls = [asyncio.create_task(call(into)) for into in sent]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(*calls)
    for messages in sent:
        yield messages


def test_only_so_many_uploads_are_held_in_memory() -> None:
    async def collect() -> list[list[dict[str, Any]]]:
        return [messages async for messages in _answers(3)]

    answers = asyncio.run(collect())
    assert [messages[0]["status"] for messages in answers] == [200, 200, 503]
    assert json.loads(answers[2][1]["body"])["code"] == "at_capacity"
    assert (b"retry-after", b"7") in answers[2][0]["headers"]

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest
from fastapi import Request
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_service.api.uploads import MultipartInvalid, UploadTooLarge, read_form
from kyc_service.errors import KycError

LIMITS = {"claims": 20, "selfie": 200}
HEADERS = {"content-type": "multipart/form-data; boundary=frontier"}


def _request(chunks: list[bytes], headers: dict[str, str]) -> Request:
    waiting = list(chunks)

    async def receive() -> dict[str, Any]:
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
    parts = asyncio.run(read_form(_request(chunks, HEADERS), LIMITS))
    assert parts == {"claims": b"{}", "selfie": selfie}


@settings(max_examples=100)
@given(st.binary(max_size=300), st.integers(0, 250))
def test_no_body_brings_it_down(noise: bytes, length: int) -> None:
    body = _body(claims=b"{}", selfie=b"abc")
    for hostile in (noise, body[:length] + noise, body[:length]):
        try:
            asyncio.run(read_form(_request([hostile], HEADERS), LIMITS))
        except KycError:
            continue


@pytest.mark.parametrize("size", [200, 201])
def test_a_part_may_be_as_large_as_its_limit(size: int) -> None:
    work = read_form(_request([_body(selfie=bytes(size))], HEADERS), LIMITS)
    if size <= 200:
        assert asyncio.run(work) == {"selfie": bytes(size)}
    else:
        with pytest.raises(UploadTooLarge):
            asyncio.run(work)


def test_a_form_cut_off_is_refused() -> None:
    with pytest.raises(MultipartInvalid):
        asyncio.run(read_form(_request([_body(selfie=b"abc")[:-8]], HEADERS), LIMITS))

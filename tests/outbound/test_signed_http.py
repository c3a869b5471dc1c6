"""Signed calls against a real server: what is agreed works, and whatever else it does ends in a typed failure, in time."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from kyc_service.outbound.failures import (
    AnswerNotSigned,
    AnswerTooLarge,
    AnswerUnusable,
    CertificatesUnusable,
    GatewayHungUp,
    GatewayNotTrusted,
    GatewayRefused,
    GatewayTimedOut,
    GatewayUnreachable,
    OutboundFailed,
    UrlNotAllowed,
)
from kyc_service.outbound.signature import SigningSecret
from kyc_service.outbound.signed_http import CallLimits, SignedHttp, checked_url
from tests.outbound.certificates import certificate
from tests.outbound.gateway import Call, Gateway, answer, running

pytestmark = pytest.mark.e2e

SECRET = SigningSecret(bytes(range(32)))
QUICK = CallLimits(connect_timeout_s=1.0, read_timeout_s=0.3, total_timeout_s=0.6, max_answer_bytes=1000)
SENT = {"to": "+8613800138000", "text": "您的验证码"}


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running() as gateway:
        yield gateway


def _http(gateway: Gateway, **more: object) -> SignedHttp:
    return SignedHttp(gateway.url, SECRET, limits=QUICK, **more)  # type: ignore[arg-type]


def test_a_call_is_signed_json_and_its_answer_an_object(gateway: Gateway) -> None:
    gateway.respond = lambda handler, _: answer(handler, b'{"accepted": true}')
    assert _http(gateway).post("phc_1", SENT) == {"accepted": True}
    (call,) = gateway.calls
    assert json.loads(call.body) == SENT
    assert call.headers["content-type"] == "application/json"
    SECRET.verify("phc_1", call.headers, call.body, datetime.now(UTC))


@pytest.mark.parametrize("status", [200, 202, 204])
def test_an_empty_success_is_an_empty_object(gateway: Gateway, status: int) -> None:
    gateway.respond = lambda handler, _: answer(handler, b"", status)
    assert _http(gateway).post("phc_1", SENT) == {}


@pytest.mark.parametrize(("status", "may_pass"), [(500, True), (503, True), (429, True), (400, False), (401, False)])
def test_a_refusal_has_its_status(gateway: Gateway, status: int, may_pass: bool) -> None:  # noqa: FBT001
    gateway.respond = lambda handler, _: answer(handler, b'{"echo": "+8613800138000"}', status)
    with pytest.raises(GatewayRefused) as refused:
        _http(gateway).post("phc_1", SENT)
    assert (refused.value.status, refused.value.may_pass) == (status, may_pass)
    assert refused.value.may_have_arrived is (status >= 500)
    assert refused.value.cause == f"outbound_refused: {status}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(gateway: Gateway, status: int) -> None:
    gateway.respond = lambda handler, _: answer(handler, b"", status, {"Location": gateway.url})
    with pytest.raises(GatewayRefused):
        _http(gateway).post("phc_1", SENT)
    assert len(gateway.calls) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b'"ok"',
        b"null",
        b"\xff\xfe",
        b"{",
        b'{"a": NaN}',
        b"[" * 900,
        b"1" * 900,
        gzip.compress(b"{}"),
    ],
)
def test_garbage_is_no_answer(gateway: Gateway, body: bytes) -> None:
    gateway.respond = lambda handler, _: answer(handler, body)
    with pytest.raises(AnswerUnusable):
        _http(gateway).post("phc_1", SENT)


def test_what_is_compressed_is_not_unpacked(gateway: Gateway) -> None:
    bomb = gzip.compress(b"{" + b" " * 500_000 + b"}")
    gateway.respond = lambda handler, _: answer(handler, bomb, 200, {"Content-Encoding": "gzip"})
    with pytest.raises(AnswerUnusable):
        _http(gateway).post("phc_1", SENT)


def test_a_huge_answer_is_not_read_to_its_end(gateway: Gateway) -> None:
    written = 0

    def endless(handler: BaseHTTPRequestHandler, _: Call) -> None:
        nonlocal written
        handler.send_response(200)
        handler.end_headers()
        for _piece in range(50_000):
            written += handler.wfile.write(b" " * 10_000)

    gateway.respond = endless
    with pytest.raises(AnswerTooLarge):
        _http(gateway).post("phc_1", SENT)
    assert written < 100_000_000


def _silent(handler: BaseHTTPRequestHandler, _: Call) -> None:
    time.sleep(1.0)
    answer(handler, b"{}")


def _trickling_body(handler: BaseHTTPRequestHandler, _: Call) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    for _piece in range(20):
        handler.wfile.write(b" ")
        time.sleep(0.1)


def _trickling_headers(handler: BaseHTTPRequestHandler, _: Call) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nX-Slow: yes":
        handler.wfile.write(bytes([letter]))
        time.sleep(0.1)


@pytest.mark.parametrize("respond", [_silent, _trickling_body, _trickling_headers])
def test_slowness_has_an_end(gateway: Gateway, respond: object) -> None:
    gateway.respond = respond  # type: ignore[assignment]
    started = time.monotonic()
    with pytest.raises(GatewayTimedOut) as failed:
        _http(gateway).post("phc_1", SENT)
    assert time.monotonic() - started < 2.0
    assert failed.value.may_pass


def _hanging_up(handler: BaseHTTPRequestHandler, _: Call) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def _half_an_answer(handler: BaseHTTPRequestHandler, _: Call) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"{")
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)


def _no_http(handler: BaseHTTPRequestHandler, _: Call) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")


@pytest.mark.parametrize("respond", [_hanging_up, _half_an_answer, _no_http])
def test_a_broken_connection_is_a_failure(gateway: Gateway, respond: object) -> None:
    gateway.respond = respond  # type: ignore[assignment]
    with pytest.raises(GatewayHungUp) as failed:
        _http(gateway).post("phc_1", SENT)
    assert failed.value.may_have_arrived


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(GatewayUnreachable) as failed:
            SignedHttp(url, SECRET, limits=QUICK).post("phc_1", SENT)
    assert failed.value.may_pass
    assert not failed.value.may_have_arrived


def test_a_failure_carries_nothing_of_what_was_sent(gateway: Gateway) -> None:
    gateway.respond = _hanging_up
    with pytest.raises(OutboundFailed) as failed:
        _http(gateway).post("phc_1", SENT)
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None
    assert "138" not in str(failed.value)


def test_answers_must_be_signed_where_that_was_agreed(gateway: Gateway) -> None:
    http = _http(gateway, answer_secret=SECRET)
    body = b'{"answer": "confirmed"}'

    def respond(headers: dict[str, str]) -> None:
        gateway.respond = lambda handler, _: answer(handler, body, 200, headers)

    respond({})
    with pytest.raises(AnswerNotSigned):
        http.post("msg_1", SENT)
    respond(SECRET.sign("msg_1", datetime.now(UTC), body))
    assert http.post("msg_1", SENT) == {"answer": "confirmed"}
    # An answer to another call, a changed one, and one of an hour ago.
    for headers in (
        SECRET.sign("msg_0", datetime.now(UTC), body),
        SECRET.sign("msg_1", datetime.now(UTC), b'{"answer": "contradicted"}'),
        SECRET.sign("msg_1", datetime.now(UTC) - timedelta(hours=1), body),
    ):
        respond(headers)
        with pytest.raises(AnswerNotSigned):
            http.post("msg_1", SENT)


@pytest.mark.parametrize(
    "text",
    ["http://sms.example/", "ftp://localhost/", "https://user:word@sms.example/", "https://", "sms", "", "http://[::1"],
)
def test_an_address_is_https_or_here(text: str) -> None:
    with pytest.raises(UrlNotAllowed):
        checked_url(text)


@pytest.mark.parametrize("text", ["https://sms.example/", "http://localhost:9/", "http://127.0.0.1/", "http://[::1]/"])
def test_addresses_that_may_be_called(text: str) -> None:
    assert checked_url(text)


def test_a_certificate_must_be_trusted(tmp_path: Path) -> None:
    path, context = certificate(tmp_path, "localhost")
    with running(context) as gateway:
        with pytest.raises(GatewayNotTrusted) as refused:
            _http(gateway).post("phc_1", SENT)
        assert not refused.value.may_pass
        assert gateway.calls == []
        assert _http(gateway, ca_file=path).post("phc_1", SENT) == {}


def test_a_certificate_must_be_for_the_name_that_was_called(tmp_path: Path) -> None:
    path, context = certificate(tmp_path, "elsewhere.example")
    with running(context) as gateway, pytest.raises(GatewayNotTrusted):
        _http(gateway, ca_file=path).post("phc_1", SENT)


def test_certificates_that_are_none_are_told_of_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    for path in (tmp_path / "missing.pem", tmp_path / "empty.pem"):
        with pytest.raises(CertificatesUnusable):
            SignedHttp("https://sms.example/", SECRET, ca_file=path)


def test_the_environment_names_no_proxy(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert _http(gateway).post("phc_1", SENT) == {}


def test_a_name_that_is_looked_up_slowly_does_not_stretch_the_total_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> list[object]:
        time.sleep(2.0)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    begun = time.monotonic()
    with pytest.raises(OutboundFailed):
        SignedHttp("https://gateway.example/codes", SECRET, limits=QUICK).post("phc_1", SENT)
    assert time.monotonic() - begun < 1.5

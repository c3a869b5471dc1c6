"""Posting to addresses that clients named: real servers on this machine that misbehave."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from kyc_service.outbound.failures import (
    GatewayHungUp,
    GatewayNotTrusted,
    GatewayTimedOut,
    GatewayUnreachable,
    OutboundFailed,
)
from kyc_service.outbound.public_http import Answered, PublicHttp
from kyc_service.outbound.signed_http import CallLimits
from kyc_service.outbound.targets import Targets, UrlNotAllowed
from tests.outbound.certificates import certificate
from tests.outbound.gateway import Call, Gateway, answer, running

pytestmark = pytest.mark.e2e

INSIDE = Targets(to_private_addresses=True)
QUICK = CallLimits(connect_timeout_s=0.3, read_timeout_s=0.5, total_timeout_s=0.8, max_answer_bytes=1000)


@pytest.fixture
def receiver() -> Iterator[Gateway]:
    with running() as gateway:
        yield gateway


def _post(url: str, http: PublicHttp | None = None) -> Answered:
    return (http or PublicHttp(INSIDE, limits=QUICK))(url, {"webhook-id": "evt_1"}, b'{"a": 1}')


def test_what_is_posted_arrives_as_it_is(receiver: Gateway) -> None:
    assert _post(receiver.url) == Answered(200)
    (call,) = receiver.calls
    assert call.body == b'{"a": 1}'
    assert call.headers["webhook-id"] == "evt_1"
    assert call.headers["content-type"] == "application/json"
    assert call.headers["host"] == receiver.url.split("/")[2]


@pytest.mark.parametrize("status", [204, 301, 302, 307, 308, 404, 410, 500])
def test_any_status_is_an_answer_and_no_redirect_is_followed(receiver: Gateway, status: int) -> None:
    receiver.respond = lambda handler, _: answer(handler, b"", status, {"Location": receiver.url})
    assert _post(receiver.url).status == status
    assert len(receiver.calls) == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120.0), ("9" * 9, 2_592_000.0), ("9" * 30, None), ("-1", None), ("²", None), ("x", None)],
)
def test_when_to_come_back(receiver: Gateway, said: str, seconds: float | None) -> None:
    receiver.respond = lambda handler, _: answer(handler, b"", 503, {"Retry-After": said.encode().decode("latin-1")})
    assert _post(receiver.url) == Answered(503, seconds)


def test_a_huge_answer_is_not_read_to_its_end(receiver: Gateway) -> None:
    written = 0

    def endless(handler: BaseHTTPRequestHandler, _: Call) -> None:
        nonlocal written
        handler.send_response(200)
        handler.end_headers()
        for _piece in range(50_000):
            written += handler.wfile.write(b" " * 10_000)

    receiver.respond = endless
    assert _post(receiver.url).status == 200
    assert written < 100_000_000


def _silent(handler: BaseHTTPRequestHandler, _: Call) -> None:
    time.sleep(1.5)
    answer(handler, b"{}")


def _trickling_headers(handler: BaseHTTPRequestHandler, _: Call) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nX-Slow: yes":
        handler.wfile.write(bytes([letter]))
        time.sleep(0.1)


@pytest.mark.parametrize("respond", [_silent, _trickling_headers])
def test_slowness_has_an_end(receiver: Gateway, respond: Any) -> None:
    receiver.respond = respond
    begun = time.monotonic()
    with pytest.raises(GatewayTimedOut):
        _post(receiver.url)
    assert time.monotonic() - begun < 1.4


def test_a_broken_connection_is_a_failure_that_carries_nothing(receiver: Gateway) -> None:
    receiver.respond = lambda handler, _: handler.connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(GatewayHungUp) as failed:
        _post(receiver.url)
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(GatewayUnreachable):
            _post(f"http://127.0.0.1:{taken.getsockname()[1]}/")


def test_an_inside_address_is_never_called(receiver: Gateway) -> None:
    for url in (receiver.url, receiver.url.replace("http://", "https://"), "https://127.0.0.1/"):
        with pytest.raises(UrlNotAllowed):
            _post(url, PublicHttp(limits=QUICK))
    assert receiver.calls == []


def test_a_name_is_resolved_once_and_called_where_it_was_checked(
    receiver: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        if name != "rebind.example":
            return real(host, port, *args, **kwargs)
        asked.append(name)
        # Allowed at first; at a second look it would lead elsewhere.
        where = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    assert _post(receiver.url.replace("localhost", "rebind.example")).status == 200
    assert asked == ["rebind.example"]
    assert receiver.calls[0].headers["host"].startswith("rebind.example:")


def test_an_address_that_does_not_answer_is_passed_over(receiver: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    def two(_host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, port)) for where in ("127.0.0.9", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    assert _post(receiver.url).status == 200


def test_the_certificate_must_be_trusted_and_for_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, context = certificate(tmp_path, "bank.example")

    def here(_host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", here)
    trusting = PublicHttp(INSIDE, limits=QUICK, ca_file=path)
    with running(context) as receiver:
        with pytest.raises(GatewayNotTrusted):
            _post(receiver.url.replace("localhost", "bank.example"))
        with pytest.raises(GatewayNotTrusted):
            _post(receiver.url, trusting)
        assert receiver.calls == []
        assert _post(receiver.url.replace("localhost", "bank.example"), trusting).status == 200


def test_the_environment_names_no_proxy(receiver: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert _post(receiver.url).status == 200


def test_a_name_that_is_looked_up_slowly_does_not_stretch_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> list[object]:
        time.sleep(2.0)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    begun = time.monotonic()
    with pytest.raises(OutboundFailed):
        _post("https://bank.example/")
    assert time.monotonic() - begun < 1.5

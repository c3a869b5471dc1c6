"""The small receiver: what is signed is printed once, all else is turned away."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from kyc_service.cli.main import app
from kyc_service.cli.webhooks import receiver
from kyc_service.outbound.signature import SigningSecret

pytestmark = pytest.mark.e2e

SECRET = SigningSecret(bytes(range(32)))
BODY = b'{"type": "verification.verified", "id": "evt_1"}'


@contextmanager
def _listening() -> Iterator[tuple[int, list[str]]]:
    said: list[str] = []
    with receiver("127.0.0.1", 0, SECRET, said.append) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1], said
        finally:
            server.shutdown()
            thread.join()


def _post(port: int, headers: dict[str, str], body: bytes = BODY) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("POST", "/", body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_what_is_signed_is_said_once() -> None:
    headers = SECRET.sign("evt_1", datetime.now(UTC), BODY)
    with _listening() as (port, said):
        assert [_post(port, headers), _post(port, headers)] == [204, 204]
    assert [json.loads(line) for line in said] == [json.loads(BODY)]


def test_what_is_not_signed_like_this_is_turned_away() -> None:
    now = datetime.now(UTC)
    with _listening() as (port, said):
        for headers in (
            {},
            SigningSecret(bytes(32)).sign("evt_1", now, BODY),
            SECRET.sign("evt_1", now, BODY + b" "),
            SECRET.sign("evt_1", now - timedelta(hours=1), BODY),
        ):
            assert _post(port, headers) == 401
        assert _post(port, {"Content-Length": "99999999"}, b"") == 413
    assert said == []


def test_a_secret_that_is_none_is_said_without_repeating_it() -> None:
    ran = CliRunner().invoke(app, ["webhooks", "listen", "--secret", "whsec_short"])
    assert ran.exit_code != 0
    assert "short" not in ran.output

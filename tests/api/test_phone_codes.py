"""One-time codes over HTTP: sent to the claimed number, repeated; every refusal as a problem; nothing told."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from kyc_service.settings import Settings
from tests.outbound.gateway import Gateway, answer, running

pytestmark = pytest.mark.integration

CLAIMS = {"claims": {"phone_number": "+8613800138000"}}
OTHER = {"phone_number": "+8613912345678"}
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"phone_code_sender": "file"})


@pytest.fixture
def base(client: TestClient) -> str:
    return f"/v1/verifications/{client.post('/v1/verifications', json=CLAIMS).json()['id']}"


@pytest.fixture
def sent(settings: Settings) -> Callable[[], list[dict[str, str]]]:
    path: Path = settings.phone_code_path
    return lambda: [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_is_sent_and_repeated(client: TestClient, base: str, sent: Callable[[], Any]) -> None:
    asked = client.post(f"{base}/phone-code", json={})
    assert asked.status_code == 202, asked.text
    body = asked.json()
    assert set(body) == {"id", "expires_at", "delivery", "tries_left", "resend_after_s"}
    assert (body["delivery"], body["tries_left"], body["resend_after_s"]) == ("sent", 5, 60)
    ((line),) = sent()
    assert (line["to"], line["id"]) == ("+8613800138000", body["id"])
    wrong = client.post(f"{base}/phone-code/check", json={"code": _wrong(line["code"])})
    assert (wrong.status_code, wrong.json()) == (200, {"confirmed": False, "tries_left": 4})
    right = client.post(f"{base}/phone-code/check", json={"code": line["code"]})
    assert (right.status_code, right.json()) == (200, {"confirmed": True, "tries_left": 3})
    again = client.post(f"{base}/phone-code/check", json={"code": line["code"]})
    assert again.json() == right.json()
    kinds = [event["type"] for event in client.get(f"{base}/events").json()["items"]]
    assert kinds[-2:] == ["phone_code_sent", "phone_confirmed"]


def test_too_many_are_told_to_wait(client: TestClient, base: str, sent: Callable[[], Any]) -> None:
    client.post(f"{base}/phone-code", json={})
    again = client.post(f"{base}/phone-code", json={})
    assert (again.status_code, again.json()["code"]) == (429, "phone_code_paused")
    assert 1 <= int(again.headers["Retry-After"]) <= 60
    assert len(sent()) == 1


def test_each_state_that_does_not_allow_it_has_its_problem(
    client: TestClient, base: str, sent: Callable[[], Any]
) -> None:
    def check(code: str) -> tuple[int, str]:
        refused = client.post(f"{base}/phone-code/check", json={"code": code})
        return refused.status_code, refused.json().get("code")

    assert check("000000") == (409, "phone_code_missing")
    client.post(f"{base}/phone-code", json={})
    code = sent()[0]["code"]
    client.put(f"{base}/claims", json=OTHER)
    assert check(code) == (409, "phone_code_missing")
    client.put(f"{base}/claims", json=CLAIMS["claims"])
    for _ in range(5):
        assert check(_wrong(code))[0] == 200
    assert check(code) == (409, "phone_code_used_up")
    client.put(f"{base}/claims", json={})
    asked = client.post(f"{base}/phone-code", json={})
    assert (asked.status_code, asked.json()["code"]) == (409, "phone_number_missing")
    client.put(f"{base}/claims", json={"phone_number": "+19005551234"})
    asked = client.post(f"{base}/phone-code", json={})
    assert (asked.status_code, asked.json()["code"]) == (409, "phone_number_not_accepted")
    assert "9005551234" not in asked.text


def test_of_a_stranger_nothing_is_told(client: TestClient) -> None:
    nobody = f"/v1/verifications/ver_{'0' * 32}/phone-code"
    assert client.post(nobody, json={}).status_code == 404
    assert client.post(f"{nobody}/check", json={"code": "000000"}).status_code == 404


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "12345a", " 12345", "１２３４５６", "٠٠٠٠٠٠", 123456, None, "123456\n"]
)
def test_what_is_no_code_takes_no_try_and_is_not_repeated(client: TestClient, base: str, code: Any) -> None:
    client.post(f"{base}/phone-code", json={})
    refused = client.post(f"{base}/phone-code/check", json={"code": code})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    if code:
        assert str(code).strip() not in refused.text
    assert client.post(f"{base}/phone-code", json={"phone_number": "+8613912345678"}).status_code == 422


def test_a_request_sent_twice_is_done_once(client: TestClient, base: str, sent: Callable[[], Any]) -> None:
    first = client.post(f"{base}/phone-code", json={}, headers={"Idempotency-Key": "send-1"})
    again = client.post(f"{base}/phone-code", json={}, headers={"Idempotency-Key": "send-1"})
    assert (again.status_code, again.content) == (202, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    ((line),) = sent()
    guess = {"code": _wrong(line["code"])}
    answers = [
        client.post(f"{base}/phone-code/check", json=guess, headers={"Idempotency-Key": "check-1"}).json()
        for _ in range(3)
    ]
    assert answers == [{"confirmed": False, "tries_left": 4}] * 3
    other = client.post(f"{base}/phone-code/check", json={"code": line["code"]}, headers={"Idempotency-Key": "check-1"})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_no_code_or_number_is_logged(client: TestClient, base: str, logs: io.StringIO, sent: Callable[[], Any]) -> None:
    client.post(f"{base}/phone-code", json={})
    code = sent()[0]["code"]
    for typed in (_wrong(code), code, code + "9"):
        client.post(f"{base}/phone-code/check", json={"code": typed})
    lines = [json.loads(line) for line in logs.getvalue().splitlines()]
    said = json.dumps([{name: value for name, value in line.items() if name != "timestamp"} for line in lines])
    assert "request_answered" in said
    events = client.get(f"{base}/events").json()["items"]
    for secret in (code, _wrong(code), "13800138000"):
        assert secret not in said
        assert secret not in json.dumps([event["payload"] for event in events])
        assert secret not in client.get("/metrics").text


class TestGateway:
    @pytest.fixture
    def gateway(self) -> Iterator[Gateway]:
        with running() as gateway:
            yield gateway

    @pytest.fixture
    def settings(self, settings: Settings, gateway: Gateway, tmp_path: Path) -> Settings:
        secret = tmp_path / "sms.secret"
        secret.touch(mode=0o600)
        secret.write_text(SECRET)
        update = {"phone_code_sender": "gateway", "phone_code_gateway_url": gateway.url}
        return settings.model_copy(update={**update, "phone_code_gateway_secret_file": secret})

    def test_the_code_goes_through_the_gateway(self, client: TestClient, base: str, gateway: Gateway) -> None:
        assert client.post(f"{base}/phone-code", json={}).json()["delivery"] == "sent"
        (call,) = gateway.calls
        code = json.loads(call.body)["code"]
        assert client.post(f"{base}/phone-code/check", json={"code": code}).json()["confirmed"] is True

    def test_a_gateway_that_refuses_is_told_of(self, client: TestClient, base: str, gateway: Gateway) -> None:
        gateway.respond = lambda handler, _: answer(handler, b"", 403)
        asked = client.post(f"{base}/phone-code", json={})
        assert asked.status_code == 202
        assert (asked.json()["delivery"], asked.json()["tries_left"], asked.json()["resend_after_s"]) == (
            "failed",
            0,
            0,
        )
        event = client.get(f"{base}/events").json()["items"][-1]
        assert (event["type"], event["payload"]["cause"]) == ("phone_code_failed", "outbound_refused: 403")
        gateway.respond = lambda handler, _: answer(handler, b"")
        assert client.post(f"{base}/phone-code", json={}).json()["delivery"] == "sent"


class TestSwitchedOff:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"phone_code_sender": "none"})

    def test_without_a_sender_it_says_so(self, client: TestClient, base: str) -> None:
        asked = client.post(f"{base}/phone-code", json={})
        assert (asked.status_code, asked.json()["code"]) == (503, "phone_codes_not_configured")
        checked = client.post(f"{base}/phone-code/check", json={"code": "000000"})
        assert (checked.status_code, checked.json()["code"]) == (409, "phone_code_missing")


def test_problems_are_declared(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    send = paths["/v1/verifications/{verification_id}/phone-code"]["post"]["responses"]
    assert "`phone_codes_not_configured`" in send["503"]["description"]
    assert "`phone_code_paused`" in send["429"]["description"]
    check = paths["/v1/verifications/{verification_id}/phone-code/check"]["post"]["responses"]
    for code in ("phone_code_missing", "phone_code_expired", "phone_code_used_up", "input_not_expected"):
        assert f"`{code}`" in check["409"]["description"]

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.settings import Settings
from kyc_service.storage.database import Database
from kyc_service.storage.keys import KEY_BYTES, MasterKey
from kyc_service.storage.master_key import MasterKeyMissing
from tests.api.conftest import key_of

pytestmark = pytest.mark.integration

CLAIMS = {
    "full_name": "欧阳示例",
    "date_of_birth": "1990-03-07",
    "id_number": "110101199003071234",
    "document_type": "cn_resident_identity_card",
    "issuing_country": "CHN",
    "phone_number": "+8613912345678",
    "address": "虚构路 17 号",
    "device_location": {"latitude": 39.9123, "longitude": 116.3977, "accuracy_m": 12.625},
    "ip_address": "203.0.113.77",
    "device": {"id": "device-4711", "timezone": "Asia/Shanghai", "locale": "zh-Hans-CN"},
}


def _values(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _values(part)]
    return [str(value)]


@pytest.mark.parametrize(
    ("given", "is_kept"), [("abcd-1234_XYZ", True), ("short", False), ("a" * 65, False), ("evil id\twith", False)]
)
def test_a_safe_request_id_is_kept(client: TestClient, given: str, is_kept: bool) -> None:  # noqa: FBT001
    answer = client.get("/healthz", headers={"X-Request-Id": given})
    assert (answer.headers["x-request-id"] == given) is is_kept
    assert answer.headers["cache-control"] == "no-store"


def test_mistakes_are_named_without_the_value(client: TestClient) -> None:
    answer = client.post("/v1/verifications", json={"claims": {"date_of_birth": "Kestrel4711", "Kestrel": 1}})
    assert answer.status_code == 422
    assert "Kestrel" not in answer.text
    assert {(e["at"], e["code"]) for e in answer.json()["errors"]} == {
        ("body.claims.date_of_birth", "date_form"),
        ("body.claims", "extra_forbidden"),
    }


def test_logs_metrics_and_problems_never_hold_claims(
    client: TestClient, logs: io.StringIO, pipeline: Any, picture: Callable[..., bytes]
) -> None:
    seen: list[str] = []
    for failure in (None, ValueError(f"cannot read {CLAIMS}"), KeyError(CLAIMS["full_name"])):
        pipeline.failure = failure
        created = client.post(
            "/v1/verifications", json={"claims": CLAIMS}, headers={"Idempotency-Key": f"key-{len(seen)}"}
        )
        base = f"/v1/verifications/{created.json()['id']}"
        client.put(f"{base}/claims", json=CLAIMS)
        for kind in ("document_front", "selfie"):
            client.put(f"{base}/captures/{kind}", content=picture())
        # A submission that fails is tried again: nobody waits here for what does not come.
        wait = {"Prefer": "wait=30" if failure is None else "wait=0"}
        client.post(f"{base}/submit", headers=wait)
        files = {"document_front": picture(), "selfie": picture()}
        client.post("/v1/verify", files=files, data={"claims": json.dumps(CLAIMS)}, headers=wait)
        if failure is not None:
            until_said(logs, type(failure).__name__)
        broken: dict[Any, Any] = {**CLAIMS, "date_of_birth": CLAIMS["full_name"], CLAIMS["id_number"]: 1}
        seen.append(client.put(f"{base}/claims", json=broken).text)
        seen.append(client.post("/v1/verify", files=files, data={"claims": json.dumps(broken)}).text)
        seen += [client.get(f"{base}/events").text, client.get("/v1/verifications").text]
    seen += [logs.getvalue(), client.get("/metrics").text]
    everything = "\n".join(seen)
    ordinary = {"cn_resident_identity_card", "CHN"}
    assert [value for value in _values(CLAIMS) if value not in ordinary and value in everything] == []
    assert json.dumps(CLAIMS["full_name"]) not in everything

    lines = [json.loads(line) for line in logs.getvalue().splitlines()]
    failures = [line for line in lines if line["event"] == "job_failed"]
    assert {line["error"] for line in failures} == {"ValueError", "KeyError"}
    assert all(line["request_id"] for line in lines if line["event"].startswith("request_"))
    answered = [line for line in lines if line["event"] == "request_answered"]
    assert {"method", "route", "status", "ms", "request_id"} <= answered[0].keys()


def until_said(logs: io.StringIO, text: str) -> None:
    until = time.monotonic() + 30
    while text not in logs.getvalue():
        assert time.monotonic() < until, "no worker came"
        time.sleep(0.05)


def test_metrics_speak_of_routes_not_of_people(client: TestClient, picture: Callable[..., bytes]) -> None:
    report = client.post("/v1/verify", files={"document_front": picture(), "selfie": picture()}).json()
    client.get(f"/v1/verifications/{report['verification_id']}")
    client.get("/nowhere/at/all")
    text = client.get("/metrics").text
    assert 'route="/v1/verifications/{verification_id}"' in text
    assert 'kyc_verdicts_total{use_case="onboarding",verdict="review"} 1.0' in text
    assert 'kyc_stage_duration_seconds_count{stage="total"} 1.0' in text
    assert "nowhere" not in text
    assert "ver_" not in text


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_may_ask_for_the_head_alone(client: TestClient, path: str) -> None:
    assert client.head(path).status_code == 200


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Host": "evil.example:8000"}, {"Host": ""}])
@pytest.mark.parametrize("path", ["/v1/verifications", "/healthz", "/nowhere"])
def test_another_name_than_ours_is_not_answered(client: TestClient, path: str, headers: dict[str, str]) -> None:
    answer = client.get(path, headers={**headers, "X-Request-Id": "abcd-1234"})
    assert (answer.status_code, answer.json()["code"]) == (400, "host_not_allowed")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "abcd-1234"
    assert client.get(path, headers={"Host": "TESTSERVER:8000"}).status_code != 400


def test_nobody_is_sent_elsewhere(client: TestClient) -> None:
    assert client.post("/v1/verify/", follow_redirects=False).status_code == 404
    assert client.get("/v1/verifications/", follow_redirects=False).status_code == 404


def test_health_readiness_and_docs(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {
        "status": "ready",
        "checks": {"database": "ok", "blobs": "ok", "policy": "ok", "master_key": "ok"},
    }
    page = client.get("/docs")
    assert page.status_code == 200
    assert "/v1/verifications/{verification_id}/submit" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert client.get("/openapi.json").json()["info"]["title"] == "kyc_service"

    engine = client.app.state.api.service.database.engine  # type: ignore[attr-defined]
    engine.dispose()
    monkeypatch.setattr(engine.dialect, "connect", _no_connection)
    gone = client.get("/readyz")
    assert (gone.status_code, gone.json()["checks"]["database"]) == (503, "database_unreachable")
    answer = client.get("/v1/verifications")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unreachable")
    assert answer.headers["retry-after"]


def test_a_service_whose_key_is_not_the_databases_is_not_ready(client: TestClient) -> None:
    client.post("/v1/verifications", json={})
    service = client.app.state.api.service  # type: ignore[attr-defined]
    object.__setattr__(service, "master_key", MasterKey(b"o" * KEY_BYTES))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["master_key"]) == (503, "master_key_mismatch")


def test_a_service_does_not_start_without_the_key_it_had(app: FastAPI, settings: Settings, database: Database) -> None:
    headers = key_of(database, FIRST_CLIENT)
    with TestClient(app, headers=headers) as client:
        verification_id = client.post("/v1/verifications", json={}).json()["id"]
    key, moved = settings.master_key_path, settings.master_key_path.with_name("moved")
    key.rename(moved)
    with pytest.raises(MasterKeyMissing), TestClient(app):
        pass
    assert not key.exists()
    moved.rename(key)
    with TestClient(app, headers=headers) as client:
        assert client.get(f"/v1/verifications/{verification_id}").status_code == 200


def _no_connection(*_: Any, **__: Any) -> None:
    raise psycopg.OperationalError("no server")

"""PUT /v1/verifications/{id}/consent, and what is not decided without."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from kyc_service.settings import Settings
from tests.api.opened import AGREED, NO_KEY, NOBODY, opened, ready, token_of
from tests.conftest import picture_bytes

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"consent_required": True})


def put(client: TestClient, verification_id: str, headers: dict[str, str] | None = None, **changes: Any) -> Any:
    path = f"/v1/verifications/{verification_id}/consent"
    return client.put(path, json=AGREED | changes, headers=headers)


def test_consent_is_put_and_shown(client: TestClient) -> None:
    created = opened(client)
    assert created["consent"] is None
    answer = put(client, created["id"], given_at="2026-11-24T08:00:00+08:00")
    assert answer.status_code == 200
    consent = answer.json()["consent"]
    assert consent["said_by"] == "client"
    assert consent["given_at"] == "2026-11-24T08:00:00+08:00"
    assert {name: consent[name] for name in AGREED} == AGREED
    assert answer.headers["ETag"] == f'"{answer.json()["version"]}"' == '"2"'
    assert client.get(f"/v1/verifications/{created['id']}").json()["consent"] == consent
    events = client.get(f"/v1/verifications/{created['id']}/events").json()["items"]
    assert [event["type"] for event in events].count("consent_given") == 1


def test_an_applicant_gives_its_own(client: TestClient) -> None:
    created = opened(client)
    answer = put(client, created["id"], token_of(created))
    assert answer.status_code == 200
    assert answer.json()["consent"]["said_by"] == "applicant"
    assert put(client, opened(client)["id"], token_of(created)).status_code == 404


def test_who_is_nobody_and_who_is_somebody_else(client: TestClient, other_client: dict[str, str]) -> None:
    created = opened(client)
    nobody = put(client, created["id"], NO_KEY)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "authentication_required")
    assert "WWW-Authenticate" in nobody.headers
    for verification_id, headers in ((created["id"], other_client), (NOBODY, None), ("ver_x", None)):
        answer = put(client, verification_id, headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "verification_not_found")


@pytest.mark.parametrize(
    "wrong", [{"purposes": []}, {"purposes": ["anything"]}, {"text_version": "张伟同意"}, {"given_at": "today"}]
)
def test_what_cannot_be_read_is_not_quoted(client: TestClient, wrong: dict[str, Any]) -> None:
    answer = put(client, opened(client)["id"], **wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert "张伟" not in answer.text


def test_not_after_it_is_over(client: TestClient) -> None:
    created = opened(client)
    client.post(f"/v1/verifications/{created['id']}/cancel")
    answer = put(client, created["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "input_not_expected")


def test_nothing_is_decided_without(client: TestClient) -> None:
    created = ready(client)
    path = f"/v1/verifications/{created['id']}/submit"
    refused = client.post(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_missing")
    put(client, created["id"], purposes=["enrolment"])
    assert client.post(path).json()["code"] == "consent_missing"
    put(client, created["id"])
    assert client.post(path).status_code == 200


def test_consent_may_come_with_the_creation(client: TestClient) -> None:
    created = ready(client, consent=AGREED)
    assert created["consent"]["said_by"] == "client"
    assert client.post(f"/v1/verifications/{created['id']}/submit").status_code == 200


def test_one_call_takes_it_too(client: TestClient) -> None:
    files = {kind: ("p.jpg", picture_bytes(), "image/jpeg") for kind in ("document_front", "selfie")}
    refused = client.post("/v1/verify", files=files)
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_missing")
    for unreadable in ("{", "[]", '{"purposes": ["verification"]}'):
        answer = client.post("/v1/verify", files=files, data={"consent": unreadable})
        assert (answer.status_code, answer.json()["code"]) == (422, "claims_invalid")
    given = {"consent": json.dumps(AGREED), "reference": "cust-1"}
    answer = client.post("/v1/verify", files=files, data=given)
    assert answer.status_code == 200
    kept = client.get("/v1/verifications", params={"reference": "cust-1"}).json()["items"]
    assert [one["consent"]["text_version"] for one in kept] == ["2026-01"]

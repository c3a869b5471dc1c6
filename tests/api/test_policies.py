"""/v1/policies: read, drafted and tried out by keys; put to use by none."""

from __future__ import annotations

import hashlib

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from kyc_service.decision.policy import Policy
from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.policies.desk import PolicyDesk
from kyc_service.policies.problems import PolicyInvalid, PolicyProblem
from kyc_service.policies.versions import activate
from tests.api.asking import TURNED_AWAY, key_of, service_of, turned_away
from tests.conftest import OTHER_CLIENT, SANDBOX_CLIENT
from tests.policies.few import change, resolve
from tests.policies.test_desk import reported

pytestmark = pytest.mark.integration

YAML = {"Content-Type": "application/yaml"}
MISTAKES = (
    PolicyProblem(7, 3, "tiers[0].always", "there is no such check"),
    PolicyProblem(2, 1, "", "the policy has no name"),
)


class Few:
    """Reads policies of one line; one that is ``wrong`` has two mistakes."""

    def resolve(self, text: str) -> Policy:
        if "wrong" in text:
            raise PolicyInvalid.because_of("text", MISTAKES)
        return resolve(text)


@pytest.fixture
def client(client: TestClient) -> TestClient:
    app = client.app
    assert isinstance(app, FastAPI)
    app.state.policies = PolicyDesk(Few)
    return client


@pytest.fixture
def asked(client: TestClient) -> dict[str, str]:
    return key_of(client, FIRST_CLIENT)


def drafted(client: TestClient, asked: dict[str, str], text: str) -> tuple[int, str]:
    answer = client.post("/v1/policies", content=text.encode(), headers={**asked, **YAML})
    return answer.status_code, answer.json().get("code", "")


def test_a_draft_is_kept_once_and_read_by_any_client(client: TestClient, asked: dict[str, str]) -> None:
    text = "bank@1 银行"
    answer = client.post("/v1/policies", content=text.encode(), headers={**asked, **YAML})
    assert answer.status_code == 201
    kept = answer.json()
    assert (kept["name"], kept["version"], kept["text"]) == ("bank", "1", text)
    assert kept["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert (kept["is_active"], kept["is_shadow"]) == (False, False)
    assert kept["author"].startswith("key:key_")
    assert drafted(client, asked, text)[0] == 200
    for client_id in (OTHER_CLIENT, SANDBOX_CLIENT):
        others = key_of(client, client_id)
        assert client.get("/v1/policies/bank/1", headers=others).json() == kept
        page = client.get("/v1/policies", headers=others).json()
        assert page == {"items": [{name: kept[name] for name in kept if name != "text"}], "has_more": False}


def test_what_is_in_use_is_marked_and_the_list_goes_on(client: TestClient, asked: dict[str, str]) -> None:
    for number in "123":
        drafted(client, asked, f"bank@{number}")
    activate(service_of(client).database, "bank", "2", change(), resolve)
    body = client.get("/v1/policies?limit=2", headers=asked).json()
    assert [(one["version"], one["is_active"]) for one in body["items"]] == [("3", False), ("2", True)]
    assert body["has_more"]
    body = client.get("/v1/policies?limit=2&starting_after=bank@2", headers=asked).json()
    assert ([one["version"] for one in body["items"]], body["has_more"]) == (["1"], False)


def test_every_mistake_is_told_at_its_line(client: TestClient, asked: dict[str, str]) -> None:
    wrong = {"policy": "wrong"}
    for answer in (
        client.post("/v1/policies", content=b"wrong", headers={**asked, **YAML}),
        client.post("/v1/policies/simulate", json=wrong, headers=asked),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "policy_invalid")
        assert answer.json()["errors"] == [
            {"at": "line 2, column 1", "code": "policy_invalid", "detail": "the policy has no name"},
            {"at": "line 7, column 3: tiers[0].always", "code": "policy_invalid", "detail": "there is no such check"},
        ]


def test_what_cannot_be_kept_is_refused(client: TestClient, asked: dict[str, str]) -> None:
    drafted(client, asked, "bank@1")
    assert drafted(client, asked, "bank@1 otherwise") == (409, "policy_version_taken")
    assert drafted(client, key_of(client, SANDBOX_CLIENT), "bank@2") == (403, "sandbox_may_not_draft")
    answer = client.post("/v1/policies", content=b"\xff", headers={**asked, **YAML})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    answer = client.post("/v1/policies", json={"policy": "bank@3"}, headers=asked)
    assert (answer.status_code, answer.json()["code"]) == (415, "media_type_unsupported")
    answer = client.post("/v1/policies", content=b"x" * 70_000, headers={**asked, **YAML})
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_large")


def test_a_policy_is_tried_on_the_callers_own_reports(client: TestClient, asked: dict[str, str]) -> None:
    service = service_of(client)
    mine = reported(service)
    reported(service, OTHER_CLIENT)
    body = client.post("/v1/policies/simulate", json={"policy": "bank@1"}, headers=asked).json()
    assert (body["new"]["name"], body["reports"], body["changed"], body["refused"]) == ("bank", 1, 1, [])
    assert body["matrix"]["approve"]["review"] == 1
    assert [one["id"] for one in body["otherwise"]] == [mine]
    sandbox = key_of(client, SANDBOX_CLIENT)
    assert client.post("/v1/policies/simulate", json={"policy": "bank@1"}, headers=sandbox).json()["reports"] == 0
    assert client.get("/v1/policies", headers=asked).json()["items"] == []


@pytest.mark.parametrize(
    "body", [{}, {"policy": "bank@1", "limit": 201}, {"policy": "bank@1", "limit": 0}, {"policy": 1}]
)
def test_what_cannot_be_tried_is_refused(client: TestClient, asked: dict[str, str], body: dict[str, object]) -> None:
    answer = client.post("/v1/policies/simulate", json=body, headers=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_half_of_a_letter_is_refused(client: TestClient, asked: dict[str, str]) -> None:
    answer = client.post(
        "/v1/policies/simulate",
        content=b'{"policy": "\\ud800"}',
        headers={**asked, "Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize("path", ["bank/9", "BANK/1", "bank/%00", "bank/" + "1" * 65])
def test_what_names_no_version_is_not_found(client: TestClient, asked: dict[str, str], path: str) -> None:
    answer = client.get(f"/v1/policies/{path}", headers=asked)
    assert (answer.status_code, answer.json()["code"]) == (404, "policy_version_not_found")


@pytest.mark.parametrize("after", ["bank@9", "bank", "@", "%00@1"])
def test_a_page_after_no_version_is_not_found(client: TestClient, asked: dict[str, str], after: str) -> None:
    answer = client.get(f"/v1/policies?starting_after={after}", headers=asked)
    assert (answer.status_code, answer.json()["code"]) == (404, "policy_version_not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/policies"),
        ("GET", "/v1/policies/bank/1"),
        ("POST", "/v1/policies"),
        ("POST", "/v1/policies/simulate"),
    ],
)
def test_only_a_clients_key_opens_it(client: TestClient, method: str, path: str) -> None:
    assert turned_away(client, FIRST_CLIENT, method, path) == TURNED_AWAY


def test_no_key_puts_a_policy_to_use(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    found = {path: set(paths[path]) for path in paths if path.startswith("/v1/policies")}
    assert found == {
        "/v1/policies": {"get", "post"},
        "/v1/policies/simulate": {"post"},
        "/v1/policies/{name}/{version}": {"get"},
    }

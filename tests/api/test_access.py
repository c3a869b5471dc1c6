"""Every operation there is, asked by nobody, by another verification's applicant and by another client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from kyc_service.access.clients import disable_client, revoke_key
from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.settings import Settings
from tests.api.asking import key_of, service_of
from tests.api.opened import AGREED, opened, token_of
from tests.api.test_cases import opened as opened_case
from tests.conftest import picture_bytes
from tests.verification.decided import CONSENT, NOW, approved

pytestmark = pytest.mark.integration

Operation = tuple[str, str]
Declared = dict[Operation, set[str]]

UNGUARDED: Final = {"/healthz", "/readyz", "/metrics"}
"""What a load balancer and a collector ask; nothing of anybody's is in it."""
BODIES: Final[dict[Operation, dict[str, Any]]] = {
    ("PUT", "/v1/verifications/{verification_id}/consent"): AGREED,
    ("PUT", "/v1/verifications/{verification_id}/face-block"): {"reason": "manual_fraud"},
    ("POST", "/v1/verifications/{verification_id}/phone-code/check"): {"code": "123456"},
    ("POST", "/v1/webhooks/{webhook_id}/replay"): {"since": "2026-01-01T00:00:00Z"},
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"phone_code_sender": "file"})


def guarded(declared: Declared) -> Iterator[Operation]:
    return (operation for operation in declared if operation[1] not in UNGUARDED)


def asked(client: TestClient, operation: Operation, ids: dict[str, str], headers: dict[str, str]) -> Any:
    method, route = operation
    path = route.format_map({"kind": "selfie", "name": "none", "version": "1"} | ids)
    if "/captures/" in route:
        media = "video/mp4" if route.endswith("liveness") else "image/jpeg"
        return client.request(method, path, content=picture_bytes(), headers=headers | {"Content-Type": media})
    body = None if method in {"GET", "DELETE"} else BODIES.get(operation, {})
    return client.request(method, path, json=body, headers=headers)


@pytest.fixture
def ids(client: TestClient) -> dict[str, str]:
    """Ids of what the first client has, one of each kind."""
    _, person_id = approved(service_of(client), consent=CONSENT)
    assert person_id is not None
    person = client.get(f"/v1/persons/{person_id}").json()
    webhook_id = client.post("/v1/webhooks", json={"url": "https://93.184.215.14/"}).json()["id"]
    client.post(f"/v1/webhooks/{webhook_id}/test", json={})
    deliveries = client.get(f"/v1/webhooks/{webhook_id}/deliveries").json()["items"]
    return {
        "verification_id": opened(client)["id"],
        "person_id": person_id,
        "enrolment_id": person["enrolments"][0]["id"],
        "case_id": opened_case(client)[0],
        "webhook_id": webhook_id,
        "delivery_id": deliveries[0]["id"],
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer kyc_live_" + "A" * 43},
        {"Authorization": "Bearer kyc_applicant_e30.AAAA"},
        {"Authorization": "Basic a3ljOmt5Yw=="},
    ],
    ids=["none", "no key", "no token", "another scheme"],
)
def test_nobody_gets_anything(client: TestClient, declared: Declared, headers: dict[str, str]) -> None:
    nothing = dict.fromkeys(
        ("verification_id", "person_id", "enrolment_id", "case_id", "webhook_id", "delivery_id"), "x"
    )
    answers = {operation: asked(client, operation, nothing, headers) for operation in guarded(declared)}
    assert len(answers) > 40
    assert {operation: answer.status_code for operation, answer in answers.items() if answer.status_code != 401} == {}
    assert {answer.headers["WWW-Authenticate"] for answer in answers.values()} == {"Bearer"}


def test_the_applicant_of_another_verification_gets_nothing(
    client: TestClient, declared: Declared, ids: dict[str, str]
) -> None:
    other = token_of(opened(client))
    statuses = {operation: asked(client, operation, ids, other).status_code for operation in guarded(declared)}
    assert {operation: status for operation, status in statuses.items() if status not in {403, 404}} == {}


def test_another_client_finds_nothing(
    client: TestClient, declared: Declared, ids: dict[str, str], other_client: dict[str, str]
) -> None:
    """And that it finds nothing lies in whose it is: the owner, asking the same way, finds it."""
    of_things = [operation for operation in guarded(declared) if any(f"{{{name}}}" in operation[1] for name in ids)]
    assert len(of_things) > 25
    theirs = {operation: asked(client, operation, ids, other_client).status_code for operation in of_things}
    assert {operation: status for operation, status in theirs.items() if status != 404} == {}
    codes = {operation: asked(client, operation, ids, {}) for operation in sorted(of_things, key=_ending_last)}
    unfound = {
        operation: answer.json()["code"]
        for operation, answer in codes.items()
        if answer.status_code == 404 and answer.json()["code"] not in {"report_not_found", "policy_version_not_found"}
    }
    assert unfound == {}


def _ending_last(operation: Operation) -> tuple[bool, int]:
    return operation[0] == "DELETE", -len(operation[1])


def test_lists_have_nothing_of_another_client(
    client: TestClient, ids: dict[str, str], other_client: dict[str, str]
) -> None:
    for path in ("verifications", "persons", "cases", "webhooks"):
        assert client.get(f"/v1/{path}").json()["items"]
        assert client.get(f"/v1/{path}", headers=other_client).json()["items"] == []
    assert client.post("/v1/verifications/search", json={}, headers=other_client).status_code in {200, 422}
    assert ids


def test_a_key_is_refused_from_the_moment_it_is_revoked(client: TestClient) -> None:
    database = service_of(client).database
    headers = key_of(client, FIRST_CLIENT)
    assert client.get("/v1/verifications", headers=headers).status_code == 200
    with database.transaction() as tx:
        key_id = max(tx.clients.keys_of(FIRST_CLIENT), key=lambda key: key.created_at).id
        ids = [key.id for key in tx.clients.keys_of(FIRST_CLIENT)]
    for one in ids:
        revoke_key(database, one, NOW)
    assert key_id in ids
    assert client.get("/v1/verifications", headers=headers).status_code == 401


def test_a_disabled_client_is_refused_and_so_are_its_applicants(client: TestClient) -> None:
    created = opened(client)
    path = f"/v1/verifications/{created['id']}"
    token = token_of(created)
    assert client.get(f"{path}/result", headers=token).status_code == 200
    disable_client(service_of(client).database, FIRST_CLIENT, NOW)
    assert client.get(path).status_code == 401
    assert client.get(f"{path}/result", headers=token).status_code == 401

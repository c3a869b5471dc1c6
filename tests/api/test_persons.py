"""/v1/persons: read and deleted by whose they are; no template and no number in any answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from kyc_service.domain.clients import FIRST_CLIENT
from tests.api.asking import TURNED_AWAY, key_of, service_of, turned_away
from tests.conftest import OTHER_CLIENT
from tests.verification.decided import CONSENT, NOW, approved

pytestmark = pytest.mark.integration

NOBODY = "per_" + "0" * 32
NO_ENROLMENT = "enr_" + "0" * 32


def verified(client: TestClient, **more: Any) -> tuple[str, str]:
    """Ids of a person of the first client and of a verification of theirs."""
    record, person_id = approved(service_of(client), **more)
    assert person_id is not None
    return person_id, record.id


@pytest.fixture
def asked(client: TestClient) -> dict[str, str]:
    return key_of(client, FIRST_CLIENT)


def test_a_person_is_read_with_verifications_and_enrolments(client: TestClient, asked: dict[str, str]) -> None:
    person_id, verification_id = verified(client, consent=CONSENT)
    person = client.get(f"/v1/persons/{person_id}", headers=asked).json()
    enrolment_id = person["enrolments"][0]["id"]
    at = "2026-11-24T12:00:00Z"
    listed = {"id": person_id, "created_at": at, "updated_at": at, "deleted_at": None}
    assert person == {
        **listed,
        "verifications": [{"id": verification_id, "status": "verified", "created_at": at}],
        "enrolments": [
            {
                "id": enrolment_id,
                "verification_id": verification_id,
                "made_by": "null_embedder",
                "created_at": at,
                "ended_at": None,
            }
        ],
    }
    assert client.get("/v1/persons", headers=asked).json() == {"items": [listed], "has_more": False}


def test_the_list_goes_on_where_it_ended(client: TestClient, asked: dict[str, str]) -> None:
    made = [verified(client, number=f"G1234567{at}", at=NOW + timedelta(seconds=at))[0] for at in range(3)]
    body = client.get("/v1/persons?limit=2", headers=asked).json()
    assert ([one["id"] for one in body["items"]], body["has_more"]) == ([made[2], made[1]], True)
    body = client.get(f"/v1/persons?limit=2&starting_after={made[1]}", headers=asked).json()
    assert ([one["id"] for one in body["items"]], body["has_more"]) == ([made[0]], False)


def test_a_person_is_deleted_and_stays_so(client: TestClient, asked: dict[str, str]) -> None:
    person_id, verification_id = verified(client, consent=CONSENT)
    for _ in range(2):
        answer = client.delete(f"/v1/persons/{person_id}", headers=asked)
        assert (answer.status_code, answer.content) == (204, b"")
    person = client.get(f"/v1/persons/{person_id}", headers=asked).json()
    assert person["deleted_at"] is not None
    assert [one["ended_at"] for one in person["enrolments"]] == [person["deleted_at"]]
    assert [one["id"] for one in person["verifications"]] == [verification_id]
    assert client.get("/v1/persons", headers=asked).json() == {"items": [], "has_more": False}
    assert verified(client)[0] != person_id


def test_consent_withdrawn_ends_one_enrolment(client: TestClient, asked: dict[str, str]) -> None:
    person_id, verification_id = verified(client, consent=CONSENT)
    path = f"/v1/persons/{person_id}"
    enrolment_id = client.get(path, headers=asked).json()["enrolments"][0]["id"]
    for _ in range(2):
        assert client.delete(f"{path}/enrolments/{enrolment_id}", headers=asked).status_code == 204
    person = client.get(path, headers=asked).json()
    assert person["deleted_at"] is None
    assert person["enrolments"][0]["ended_at"] is not None
    with service_of(client).database.transaction() as tx:
        last = tx.events.of(verification_id)[-1]
    assert (last.type.value, last.payload["cause"], last.actor[:8]) == (
        "enrolment_ended",
        "consent_withdrawn",
        "key:key_",
    )


def test_another_clients_person_is_not_there(client: TestClient, asked: dict[str, str]) -> None:
    person_id, _ = verified(client, consent=CONSENT)
    path = f"/v1/persons/{person_id}"
    enrolment_id = client.get(path, headers=asked).json()["enrolments"][0]["id"]
    other = key_of(client, OTHER_CLIENT)
    for method, asked_for in [
        ("GET", path),
        ("DELETE", path),
        ("DELETE", f"{path}/enrolments/{enrolment_id}"),
        ("GET", f"/v1/persons?starting_after={person_id}"),
    ]:
        answer = client.request(method, asked_for, headers=other)
        assert (answer.status_code, answer.json()["code"]) == (404, "person_not_found")
    assert client.get(path, headers=asked).json()["enrolments"][0]["ended_at"] is None


@pytest.mark.parametrize("person_id", [NOBODY, "per_", "ver_" + "0" * 32, "%00", "x" * 64])
def test_what_names_nobody_is_not_found(client: TestClient, asked: dict[str, str], person_id: str) -> None:
    for method, path in (("GET", ""), ("DELETE", ""), ("DELETE", f"/enrolments/{NO_ENROLMENT}")):
        answer = client.request(method, f"/v1/persons/{person_id}{path}", headers=asked)
        assert (answer.status_code, answer.json()["code"]) == (404, "person_not_found")


@pytest.mark.parametrize("enrolment_id", [NO_ENROLMENT, "enr_", "%00"])
def test_what_names_no_enrolment_is_not_found(client: TestClient, asked: dict[str, str], enrolment_id: str) -> None:
    person_id, _ = verified(client)
    answer = client.delete(f"/v1/persons/{person_id}/enrolments/{enrolment_id}", headers=asked)
    assert (answer.status_code, answer.json()["code"]) == (404, "enrolment_not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/persons"),
        ("GET", f"/v1/persons/{NOBODY}"),
        ("DELETE", f"/v1/persons/{NOBODY}"),
        ("DELETE", f"/v1/persons/{NOBODY}/enrolments/{NO_ENROLMENT}"),
    ],
)
def test_only_a_clients_key_opens_it(client: TestClient, method: str, path: str) -> None:
    assert turned_away(client, FIRST_CLIENT, method, path) == TURNED_AWAY


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_has_its_limits(client: TestClient, asked: dict[str, str], limit: int) -> None:
    answer = client.get(f"/v1/persons?limit={limit}", headers=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")

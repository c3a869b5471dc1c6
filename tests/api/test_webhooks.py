"""/v1/webhooks: made, changed, tested and replayed by whose they are; secrets are shown once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from starlette.testclient import TestClient

from kyc_service.api.webhooks import EventType
from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.notifications.webhooks.message import EVENT_TYPES
from kyc_service.outbound.signature import secret_of
from kyc_service.outbound.targets import Targets
from tests.api.asking import TURNED_AWAY, service_of, turned_away

pytestmark = pytest.mark.integration

PATH = "/v1/webhooks"
URL = "https://93.184.215.14/kyc?token=ours"
NOWHERE = "whe_" + "0" * 32
NO_DELIVERY = "whd_" + "0" * 32


def made(client: TestClient, **more: Any) -> dict[str, Any]:
    answer = client.post(PATH, json={"url": URL, **more})
    assert answer.status_code == 201
    body: dict[str, Any] = answer.json()
    return body


def test_a_webhook_is_made_and_its_secret_shown_once(client: TestClient) -> None:
    body = made(client, event_types=["verification.verified"])
    assert len(secret_of(body.pop("secret")).key) == 32
    assert (body["url"], body["event_types"], body["enabled"], body["version"]) == (
        URL,
        ["verification.verified"],
        True,
        1,
    )
    read = client.get(f"{PATH}/{body['id']}")
    assert read.json() == body
    assert read.headers["ETag"] == '"1"'
    assert client.get(PATH).json() == {"items": [body], "has_more": False}


def test_a_request_sent_twice_makes_one_webhook_and_shows_one_secret(client: TestClient) -> None:
    first, second = (client.post(PATH, json={"url": URL}, headers={"Idempotency-Key": "once"}) for _ in range(2))
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(client.get(PATH).json()["items"]) == 1
    path = f"{PATH}/{first.json()['id']}"
    for way, body in (("rotate-secret", {}), ("test", {}), ("replay", {"since": "2026-01-01T00:00:00Z"})):
        one, two = (
            client.post(f"{path}/{way}", json=body, headers={"Idempotency-Key": f"once-{way}"}) for _ in range(2)
        )
        assert one.json() == two.json()
    assert len(client.get(f"{path}/deliveries").json()["items"]) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.215.14/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/",
        "https://user:word@93.184.215.14/",
        "https://93.184.215.14:22/",
    ],
)
def test_an_address_that_leads_inside_is_refused(client: TestClient, url: str) -> None:
    webhook_id = made(client)["id"]
    for answer in (client.post(PATH, json={"url": url}), client.patch(f"{PATH}/{webhook_id}", json={"url": url})):
        assert (answer.status_code, answer.json()["code"]) == (422, "webhook_url_not_allowed")
        assert url not in answer.text


@pytest.mark.parametrize("types", [[], ["verification.unknown"], ["webhook.test"], "verification.verified"])
def test_only_types_that_there_are_can_be_chosen(client: TestClient, types: object) -> None:
    assert client.post(PATH, json={"url": URL, "event_types": types}).status_code == 422


def test_the_types_that_are_documented_are_those_that_are_sent() -> None:
    assert EventType.__args__ == EVENT_TYPES  # type: ignore[attr-defined]


def test_ten_webhooks_are_the_most(client: TestClient) -> None:
    ids = [made(client)["id"] for _ in range(10)]
    answer = client.post(PATH, json={"url": URL})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhooks")
    page = client.get(f"{PATH}?limit=4&starting_after={ids[8]}").json()
    assert ([one["id"] for one in page["items"]], page["has_more"]) == (ids[7:3:-1], True)
    client.delete(f"{PATH}/{ids[0]}")
    made(client)


def test_a_webhook_is_changed_by_who_read_it_last(client: TestClient) -> None:
    path = f"{PATH}/{made(client, event_types=['verification.verified'])['id']}"
    changed = client.patch(path, json={"enabled": False}, headers={"If-Match": '"1"'})
    assert (changed.json()["enabled"], changed.json()["version"]) == (False, 2)
    assert changed.json()["event_types"] == ["verification.verified"]
    stale = client.patch(path, json={"enabled": True}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch")
    body = client.patch(path, json={"enabled": True, "event_types": None}).json()
    assert (body["enabled"], body["event_types"], body["disabled_at"]) == (True, None, None)


def test_a_secret_is_rotated(client: TestClient) -> None:
    body = made(client)
    rotated = client.post(f"{PATH}/{body['id']}/rotate-secret", json={"overlap_hours": 168})
    assert rotated.status_code == 200
    assert rotated.json()["secret"] != body["secret"]
    for hours in (-1, 169, "x"):
        answer = client.post(f"{PATH}/{body['id']}/rotate-secret", json={"overlap_hours": hours})
        assert answer.status_code == 422


def test_a_test_is_on_its_way_and_can_be_sent_again(client: TestClient) -> None:
    path = f"{PATH}/{made(client)['id']}"
    sent = client.post(f"{path}/test", json={})
    assert (sent.status_code, sent.json()["type"], sent.json()["state"]) == (202, "webhook.test", "pending")
    assert client.get(f"{path}/deliveries?state=pending").json() == {"items": [sent.json()], "has_more": False}
    assert client.get(f"{path}/deliveries?state=failed").json() == {"items": [], "has_more": False}
    again = client.post(f"{path}/deliveries/{sent.json()['id']}/resend", json={})
    assert (again.status_code, again.json()["id"]) == (202, sent.json()["id"])
    client.patch(path, json={"enabled": False})
    for way, body in (
        ("test", {}),
        (f"deliveries/{sent.json()['id']}/resend", {}),
        ("replay", {"since": "2026-01-01T00:00:00Z"}),
    ):
        answer = client.post(f"{path}/{way}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "webhook_disabled")


def test_messages_of_before_are_replayed(client: TestClient) -> None:
    client.post("/v1/verifications", json={"use_case": "onboarding"})
    path = f"{PATH}/{made(client)['id']}"
    answer = client.post(f"{path}/replay", json={"since": "2026-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()) == (202, {"count": 1, "next_since": None})
    assert client.post(f"{path}/replay", json={"since": "2026-01-01T00:00:00"}).status_code == 422
    (delivery,) = client.get(f"{path}/deliveries").json()["items"]
    assert delivery["type"] == "verification.requires_input"


_WAYS = [
    ("GET", "", None),
    ("PATCH", "", {}),
    ("DELETE", "", None),
    ("POST", "/rotate-secret", {}),
    ("POST", "/test", {}),
    ("GET", "/deliveries", None),
    ("POST", f"/deliveries/{NO_DELIVERY}/resend", {}),
    ("POST", "/replay", {"since": "2026-01-01T00:00:00Z"}),
]


def test_another_clients_webhook_is_not_there(client: TestClient, other_client: dict[str, str]) -> None:
    webhook_id = made(client)["id"]
    for method, way, body in _WAYS:
        answer = client.request(method, f"{PATH}/{webhook_id}{way}", json=body, headers=other_client)
        assert (answer.status_code, answer.json()["code"]) == (404, "webhook_not_found"), way
    assert client.get(PATH, headers=other_client).json()["items"] == []
    assert client.get(f"{PATH}/{webhook_id}").json()["version"] == 1


@pytest.mark.parametrize(("method", "way", "body"), _WAYS)
def test_what_names_no_webhook_is_not_found(client: TestClient, method: str, way: str, body: object) -> None:
    for webhook_id in (NOWHERE, "whe_", "%00"):
        answer = client.request(method, f"{PATH}/{webhook_id}{way}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "webhook_not_found")


def test_what_names_no_delivery_is_not_found(client: TestClient) -> None:
    path = f"{PATH}/{made(client)['id']}/deliveries"
    for answer in (
        client.post(f"{path}/{NO_DELIVERY}/resend", json={}),
        client.get(f"{path}?starting_after={NO_DELIVERY}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "webhook_delivery_not_found")


@pytest.mark.parametrize(("method", "way"), [(method, f"/{NOWHERE}{way}") for method, way, _ in _WAYS] + [("GET", "")])
def test_only_a_clients_key_opens_it(client: TestClient, method: str, way: str) -> None:
    assert turned_away(client, FIRST_CLIENT, method, PATH + way) == TURNED_AWAY


def test_neither_secrets_nor_addresses_are_logged(client: TestClient, logs: io.StringIO) -> None:
    secret = made(client)["secret"]
    assert secret not in logs.getvalue()
    assert "token=ours" not in logs.getvalue()
    assert service_of(client).webhook_targets == Targets()

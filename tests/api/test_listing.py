"""GET /v1/verifications and POST /v1/verifications/search: one's own, narrowed down, found without personal data in URLs."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.opened import NO_KEY, NOBODY, opened, token_of

pytestmark = pytest.mark.integration

LIST = "/v1/verifications"
SEARCH = "/v1/verifications/search"
NUMBER = "11010519491231002X"


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def test_filters_narrow_the_list_down(client: TestClient, other_client: dict[str, str]) -> None:
    first = opened(client, reference="cust-1")
    second = opened(client, reference="cust-2", use_case="reverification")
    third = opened(client, reference="cust-1")
    theirs = opened(client, other_client, reference="cust-1")
    client.post(f"{LIST}/{third['id']}/cancel")
    for wanted, found in (
        ({}, [third, second, first]),
        ({"reference": "cust-1"}, [third, first]),
        ({"use_case": "reverification"}, [second]),
        ({"status": "canceled"}, [third]),
        ({"status": "canceled", "reference": "cust-2"}, []),
        ({"tier": "standard"}, [third, second, first]),
        ({"tier": "plus"}, []),
        ({"created_after": first["created_at"]}, [third, second]),
        ({"created_before": third["created_at"]}, [second, first]),
    ):
        assert ids(client.get(LIST, params=wanted)) == [one["id"] for one in found], wanted
    assert ids(client.get(LIST, headers=other_client)) == [theirs["id"]]


def test_pages_follow_each_other(client: TestClient, other_client: dict[str, str]) -> None:
    made = [opened(client)["id"] for _ in range(3)]
    first = client.get(LIST, params={"limit": 2})
    assert (ids(first), first.json()["has_more"]) == (made[:0:-1], True)
    rest = client.get(LIST, params={"limit": 2, "starting_after": made[1]})
    assert (ids(rest), rest.json()["has_more"]) == (made[:1], False)
    theirs = opened(client, other_client)["id"]
    for unknown in (NOBODY, theirs, "ver_x"):
        answer = client.get(LIST, params={"starting_after": unknown})
        assert (answer.status_code, answer.json()["code"]) == (404, "verification_not_found")


def test_numbers_and_phones_are_found_in_whatever_spelling(client: TestClient, other_client: dict[str, str]) -> None:
    claims = {"id_number": NUMBER, "phone_number": "+8613912345678"}
    mine = opened(client, claims=claims, reference="cust-1")["id"]
    opened(client, other_client, claims=claims, reference="cust-1")
    for wanted in (
        {"id_number": NUMBER},
        {"id_number": "110105 19491231 002x"},
        {"phone_number": "+86 139 1234 5678"},
        {"phone_number": "13912345678"},
        {"reference": "cust-1"},
    ):
        assert ids(client.post(SEARCH, json=wanted)) == [mine], wanted
    for absent in ({"id_number": "110105194912310021"}, {"phone_number": NUMBER}, {"reference": "cust"}):
        assert ids(client.post(SEARCH, json=absent)) == []


def test_what_was_corrected_before_it_was_submitted_leaves_nothing_behind(client: TestClient) -> None:
    made = opened(client, claims={"id_number": NUMBER})["id"]
    client.put(f"{LIST}/{made}/claims", json={"id_number": "G12345678"})
    assert ids(client.post(SEARCH, json={"id_number": NUMBER})) == []
    assert ids(client.post(SEARCH, json={"id_number": "g1234-5678"})) == [made]


@pytest.mark.parametrize("wrong", [{}, {"id_number": NUMBER, "reference": "x"}, {"name": "x"}, {"id_number": ""}])
def test_exactly_one_thing_is_looked_for(client: TestClient, wrong: dict[str, Any]) -> None:
    answer = client.post(SEARCH, json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert NUMBER not in answer.text


def test_nobody_and_no_applicant_sees_lists(client: TestClient) -> None:
    applicant = token_of(opened(client))
    for headers, said in ((NO_KEY, (401, "authentication_required")), (applicant, (403, "applicant_not_allowed"))):
        for answer in (
            client.get(LIST, headers=headers),
            client.post(SEARCH, json={"reference": "x"}, headers=headers),
        ):
            assert (answer.status_code, answer.json()["code"]) == said


def test_what_cannot_be_a_time_is_refused(client: TestClient) -> None:
    assert client.get(LIST, params={"created_after": "2026-11-24"}).status_code == 422

"""/v1/cases: read by whose they are, with words for staff; nothing decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from kyc_service.decision.verdict import Check, RaisedReason
from kyc_service.domain.checks import CheckName
from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.outcome import Action, Outcome, Verdict
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.verification.cases import open_case
from tests.api.asking import TURNED_AWAY, key_of, service_of, turned_away
from tests.conftest import OTHER_CLIENT
from tests.verification.decided import NOW, decided, report_of

pytestmark = pytest.mark.integration

NOBODY = "case_" + "0" * 32


def opened(client: TestClient, name: CheckName = CheckName.FACE_MATCH, *, after_s: int = 0) -> tuple[str, str]:
    """Ids of a case of the first client and of its verification."""
    service = service_of(client)
    at = NOW + timedelta(seconds=after_s)
    raised = (RaisedReason(Reason.FACE_MISMATCH, Action.REVIEW),)
    check = Check(name, Outcome.REJECTED, is_required=True, reasons=raised, judged=())
    with service.database.transaction() as tx:
        record = decided(service, tx, Verdict.REVIEW, at=at)
        report = report_of(record, Verdict.REVIEW, checks=(check,), reasons=(Reason.FACE_MISMATCH,))
        case = open_case(service, tx, record, report, at)
    assert case is not None
    return case.id, record.id


def test_a_case_is_read_with_its_reasons_in_words(client: TestClient) -> None:
    case_id, verification_id = opened(client)
    asked = key_of(client, FIRST_CLIENT)
    case = client.get(f"/v1/cases/{case_id}", headers=asked).json()
    assert case == {
        "id": case_id,
        "verification_id": verification_id,
        "attempt": 1,
        "status": "open",
        "queue": "faces",
        "reasons": [{"code": "face_mismatch", "message": CATALOGUE[Reason.FACE_MISMATCH].staff}],
        "version": 1,
        "created_at": "2026-11-24T12:00:00Z",
        "updated_at": "2026-11-24T12:00:00Z",
    }
    assert client.get("/v1/cases", headers=asked).json() == {"items": [case], "has_more": False}


def test_the_list_is_narrowed_and_goes_on_where_it_ended(client: TestClient) -> None:
    first, second = (opened(client, after_s=at)[0] for at in range(2))
    third, _ = opened(client, CheckName.MRZ, after_s=2)
    asked = key_of(client, FIRST_CLIENT)

    def ids(query: str) -> tuple[list[str], bool]:
        body = client.get(f"/v1/cases?{query}", headers=asked).json()
        return [case["id"] for case in body["items"]], body["has_more"]

    assert ids("limit=2") == ([third, second], True)
    assert ids(f"limit=2&starting_after={second}") == ([first], False)
    assert ids("queue=documents&status=open") == ([third], False)


def test_another_clients_case_is_not_there(client: TestClient) -> None:
    case_id, _ = opened(client)
    asked = key_of(client, OTHER_CLIENT)
    for path in (f"/v1/cases/{case_id}", f"/v1/cases?starting_after={case_id}"):
        answer = client.get(path, headers=asked)
        assert (answer.status_code, answer.json()["code"]) == (404, "case_not_found")
    assert client.get("/v1/cases", headers=asked).json() == {"items": [], "has_more": False}


@pytest.mark.parametrize("case_id", [NOBODY, "case_", "ver_" + "0" * 32, "%00", "x" * 64])
def test_what_names_no_case_is_not_found(client: TestClient, case_id: str) -> None:
    asked = key_of(client, FIRST_CLIENT)
    for path in (f"/v1/cases/{case_id}", f"/v1/cases?starting_after={case_id}"):
        answer = client.get(path, headers=asked)
        assert (answer.status_code, answer.json()["code"]) == (404, "case_not_found")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "status=decided", "queue=mine"])
def test_what_cannot_be_asked_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/v1/cases?{query}", headers=key_of(client, FIRST_CLIENT))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize("path", ["/v1/cases", f"/v1/cases/{NOBODY}"])
def test_only_a_clients_key_opens_it(client: TestClient, path: str) -> None:
    assert turned_away(client, FIRST_CLIENT, "GET", path) == TURNED_AWAY


def test_no_key_decides_a_case(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert [set(paths[path]) for path in paths if path.startswith("/v1/cases")] == [{"get"}, {"get"}]

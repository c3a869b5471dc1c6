"""GET /v1/verifications/{id}/result: in the applicant's language, and nothing that is not for the applicant."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.settings import Settings
from tests.api.opened import AGREED, NO_KEY, NOBODY, opened, token_of, upload
from tests.conftest import NullPipeline

pytestmark = pytest.mark.integration

SHOWN = {"verification_id", "status", "next_step", "captures", "messages"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"consent_required": True})


def test_step_by_step_to_a_retake_and_on(client: TestClient, pipeline: NullPipeline) -> None:
    created = opened(client)
    applicant, base = token_of(created), f"/v1/verifications/{created['id']}"

    def step(language: str = "zh-CN,zh;q=0.9") -> tuple[str, str, list[str], list[str]]:
        answer = client.get(f"{base}/result", headers=applicant | {"Accept-Language": language})
        body = answer.json()
        assert answer.headers["Content-Language"] == language[:2]
        assert set(body) == SHOWN
        return body["status"], body["next_step"], body["captures"], body["messages"]

    assert step() == ("requires_input", "give_consent", [], [])
    client.put(f"{base}/consent", json=AGREED, headers=applicant)
    assert step() == ("requires_input", "take_captures", ["document_front", "selfie"], [])
    upload(client, created["id"], "document_front")
    assert step()[2] == ["selfie"]
    upload(client, created["id"], "selfie")
    assert step()[1:] == ("submit", [], [])
    pipeline.verdict = Verdict.RETAKE
    client.post(f"{base}/submit", headers=applicant)
    blurred = CATALOGUE[Reason.FACE_BLURRED]
    assert step() == ("requires_input", "take_captures", ["selfie"], [blurred.applicant_zh])
    assert step("en")[3] == [blurred.applicant]
    upload(client, created["id"], "selfie")
    assert step()[1:] == ("submit", [], [])
    pipeline.verdict = Verdict.REVIEW
    client.post(f"{base}/submit", headers=applicant)
    # The name does not match: that is for staff.
    assert step() == ("in_review", "wait", [], [])


def test_what_is_over_asks_for_nothing(client: TestClient) -> None:
    created = opened(client)
    client.post(f"/v1/verifications/{created['id']}/cancel")
    body = client.get(f"/v1/verifications/{created['id']}/result").json()
    assert (body["status"], body["next_step"]) == ("canceled", "none")


def test_who_is_nobody_and_who_is_somebody_else(client: TestClient, other_client: dict[str, str]) -> None:
    created = opened(client)
    path = f"/v1/verifications/{created['id']}/result"
    assert client.get(path, headers=NO_KEY).json()["code"] == "authentication_required"
    assert client.get(path, headers=other_client).status_code == 404
    assert client.get(path, headers=token_of(opened(client))).status_code == 404
    assert client.get(f"/v1/verifications/{NOBODY}/result").json()["code"] == "verification_not_found"


def test_whatever_the_applicant_does_after_a_retake_nothing_of_the_report_is_answered(
    client: TestClient, pipeline: NullPipeline
) -> None:
    created = opened(client, reference="our-own-name")
    applicant, base = token_of(created), f"/v1/verifications/{created['id']}"
    client.put(f"{base}/consent", json=AGREED, headers=applicant)
    for kind in ("document_front", "selfie"):
        upload(client, created["id"], kind)
    pipeline.verdict = Verdict.RETAKE
    answers = [client.post(f"{base}/submit", headers=applicant | {"Prefer": "wait=10"})]
    assert client.get(base).json()["report"] is not None
    answers.append(client.put(f"{base}/claims", json={}, headers=applicant))
    answers.append(client.put(f"{base}/consent", json=AGREED, headers=applicant))
    answers.append(client.post(f"{base}/cancel", headers=applicant))
    for answer in answers:
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert [body[name] for name in ("report", "reference", "person_id", "policy_version")] == [None] * 4
    # What the client asks is answered in full.
    assert client.get(base).json()["reference"] == "our-own-name"

"""POST /v1/verifications/{id}/cancel, what is expired, and no more than nine attempts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from kyc_service.domain.outcome import Verdict
from kyc_service.verification.expiry import expire_verifications
from kyc_service.verification.submission import Submission
from tests.api.opened import NO_KEY, NOBODY, opened, ready, token_of, upload
from tests.conftest import NullPipeline
from tests.verification.opened import let_expire

pytestmark = pytest.mark.integration

MOST_ATTEMPTS = 9
"""As the shipped policy has it."""


def cancel_path(verification_id: str) -> str:
    return f"/v1/verifications/{verification_id}/cancel"


def test_what_waits_for_input_is_canceled_once(client: TestClient) -> None:
    created = opened(client)
    answer = client.post(cancel_path(created["id"]))
    assert (answer.status_code, answer.json()["status"]) == (200, "canceled")
    assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'
    again = client.post(cancel_path(created["id"]))
    assert (again.status_code, again.json()["code"]) == (409, "transition_not_allowed")
    refused = client.post(f"/v1/verifications/{created['id']}/submit")
    assert (refused.status_code, refused.json()["code"]) == (409, "transition_not_allowed")


def test_what_was_decided_is_not(client: TestClient) -> None:
    created = ready(client)
    assert client.post(f"/v1/verifications/{created['id']}/submit").json()["status"] == "in_review"
    answer = client.post(cancel_path(created["id"]))
    assert (answer.status_code, answer.json()["code"]) == (409, "transition_not_allowed")


def test_the_same_request_again_is_answered_the_same(client: TestClient) -> None:
    created, other = opened(client), opened(client)
    key = {"Idempotency-Key": "cancel-1"}
    first, again = (client.post(cancel_path(created["id"]), headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    reused = client.post(cancel_path(other["id"]), headers=key)
    assert (reused.status_code, reused.json()["code"]) == (409, "idempotency_key_reused")


def test_the_same_key_at_the_same_time_cancels_once(client: TestClient) -> None:
    created = opened(client)
    key = {"Idempotency-Key": "cancel-2"}
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: client.post(cancel_path(created["id"]), headers=key), range(6)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert 200 in {answer.status_code for answer in answers}
    assert len({answer.content for answer in answers if answer.status_code == 200}) == 1
    events = client.get(f"/v1/verifications/{created['id']}/events").json()["items"]
    assert [event["type"] for event in events].count("verification_canceled") == 1


def test_an_applicant_may_give_up(client: TestClient) -> None:
    created = opened(client)
    assert client.post(cancel_path(created["id"]), headers=token_of(created)).json()["status"] == "canceled"
    assert client.post(cancel_path(opened(client)["id"]), headers=token_of(created)).status_code == 404


def test_who_is_nobody_and_who_is_somebody_else(client: TestClient, other_client: dict[str, str]) -> None:
    created = opened(client)
    nobody = client.post(cancel_path(created["id"]), headers=NO_KEY)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "authentication_required")
    for verification_id, headers in ((created["id"], other_client), (NOBODY, None)):
        answer = client.post(cancel_path(verification_id), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "verification_not_found")
    assert client.get(f"/v1/verifications/{created['id']}").json()["status"] == "requires_input"


def test_what_is_expired_takes_nothing_any_more(client: TestClient, app: FastAPI) -> None:
    service = app.state.api.service
    created, other = ready(client), opened(client)
    assert created["expires_at"] > created["created_at"]
    for each in (created, other):
        let_expire(service, each["id"])
    base = f"/v1/verifications/{created['id']}"
    consent = {"text_version": "1", "locale": "en", "purposes": ["verification"]}
    picture = {"content": b"x", "headers": {"Content-Type": "image/jpeg"}}
    answers = [
        client.post(f"{base}/submit"),
        client.put(f"{base}/claims", json={}),
        client.put(f"{base}/consent", json=consent),
        client.put(f"{base}/captures/selfie", **picture),  # type: ignore[arg-type]
        client.post(f"{base}/challenge", json={}),
        client.post(cancel_path(created["id"])),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "verification_expired")}
    assert client.get(base).json()["status"] == "expired"
    assert expire_verifications(service) == 1
    assert client.get(f"/v1/verifications/{other['id']}").json()["status"] == "expired"


def test_the_ninth_attempt_goes_to_people_and_there_is_no_tenth(client: TestClient, pipeline: NullPipeline) -> None:
    def unusable(submission: Submission) -> None:
        # As the policy has it: an unusable capture is taken again, until it has been nine times.
        is_last = submission.attempt >= MOST_ATTEMPTS
        pipeline.verdict = Verdict.REVIEW if is_last else Verdict.RETAKE

    pipeline.work = unusable
    created = ready(client)
    path = f"/v1/verifications/{created['id']}"
    seen = []
    for _ in range(9):
        answer = client.post(f"{path}/submit")
        assert answer.status_code == 200, answer.text
        seen.append(answer.json()["status"])
        if seen[-1] == "requires_input":
            upload(client, created["id"], "selfie")
    assert seen == ["requires_input"] * 8 + ["in_review"]
    for refused, code in (
        (client.post(f"{path}/submit"), "transition_not_allowed"),
        (client.put(f"{path}/claims", json={}), "input_not_expected"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    after = client.get(path).json()
    assert (after["attempt"], after["status"]) == (9, "in_review")
    assert len(pipeline.seen) == 9
    assert after["last_error"] is None

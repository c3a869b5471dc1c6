"""A running API and its policies: taken up without a restart, refused where none can be read, shadowed unharmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final, cast

import pytest
import sqlalchemy
from fastapi import FastAPI
from starlette.testclient import TestClient

from kyc_service.app import create_app
from kyc_service.bootstrap import Rules
from kyc_service.decision.policy import Policy
from kyc_service.decision.report import NO_TRACES
from kyc_service.domain.facts import Facts
from kyc_service.domain.outcome import Action
from kyc_service.domain.reasons import Reason
from kyc_service.policies.in_use import PoliciesOfDatabase
from kyc_service.policies.load import PolicyInvalid
from kyc_service.policies.versions import activate, draft, end_shadow, rollback, shadow
from kyc_service.settings import Settings
from kyc_service.storage.database import Database
from kyc_service.verification.pipeline import Engines, Pipeline, _Seen
from kyc_service.verification.submission import Submission
from kyc_service.verification.trail import Trail
from tests.decision.policies import POLICY, line, match
from tests.policies.few import NOW, change
from tests.policies.few import resolve as resolve_few

pytestmark = pytest.mark.integration

Picture = Callable[..., bytes]

OWN: Final = replace(POLICY, name="own", version="0")
MEASURED: Final = (match(0.7), line("voip"))
"""What every submission here is measured as: reviewed by the shipped actions, approved by a lenient policy."""


class Measured(Pipeline):
    """The real pipeline, but for what the models would have measured."""

    def _measure(self, submission: Submission, policy: Policy, trail: Trail) -> _Seen:
        del submission, policy, trail
        return _Seen((), None, Facts(), MEASURED, NO_TRACES)


def resolve(text: str) -> Policy:
    """As :func:`tests.policies.few.resolve`; one ``lenient`` lets the line type pass, one ``crashing`` has no tier."""
    policy = resolve_few(text)
    if "lenient" in text:
        policy = replace(policy, actions={**policy.actions, Reason.PHONE_LINE_UNUSUAL: Action.NONE})
    return replace(policy, tiers={}) if "crashing" in text else policy


def resolve_here(text: str) -> Policy:
    """What the API's own installation can read: it has lost a calibration."""
    if "calibrated" in text:
        raise PolicyInvalid("policy text cannot be used: there is no such calibration")
    return resolve(text)


@pytest.fixture
def policies(database: Database) -> PoliciesOfDatabase:
    return PoliciesOfDatabase(database, OWN, resolve_here)


@pytest.fixture
def pipeline(policies: PoliciesOfDatabase) -> Iterator[Pipeline]:
    nothing = cast("Any", None)
    engines = Engines(documents=nothing, faces=nothing, liveness=nothing, places=nothing, models={})
    with ThreadPoolExecutor(1) as branches:
        yield Measured(engines, policies, branches)


@pytest.fixture
def app(settings: Settings, policies: PoliciesOfDatabase) -> FastAPI:
    rules = Rules(lambda: frozenset(policies().active.tiers), "null_embedder")
    return create_app(settings, lambda *_: rules)


def drafted(database: Database, *texts: str) -> None:
    for text in texts:
        draft(database, text, "author", NOW, resolve)


def ready(client: TestClient, picture: Picture) -> str:
    path = f"/v1/verifications/{client.post('/v1/verifications', json={}).json()['id']}"
    for kind in ("document_front", "selfie"):
        assert client.put(f"{path}/captures/{kind}", content=picture()).status_code == 200
    return path


def submitted(client: TestClient, picture: Picture) -> dict[str, Any]:
    answer = client.post(f"{ready(client, picture)}/submit")
    assert answer.status_code == 200, answer.text
    return cast("dict[str, Any]", answer.json())


def decided(client: TestClient, picture: Picture) -> tuple[str, str, str]:
    body = submitted(client, picture)
    assert body["policy_version"] == body["report"]["policy"]["version"]
    return body["report"]["policy"]["name"], body["policy_version"], body["report"]["verdict"]


def test_what_is_activated_decides_the_next_submission_of_a_running_service(
    client: TestClient, database: Database, picture: Picture
) -> None:
    assert decided(client, picture) == ("own", "0", "review")
    drafted(database, "bank@1 lenient", "bank@2")
    assert decided(client, picture) == ("own", "0", "review")
    activate(database, "bank", "1", change(), resolve)
    assert decided(client, picture) == ("bank", "1", "approve")
    activate(database, "bank", "2", change(), resolve)
    assert decided(client, picture) == ("bank", "2", "review")
    rollback(database, change(), resolve)
    assert decided(client, picture) == ("bank", "1", "approve")


def test_a_verification_that_was_begun_before_is_decided_by_what_is_active_when_it_is_submitted(
    client: TestClient, database: Database, picture: Picture
) -> None:
    path = ready(client, picture)
    drafted(database, "bank@1 lenient")
    activate(database, "bank", "1", change(), resolve)
    assert client.post(f"{path}/submit").json()["policy_version"] == "1"


def test_a_tier_that_the_active_policy_lost_is_refused_and_the_verification_is_as_it_was(
    client: TestClient, database: Database, picture: Picture
) -> None:
    path = ready(client, picture)
    before = known_of(client, path)
    drafted(database, "bank@1 crashing")
    activate(database, "bank", "1", change(), resolve)
    for answer in (client.post(f"{path}/submit"), client.post("/v1/verifications", json={})):
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_tier")
    assert known_of(client, path) == before


def known_of(client: TestClient, path: str) -> tuple[object, object]:
    return client.get(path).json(), client.get(f"{path}/events").json()


class TestWithoutAPolicy:
    @pytest.fixture
    def path(self, client: TestClient, database: Database, picture: Picture) -> str:
        """A verification that could be submitted, when another installation activates what this one cannot read."""
        path = ready(client, picture)
        drafted(database, "bank@1 lenient", "bank@2 calibrated")
        activate(database, "bank", "1", change(), resolve)
        activate(database, "bank", "2", change(), resolve)
        return path

    def test_nothing_is_decided_and_the_verification_is_as_it_was(self, client: TestClient, path: str) -> None:
        before = known_of(client, path)
        for _ in range(2):
            answer = client.post(f"{path}/submit")
            assert (answer.status_code, answer.json()["code"]) == (503, "policy_unavailable")
            assert answer.headers["content-type"] == "application/problem+json"
            assert known_of(client, path) == before

    def test_none_is_created(self, client: TestClient, path: str, picture: Picture) -> None:
        files = {"document_front": picture(), "selfie": picture()}
        for answer in (client.post("/v1/verifications", json={}), client.post("/v1/verify", files=files)):
            assert (answer.status_code, answer.json()["code"]) == (503, "policy_unavailable")
        kept = [f"/v1/verifications/{item['id']}" for item in client.get("/v1/verifications").json()["items"]]
        assert kept == [path]

    def test_readiness_says_so_until_another_is_active(self, client: TestClient, path: str, database: Database) -> None:
        del path
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (503, "not_ready")
        assert answer.json()["checks"] == {
            "database": "ok",
            "blobs": "ok",
            "policy": "policy_unavailable",
            "master_key": "ok",
        }
        assert client.get("/healthz").status_code == 200
        rollback(database, change(), resolve)
        assert client.get("/readyz").status_code == 200

    def test_the_same_request_is_answered_once_there_is_a_policy(
        self, client: TestClient, path: str, database: Database
    ) -> None:
        key = {"Idempotency-Key": "order-66"}
        assert client.post(f"{path}/submit", headers=key).status_code == 503
        rollback(database, change(), resolve)
        answer = client.post(f"{path}/submit", headers=key)
        assert answer.status_code == 200
        assert (answer.json()["attempt"], answer.json()["policy_version"]) == (1, "1")

    @pytest.mark.parametrize(
        ("route", "method"),
        [("/v1/verifications", "post"), ("/v1/verifications/{verification_id}/submit", "post"), ("/v1/verify", "post")],
    )
    def test_the_routes_that_decide_describe_the_refusal(self, client: TestClient, route: str, method: str) -> None:
        described = client.get("/openapi.json").json()["paths"][route][method]["responses"]["503"]["description"]
        assert "`policy_unavailable`" in described


class TestShadow:
    def test_its_verdict_is_kept_and_counted_beside_the_one_that_stands(
        self, client: TestClient, database: Database, picture: Picture
    ) -> None:
        drafted(database, "bank@1 lenient")
        shadow(database, "bank", "1", change(), resolve)
        body = submitted(client, picture)
        assert (body["report"]["verdict"], body["report"]["policy"]["name"]) == ("review", "own")
        assert kept_of(database) == [(body["id"], 1, "bank", "1", "review", "approve")]
        assert counted(client) == ['kyc_shadow_verdicts_total{active="review",shadow="approve"} 1.0']
        end_shadow(database, change())
        submitted(client, picture)
        assert len(kept_of(database)) == 1
        assert len(counted(client)) == 1

    @pytest.mark.parametrize("text", ["bank@1 crashing", "bank@1 calibrated"])
    def test_one_that_crashes_or_cannot_be_read_changes_nothing(
        self, client: TestClient, database: Database, picture: Picture, text: str
    ) -> None:
        alone = without_particulars(submitted(client, picture))
        drafted(database, text)
        shadow(database, "bank", "1", change(), resolve)
        body = submitted(client, picture)
        assert without_particulars(body) == alone
        assert kept_of(database) == [(body["id"], 1, "bank", "1", "review", "no_answer")]
        assert counted(client) == ['kyc_shadow_verdicts_total{active="review",shadow="no_answer"} 1.0']
        assert client.get("/readyz").status_code == 200
        events = client.get(f"/v1/verifications/{body['id']}/events").json()["items"]
        assert [event["type"] for event in events][-3:] == [
            "verification_submitted",
            "verification_completed",
            "case_opened",
        ]

    def test_the_report_does_not_tell_of_it(self, client: TestClient, database: Database, picture: Picture) -> None:
        drafted(database, "secretive@7 lenient")
        shadow(database, "secretive", "7", change(), resolve)
        body = submitted(client, picture)
        assert "secretive" not in str(body)


def kept_of(database: Database) -> list[tuple[object, ...]]:
    said = sqlalchemy.text(
        "SELECT verification_id, attempt, name, version, active_verdict, shadow_verdict FROM shadow_verdicts"
    )
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(said)]


def counted(client: TestClient) -> list[str]:
    lines = client.get("/metrics").text.splitlines()
    return [text for text in lines if text.startswith("kyc_shadow_verdicts_total{")]


def without_particulars(body: dict[str, Any]) -> dict[str, Any]:
    """What two submissions of the same have in common."""
    report = {
        name: value
        for name, value in body["report"].items()
        if name not in ("id", "verification_id", "created_at", "timings_ms", "claims")
    }
    return {"status": body["status"], "attempt": body["attempt"], "last_error": body["last_error"], "report": report}

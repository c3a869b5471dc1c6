"""Races: the same thing is asked at the same moment, of two servers on one database, and one asker wins."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from kyc_service.app import create_app
from kyc_service.bootstrap import Rules
from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.verification import UseCase
from kyc_service.settings import Settings
from kyc_service.storage.database import Database
from tests.api.conftest import key_of
from tests.api.serving import served
from tests.conftest import picture_bytes

pytestmark = [pytest.mark.integration, pytest.mark.e2e]

AT_ONCE = 8
JPEG = {"Content-Type": "image/jpeg"}
Ask = Callable[[httpx.Client, int], httpx.Response]


@dataclass(frozen=True, slots=True)
class Racers:
    """Clients of two servers, taken in turns."""

    clients: tuple[httpx.Client, ...]
    database: Database

    def race(self, ask: Ask, at_once: int = AT_ONCE) -> list[httpx.Response]:
        """The answers of so many who ask at the same moment."""
        start = threading.Barrier(at_once)

        def one(number: int) -> httpx.Response:
            start.wait()
            return ask(self.clients[number % len(self.clients)], number)

        with ThreadPoolExecutor(at_once) as threads:
            return list(threads.map(one, range(at_once)))

    def created(self, **stills: bytes) -> str:
        """The path of a new verification with these captures."""
        answer = self.clients[0].post("/v1/verifications", json={"use_case": "onboarding", "tier": "standard"})
        path = f"/v1/verifications/{answer.json()['id']}"
        for kind, data in stills.items():
            put = self.clients[0].put(f"{path}/captures/{kind}", content=data, headers=JPEG)
            assert put.status_code == httpx.codes.OK, put.text
        return path

    def ready(self) -> str:
        """The path of a new verification that could be submitted."""
        return self.created(document_front=picture_bytes(), selfie=picture_bytes((1, 2, 3)))

    def count(self, query: str, **given: Any) -> int:
        """The one number that ``query`` gives."""
        with self.database.engine.begin() as connection:
            return int(connection.execute(text(query), given).scalar_one())


@pytest.fixture
def racers(settings: Settings, database: Database) -> Iterator[Racers]:
    rules = Rules(lambda: frozenset((use_case, "standard") for use_case in UseCase), "null_embedder")
    apps = [create_app(settings.model_copy(update={"allowed_hosts": None}), lambda *_: rules) for _ in range(2)]
    header = key_of(database, FIRST_CLIENT)
    with (
        served(apps[0]) as first,
        served(apps[1]) as second,
        httpx.Client(base_url=first, headers=header, timeout=30, trust_env=False) as one,
        httpx.Client(base_url=second, headers=header, timeout=30, trust_env=False) as other,
    ):
        yield Racers((one, other), database)


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def codes(answers: list[httpx.Response]) -> set[str]:
    return {answer.json()["code"] for answer in answers if not answer.is_success}


def test_one_idempotency_key_makes_one_verification(racers: Racers) -> None:
    body, key = {"use_case": "onboarding", "tier": "standard"}, {"Idempotency-Key": "the-same"}
    answers = racers.race(lambda http, _: http.post("/v1/verifications", json=body, headers=key))
    assert racers.count("SELECT count(*) FROM verifications") == 1
    assert len({answer.json()["id"] for answer in answers if answer.is_success}) == 1
    assert codes(answers) <= {"idempotency_key_in_use"}
    again = racers.clients[1].post("/v1/verifications", json=body, headers=key)
    assert again.json()["id"] in {answer.json()["id"] for answer in answers if answer.is_success}


def test_one_idempotency_key_for_different_requests_has_one_winner(racers: Racers) -> None:
    cases = [case.value for case in UseCase]

    def ask(http: httpx.Client, number: int) -> httpx.Response:
        body = {"use_case": cases[number % len(cases)], "tier": "standard"}
        return http.post("/v1/verifications", json=body, headers={"Idempotency-Key": "the-same"})

    answers = racers.race(ask)
    assert racers.count("SELECT count(*) FROM verifications") == 1
    assert len({answer.json()["use_case"] for answer in answers if answer.is_success}) == 1
    assert codes(answers) <= {"idempotency_key_in_use", "idempotency_key_reused"}


def test_of_submissions_one_wins(racers: Racers) -> None:
    path = racers.ready()
    answers = racers.race(lambda http, _: http.post(f"{path}/submit"))
    assert statuses(answers) == {202: 1, 409: AT_ONCE - 1}
    assert codes(answers) == {"submission_under_way"}
    assert racers.count("SELECT count(*) FROM submissions") == 1
    assert racers.count("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'decide_submission'") == 1
    assert racers.count("SELECT count(*) FROM events WHERE type = 'verification_submitted'") == 1


def test_one_submission_under_one_key_is_made_once(racers: Racers) -> None:
    path = racers.ready()
    answers = racers.race(lambda http, _: http.post(f"{path}/submit", headers={"Idempotency-Key": "the-same"}))
    assert 202 in statuses(answers)
    assert codes(answers) <= {"idempotency_key_in_use", "submission_under_way"}
    assert racers.count("SELECT count(*) FROM submissions") == 1


def test_one_challenge_is_drawn_under_one_key(racers: Racers) -> None:
    path, key = racers.created(), {"Idempotency-Key": "the-same"}
    before = racers.count("SELECT count(*) FROM challenges")
    answers = racers.race(lambda http, _: http.post(f"{path}/challenge", json={"kind": "flash"}, headers=key))
    assert racers.count("SELECT count(*) FROM challenges") == before + 1
    assert 201 in statuses(answers)
    assert codes(answers) <= {"idempotency_key_in_use"}
    drawn = {answer.json()["id"] for answer in answers if answer.is_success}
    again = racers.clients[1].post(f"{path}/challenge", json={"kind": "flash"}, headers=key)
    assert drawn == {again.json()["id"]}
    assert again.headers["Idempotent-Replayed"] == "true"
    other = racers.clients[0].post(f"{path}/challenge", json={"kind": "actions"}, headers=key)
    assert other.json()["code"] == "idempotency_key_reused"


def test_one_webhook_is_made_under_one_key(racers: Racers) -> None:
    body, key = {"url": "https://93.184.216.34/kyc"}, {"Idempotency-Key": "the-same"}
    answers = racers.race(lambda http, _: http.post("/v1/webhooks", json=body, headers=key))
    assert racers.count("SELECT count(*) FROM webhook_endpoints") == 1
    assert codes(answers) <= {"idempotency_key_in_use"}
    again = racers.clients[1].post("/v1/webhooks", json=body, headers=key)
    assert {answer.text for answer in answers if answer.is_success} == {again.text}


def test_of_captures_one_is_kept_and_the_others_leave_nothing(racers: Racers, settings: Settings) -> None:
    path = racers.created()
    pictures = [picture_bytes((number, 0, 0)) for number in range(AT_ONCE)]
    answers = racers.race(
        lambda http, number: http.put(f"{path}/captures/selfie", content=pictures[number], headers=JPEG)
    )
    assert set(statuses(answers)) <= {200, 409, 412, 429, 503}
    assert 200 in statuses(answers)
    assert racers.count("SELECT count(*) FROM captures") == 1
    assert [file.suffix for file in settings.blobs_dir.glob("??/*")] == [""]
    (kept,) = racers.clients[0].get(path).json()["captures"]
    assert kept in [
        one for answer in answers if answer.is_success for one in answer.json().get("captures", [answer.json()])
    ]


def test_of_cancellations_one_happens(racers: Racers) -> None:
    path = racers.created()
    answers = racers.race(lambda http, _: http.post(f"{path}/cancel"))
    assert set(statuses(answers)) <= {200, 409}
    assert racers.count("SELECT count(*) FROM events WHERE to_status = 'canceled'") == 1
    assert racers.clients[1].get(path).json()["status"] == "canceled"


@pytest.mark.parametrize("_round", range(4))
def test_canceled_or_submitted_but_never_both(racers: Racers, _round: int) -> None:
    path = racers.ready()
    answers = racers.race(lambda http, number: http.post(f"{path}/{('cancel', 'submit')[number % 2]}"))
    status = racers.clients[0].get(path).json()["status"]
    submitted = racers.count("SELECT count(*) FROM submissions")
    assert (status, submitted) in {("canceled", 0), ("processing", 1)}
    assert max(answer.status_code for answer in answers) == 409


def test_of_two_writers_who_read_the_same_version_one_writes(racers: Racers) -> None:
    path = racers.created()
    seen = {"If-Match": racers.clients[0].get(path).headers["ETag"]}

    def ask(http: httpx.Client, number: int) -> httpx.Response:
        return http.put(f"{path}/claims", json={"full_name": f"Applicant {number}"}, headers=seen)

    answers = racers.race(ask)
    assert statuses(answers) == {200: 1, 412: AT_ONCE - 1}

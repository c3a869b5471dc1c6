"""A service that answers from a script, and what it was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from kyc_service.client import Client

KEY = "kyc_test_a-key-that-nobody-may-see"
OPENED: dict[str, Any] = {
    "id": "ver_" + "0" * 32,
    "status": "requires_input",
    "use_case": "onboarding",
    "tier": "standard",
    "attempt": 0,
    "created_at": "2026-11-24T00:00:00Z",
    "updated_at": "2026-11-24T00:00:00Z",
}


def verification(**changed: object) -> dict[str, Any]:
    return OPENED | changed


@dataclass(slots=True)
class Scripted:
    """Gives its ``answers`` in order; one that is an exception is raised."""

    answers: list[httpx.Response | Exception] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)

    def then(self, status: int, body: object = None, **headers: str) -> Scripted:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append(httpx.Response(status, json=body, headers=named))
        return self

    def then_fails(self, error: Exception | None = None) -> Scripted:
        self.answers.append(error or httpx.ConnectError("refused"))
        return self

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def body(self, number: int) -> Any:
        return json.loads(self.asked[number].content)


@pytest.fixture
def service() -> Scripted:
    return Scripted()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was slept each time; nobody really does, but the clock goes on."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("kyc_service.client.driving.time.monotonic", lambda: sum(slept))
    monkeypatch.setattr("kyc_service.client.driving.time.sleep", slept.append)
    monkeypatch.setattr("kyc_service.client.driving.asyncio.sleep", sleep)
    return slept


@pytest.fixture
def kyc(service: Scripted, pauses: list[float]) -> Iterator[Client]:
    with Client(KEY, "http://kyc.test", transport=httpx.MockTransport(service.answer)) as client:
        yield client

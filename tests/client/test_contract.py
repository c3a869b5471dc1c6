"""Each operation of the client is one that the service's OpenAPI document describes, with a body it accepts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from kyc_service.app import create_app
from kyc_service.client import AsyncClient, Client, calls, desk
from kyc_service.client.steps import Call, Request
from kyc_service.settings import Settings

V, P, W = "ver_" + "0" * 32, "per_" + "0" * 32, "whe_" + "0" * 32
AT = datetime(2026, 11, 24, tzinfo=UTC)

OPERATIONS: dict[str, Callable[[], Call[Any]]] = {
    "create_verification": lambda: calls.create_verification(claims={"phone_confirmed_at": AT}, reference="a-7"),
    "get_verification": lambda: calls.get_verification(V),
    "give_consent": lambda: calls.give_consent(V, text_version="2026-01", locale="zh-CN", given_at=AT),
    "put_claims": lambda: calls.put_claims(V, {"full_name": "x"}, version=2),
    "put_capture": lambda: calls.put_capture(V, "selfie", b"x"),
    "put_clip": lambda: calls.put_clip(V, b"x"),
    "new_challenge": lambda: calls.new_challenge(V),
    "send_phone_code": lambda: calls.send_phone_code(V),
    "check_phone_code": lambda: calls.check_phone_code(V, "123456"),
    "submit": lambda: calls.submit(V, wait_s=3),
    "cancel": lambda: calls.cancel(V),
    "result": lambda: calls.result(V, language="zh"),
    "report": lambda: calls.report(V),
    "report_page": lambda: calls.report_page(V),
    "events": lambda: calls.events(V),
    "client_token": lambda: calls.client_token(V, lifetime_min=5),
    "block_face": lambda: calls.block_face(V, "confirmed_fraud"),
    "unblock_face": lambda: calls.unblock_face(V),
    "list_verifications": lambda: calls.list_verifications(
        V, status="verified", tier="standard", use_case="onboarding", reference="a", created_after=AT, created_before=AT
    ),
    "search_verifications": lambda: calls.search_verifications(None, phone_number="+8613805150000"),
    "list_persons": lambda: desk.list_persons(P),
    "get_person": lambda: desk.get_person(P),
    "delete_person": lambda: desk.delete_person(P),
    "end_enrolment": lambda: desk.end_enrolment(P, "enr_1"),
    "list_cases": lambda: desk.list_cases(None, status="open", queue="document"),
    "get_case": lambda: desk.get_case("case_1"),
    "list_policies": lambda: desk.list_policies(None),
    "get_policy": lambda: desk.get_policy("default", "1"),
    "draft_policy": lambda: desk.draft_policy("name: x"),
    "simulate_policy": lambda: desk.simulate_policy("name: x"),
    "create_webhook": lambda: desk.create_webhook("https://bank.example/", event_types=["verification.verified"]),
    "list_webhooks": lambda: desk.list_webhooks(None),
    "get_webhook": lambda: desk.get_webhook(W),
    "change_webhook": lambda: desk.change_webhook(W, enabled=False),
    "delete_webhook": lambda: desk.delete_webhook(W),
    "rotate_webhook_secret": lambda: desk.rotate_webhook_secret(W, overlap_hours=1),
    "try_webhook": lambda: desk.try_webhook(W),
    "replay_webhook": lambda: desk.replay_webhook(W, AT, until=AT, types=["verification.verified"]),
    "list_deliveries": lambda: desk.list_deliveries(None, W, state="pending"),
    "resend_delivery": lambda: desk.resend_delivery(W, "whd_1"),
}
MADE_OF_OTHERS = {"wait_for_result", "verify"}


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    document = create_app(Settings(_env_file=None)).openapi()
    return {**document["paths"], "": document["components"]["schemas"]}


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_both_clients_have_every_operation(client: type) -> None:
    public = {name for name in vars(client) if not name.startswith("_")} - {"close"}
    assert public == set(OPERATIONS) | MADE_OF_OTHERS


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_service_describes_it(name: str, paths: dict[str, Any]) -> None:
    request = next(OPERATIONS[name]())
    assert isinstance(request, Request)
    operation = _operation(paths, request)
    known = {(one["in"], one["name"].lower()) for one in operation.get("parameters", ())}
    assert {("query", key) for key in request.query} <= known
    content = operation.get("requestBody", {}).get("content", {})
    if request.headers.get("Content-Type") == "application/json":
        form = _form(paths, content["application/json"]["schema"])
        sent = json.loads(request.content or b"")
        assert set(form.get("required", ())) <= set(sent)
        assert set(sent) <= set(form.get("properties", {}))


def _operation(paths: dict[str, Any], request: Request) -> dict[str, Any]:
    exact = [path for path in paths if path == request.path]
    patterns = [path for path in paths if path and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), request.path)]
    for path in [*exact, *patterns]:
        if request.method.lower() in paths[path]:
            operation: dict[str, Any] = paths[path][request.method.lower()]
            return operation
    pytest.fail(f"{request.method} {request.path} is not described")


def _form(paths: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    form: dict[str, Any] = paths[""][name] if name else schema
    return form

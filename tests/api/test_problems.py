from __future__ import annotations

import html
import json
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from kyc_service.api import docs
from kyc_service.api.problems import STATUS, all_errors, status_of
from kyc_service.app import create_app
from kyc_service.errors import Conflict, Forbidden, InvalidInput, KycError, NotFound, Unavailable
from kyc_service.settings import Settings

BRANCHES = (InvalidInput, NotFound, Conflict, Forbidden, Unavailable)


@pytest.fixture
def openapi() -> str:
    return json.dumps(create_app(Settings(_env_file=None), lambda _: None).openapi())  # type: ignore[arg-type,return-value]


def test_every_error_has_a_status() -> None:
    for error in all_errors():
        assert 400 <= status_of(error) < 600, error


def test_every_error_hangs_on_a_branch_and_has_a_sentence() -> None:
    for error in all_errors():
        assert error is KycError or issubclass(error, BRANCHES), error
        assert (error.__doc__ or "").strip().splitlines()[0].endswith("."), error


def test_codes_name_one_error_each() -> None:
    codes = [error.code for error in all_errors()]
    assert len(codes) == len(set(codes))


def test_every_error_is_documented(openapi: str) -> None:
    enum = json.loads(openapi)["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    missing = {error.code for error in all_errors()} - set(enum)
    assert missing == set()


def test_the_table_holds_nothing_twice() -> None:
    for error, status in STATUS.items():
        if error not in (KycError, *BRANCHES):
            assert status is not status_of(error.__mro__[1]), error


def test_what_any_request_may_be_answered_is_declared_everywhere(openapi: str) -> None:
    for path, methods in json.loads(openapi)["paths"].items():
        for method, operation in methods.items():
            said = {status: answer["description"] for status, answer in operation["responses"].items()}
            assert "`host_not_allowed`" in said["400"], path
            assert "`upload_too_large`" in said["413"], path
            assert "`internal_error`" in said["500"], path
            if path.startswith("/v1"):
                assert "`database_unreachable`" in said["503"], path
            if "application/json" in operation.get("requestBody", {}).get("content", {}):
                assert "`bad_request`" in said["400"], (path, method)
                assert "`upload_too_slow`" in said["408"], (path, method)


def test_every_part_of_a_form_is_described_and_on_the_page(openapi: str) -> None:
    page = _page(json.loads(openapi))
    for path, methods in json.loads(openapi)["paths"].items():
        for operation in methods.values():
            form = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data", {})
            for name, field in form.get("schema", {}).get("properties", {}).items():
                assert field["description"].endswith("."), (path, name)
                assert f"<code>{name}</code><td>multipart part" in page
                assert html.escape(field["description"], quote=False).replace("'", "&#39;") in page


def _page(document: dict[str, Any]) -> str:
    app = SimpleNamespace(openapi=lambda: document)
    return bytes(docs.page(SimpleNamespace(app=app)).body).decode()  # type: ignore[arg-type]


@pytest.mark.integration
@pytest.mark.parametrize(
    ("content_type", "is_told"),
    [(None, True), ("text/plain", True), ("application/x-www-form-urlencoded", True), ("application/json", False)],
)
def test_a_body_that_nothing_says_is_json_is_refused_with_that_reason(
    client: TestClient, content_type: str | None, *, is_told: bool
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    content = b'{"use_case": "onboarding"}' if is_told else b'{"use_case": "none"}'
    answer = client.post("/v1/verifications", content=content, headers=headers)
    assert answer.status_code == 422
    assert ("Content-Type: application/json" in answer.json().get("detail", "")) is is_told

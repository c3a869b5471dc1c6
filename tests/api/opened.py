"""Verifications over HTTP as they stand before the tests of single endpoints begin."""

from __future__ import annotations

from typing import Any, Final

from starlette.testclient import TestClient

from tests.conftest import picture_bytes

AGREED: Final = {"text_version": "2026-01", "locale": "zh-CN", "purposes": ["verification"]}
NOBODY: Final = "ver_" + "0" * 32
NO_KEY: Final = {"Authorization": ""}


def opened(client: TestClient, headers: dict[str, str] | None = None, **body: Any) -> dict[str, Any]:
    """What a new verification is answered with."""
    answer = client.post("/v1/verifications", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def ready(client: TestClient, **body: Any) -> dict[str, Any]:
    """The same, with its captures uploaded."""
    created = opened(client, **body)
    for kind in ("document_front", "selfie"):
        upload(client, created["id"], kind)
    return created


def upload(client: TestClient, verification_id: str, kind: str) -> None:
    """Upload a capture."""
    path = f"/v1/verifications/{verification_id}/captures/{kind}"
    answer = client.put(path, content=picture_bytes(), headers={"Content-Type": "image/jpeg"})
    assert answer.status_code == 200, answer.text


def token_of(created: dict[str, Any]) -> dict[str, str]:
    """The header of the applicant of a verification."""
    return {"Authorization": f"Bearer {created['client_token']['token']}"}

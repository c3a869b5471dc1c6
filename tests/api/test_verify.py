from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from kyc_service.verification.admission import Admission

pytestmark = pytest.mark.integration

Picture = Callable[..., bytes]


def _files(picture: Picture, **more: bytes) -> dict[str, bytes]:
    return {"document_front": picture(), "selfie": picture(), **more}


def test_one_call_answers_the_report(client: TestClient, picture: Picture) -> None:
    claims = {"claims": json.dumps({"full_name": "张伟"})}
    answer = client.post("/v1/verify", files=_files(picture, document_back=picture()), data=claims)
    assert answer.status_code == 200
    report = answer.json()
    assert (report["verdict"], report["claims"]["full_name"]) == ("review", "张伟")
    kept = client.get(f"/v1/verifications/{report['verification_id']}").json()
    assert kept["report"] == report
    assert [capture["kind"] for capture in kept["captures"]] == ["document_back", "document_front", "selfie"]


def test_claims_may_be_left_out(client: TestClient, picture: Picture) -> None:
    assert client.post("/v1/verify", files=_files(picture)).status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"data": {"claims": '{"full_name": 7}'}}, 422, "claims_invalid"),
        ({"data": {"claims": "{"}}, 422, "claims_invalid"),
        ({"data": {"use_case": "party"}}, 422, "claims_invalid"),
        ({"data": {"tier": "platinum"}}, 422, "unknown_tier"),
        ({"data": {"claims": "x" * 70_000}}, 413, "upload_too_large"),
        ({"data": {"colour": "red"}}, 400, "multipart_invalid"),
        ({"files": {"selfie": b"GIF89a"}}, 409, "captures_missing"),
        ({"files": {"document_front": b"text", "selfie": b"text"}}, 415, "image_type_unsupported"),
        ({"files": None, "json": {}}, 415, "media_type_unsupported"),
        ({"headers": {"Idempotency-Key": ""}}, 422, "invalid_input"),
    ],
)
def test_each_refusal_is_a_problem_and_keeps_nothing(
    client: TestClient, picture: Picture, change: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post("/v1/verify", **{"files": _files(picture), **change})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get("/v1/verifications").json()["items"] == []


@pytest.mark.parametrize("kind", ["document_front", "document_back", "selfie"])
@pytest.mark.parametrize("data", [b"", b"text", b"\xff\xd8\xff" + bytes(400), bytes(50_001)])
def test_a_refused_picture_is_told_by_its_capture(client: TestClient, picture: Picture, kind: str, data: bytes) -> None:
    answer = client.post("/v1/verify", files={**_files(picture, document_back=picture()), kind: data})
    assert (answer.status_code // 100, answer.json()["capture"]) == (4, kind)


def test_a_tier_that_is_none_is_answered_with_those_that_are(client: TestClient, picture: Picture) -> None:
    problem = client.post("/v1/verify", files=_files(picture), data={"tier": "platinum"}).json()
    assert problem["detail"].endswith("it has: standard.")
    assert "capture" not in problem


def test_the_same_key_and_parts_are_done_once(client: TestClient, pipeline: Any, picture: Picture) -> None:
    key = {"Idempotency-Key": "once"}
    first = client.post("/v1/verify", files=_files(picture), headers=key)
    again = client.post("/v1/verify", files=_files(picture), headers=key)
    assert first.headers["content-type"] == again.headers["content-type"]
    assert first.content == again.content
    assert len(pipeline.seen) == 1
    other = client.post("/v1/verify", files=_files(picture, document_back=picture()), headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_no_upload_touches_the_disk_in_the_clear(
    client: TestClient, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a temporary file was opened")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", refuse)
    large = picture() + bytes(40_000)
    assert client.post("/v1/verify", files={"document_front": large, "selfie": large}).status_code == 200


def test_a_full_service_says_when_to_come_back(client: TestClient, pipeline: Any, picture: Picture) -> None:
    go_on, entered = threading.Event(), threading.Semaphore(0)

    def hold(_: object) -> None:
        entered.release()
        go_on.wait(20)

    pipeline.work = hold
    # Large ones: what is no larger than a JSON body needs no place in memory.
    large = {kind: data + bytes(40_000) for kind, data in _files(picture).items()}
    with ThreadPoolExecutor(2) as pool:
        held = [pool.submit(client.post, "/v1/verify", files=large) for _ in range(2)]
        for _ in held:
            assert entered.acquire(timeout=20)
        answer = client.post("/v1/verify", files=large)
        go_on.set()
        assert [one.result().status_code for one in held] == [200, 200]
    assert (answer.status_code, answer.json()["code"]) == (503, "at_capacity")
    assert answer.headers["retry-after"] == "7"


def test_a_full_line_leaves_a_verification_as_it_was(client: TestClient, picture: Picture) -> None:
    created = client.post("/v1/verifications", json={}).json()["id"]
    service = client.app.state.api.service  # type: ignore[attr-defined]
    object.__setattr__(service, "admission", Admission(awaited=0, queued=0, retry_after_s=9))
    answer = client.post(f"/v1/verifications/{created}/submit")
    assert client.post("/v1/verify", files=_files(picture)).status_code == 503
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "9")
    assert client.get(f"/v1/verifications/{created}").json()["status"] == "requires_input"

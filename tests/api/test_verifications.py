from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from kyc_service.domain.outcome import Verdict

pytestmark = pytest.mark.integration

NOBODY = "ver_" + "0" * 32
Picture = Callable[..., bytes]


def _create(client: TestClient, **body: Any) -> str:
    return str(client.post("/v1/verifications", json=body).json()["id"])


def _ready(client: TestClient, picture: Picture) -> str:
    verification_id = _create(client)
    for kind in ("document_front", "selfie"):
        path = f"/v1/verifications/{verification_id}/captures/{kind}"
        assert client.put(path, content=picture(), headers={"Content-Type": "image/jpeg"}).status_code == 200
    return verification_id


def test_from_creation_to_report(client: TestClient, picture: Picture) -> None:
    created = client.post("/v1/verifications", json={"claims": {"full_name": "张伟"}})
    assert created.status_code == 201
    body = created.json()
    assert (body["status"], body["attempt"]) == ("requires_input", 0)
    assert body["required_captures"] == ["document_front", "selfie"]
    base = f"/v1/verifications/{body['id']}"

    claims = client.put(f"{base}/claims", json={"full_name": "李娜", "phone_number": "+8613800138000"})
    assert claims.status_code == 200
    front = client.put(f"{base}/captures/document_front", files={"file": ("f.jpg", picture(), "image/jpeg")})
    assert front.status_code == 200
    assert front.json()["media_type"] == "image/jpeg"
    png = picture(form="PNG")
    selfie = client.put(f"{base}/captures/selfie", content=png, headers={"Content-Type": "application/octet-stream"})
    assert selfie.json()["byte_size"] == len(png)
    assert (selfie.json()["width"], selfie.json()["height"]) == (96, 64)

    submitted = client.post(f"{base}/submit")
    assert submitted.status_code == 200
    assert submitted.json()["status"] == "in_review"
    assert submitted.json()["report"]["claims"]["full_name"] == "李娜"
    assert submitted.json() == client.get(base).json()
    report = client.get(f"{base}/report")
    assert report.headers["content-type"] == "application/json"
    assert report.json() == submitted.json()["report"]
    assert report.json()["verification_id"] == body["id"]

    events = client.get(f"{base}/events").json()["items"]
    assert [event["type"] for event in events] == [
        "verification_created",
        "challenge_issued",
        "claims_changed",
        "capture_uploaded",
        "capture_uploaded",
        "verification_submitted",
        "verification_completed",
        "case_opened",
    ]
    assert [(e["from_status"], e["to_status"]) for e in events[-3:-1]] == [
        ("requires_input", "processing"),
        ("processing", "in_review"),
    ]


def test_a_retake_speaks_to_the_applicant(client: TestClient, pipeline: Any, picture: Picture) -> None:
    pipeline.verdict = Verdict.RETAKE
    answer = client.post(f"/v1/verifications/{_ready(client, picture)}/submit").json()
    assert answer["status"] == "requires_input"
    error = answer["last_error"]
    assert (error["code"], error["captures"]) == ("retake_required", ["selfie"])
    assert error["reasons"] == [
        {
            "code": "face_blurred",
            "message": "The picture is blurred. Hold the phone still.",
            "message_zh": "照片模糊。请拿稳手机。",
        }
    ]


def test_lists_are_read_page_by_page(client: TestClient) -> None:
    made = [_create(client) for _ in range(3)]
    first = client.get("/v1/verifications", params={"limit": 2}).json()
    assert ([item["id"] for item in first["items"]], first["has_more"]) == (made[:0:-1], True)
    rest = client.get("/v1/verifications", params={"starting_after": made[1]}).json()
    assert ([item["id"] for item in rest["items"]], rest["has_more"]) == (made[:1], False)
    assert client.get("/v1/verifications", params={"status": "verified"}).json()["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", NOBODY, {}, 404, "verification_not_found"),
        ("GET", "ver_%00", {}, 404, "verification_not_found"),
        ("GET", f"{NOBODY}/events", {}, 404, "verification_not_found"),
        ("GET", f"{NOBODY}/report", {}, 404, "verification_not_found"),
        ("POST", f"{NOBODY}/submit", {}, 404, "verification_not_found"),
        ("PUT", f"{NOBODY}/claims", {"json": {}}, 404, "verification_not_found"),
        ("PUT", f"{NOBODY}/captures/selfie", {"content": b"x"}, 404, "verification_not_found"),
        ("PUT", f"{NOBODY}/captures/portrait", {"content": b"x"}, 422, "invalid_input"),
        ("GET", "?limit=0", {}, 422, "invalid_input"),
        ("GET", "?status=great", {}, 422, "invalid_input"),
        ("GET", "?starting_after=x", {}, 404, "verification_not_found"),
        ("POST", "", {"json": {"tier": "platinum"}}, 422, "unknown_tier"),
        ("POST", "", {"json": {"tier": "a\x00"}}, 422, "invalid_input"),
        ("POST", "", {"content": b"{"}, 422, "invalid_input"),
        ("POST", "", {"content": b"[" * 60_000}, 400, "bad_request"),
        ("POST", "", {"content": b'{"tier": "' + b"a" * 70_000 + b'"}'}, 413, "upload_too_large"),
        ("POST", "", {"json": {}, "headers": {"Idempotency-Key": "x" * 256}}, 422, "invalid_input"),
        ("DELETE", "", {}, 405, "method_not_allowed"),
        ("GET", f"{NOBODY}/nothing", {}, 404, "not_found"),
    ],
)
def test_each_refusal_is_a_problem(
    client: TestClient, method: str, path: str, options: dict[str, Any], status: int, code: str
) -> None:
    separator = "" if not path or path.startswith("?") else "/"
    if "content" in options and not path:
        options = {**options, "headers": {"Content-Type": "application/json"}}
    answer = client.request(method, f"/v1/verifications{separator}{path}", **options)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["type"] == f"urn:kyc-service:problem:{code}"


def test_an_undecided_verification_has_no_report(client: TestClient) -> None:
    answer = client.get(f"/v1/verifications/{_create(client)}/report")
    assert (answer.status_code, answer.json()["code"]) == (404, "report_not_found")


def test_conflicts(client: TestClient, picture: Picture) -> None:
    verification_id = _create(client)
    base = f"/v1/verifications/{verification_id}"
    assert client.post(f"{base}/submit").json()["code"] == "captures_missing"
    base = f"/v1/verifications/{_ready(client, picture)}"
    assert client.post(f"{base}/submit").status_code == 200
    for answer in (
        client.put(f"{base}/claims", json={}),
        client.put(f"{base}/captures/selfie", content=picture()),
        client.post(f"{base}/submit"),
    ):
        assert answer.status_code == 409
    assert answer.json()["code"] == "transition_not_allowed"


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"content": b""}, 422, "image_empty"),
        ({"content": b"some text"}, 415, "image_type_unsupported"),
        ({"content": b"\xff\xd8\xff" + bytes(400)}, 422, None),
        ({"content": b"x" * 50_001}, 413, "upload_too_large"),
        ({"content": iter([b"x" * 40_000] * 3)}, 413, "upload_too_large"),
        ({"content": b"x", "headers": {"Content-Type": "text/plain"}}, 415, "media_type_unsupported"),
        ({"files": {"file": b"x" * 50_001}}, 413, "upload_too_large"),
        ({"files": {"other": b"x"}}, 400, "multipart_invalid"),
        ({"files": [("file", b"x"), ("file", b"y")]}, 400, "multipart_invalid"),
        ({"content": b"--b", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, 400, "multipart_invalid"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "multipart_invalid"),
        (
            {"content": b"x", "headers": {"Content-Type": f"multipart/form-data; boundary={'b' * 300}"}},
            400,
            "multipart_invalid",
        ),
    ],
)
def test_hostile_uploads_get_a_clear_problem(
    client: TestClient, options: dict[str, Any], status: int, code: str | None
) -> None:
    base = f"/v1/verifications/{_create(client)}"
    answer = client.put(f"{base}/captures/document_front", **options)
    assert answer.status_code == status
    assert code in (None, answer.json()["code"])
    assert answer.json().get("capture", "document_front") == "document_front"
    assert client.get(base).json()["captures"] == []


def test_the_same_key_gives_the_same_answer(client: TestClient, pipeline: Any, picture: Picture) -> None:
    key = {"Idempotency-Key": "order-66"}
    first = client.post("/v1/verifications", json={"claims": {"full_name": "a"}}, headers=key)
    again = client.post("/v1/verifications", json={"claims": {"full_name": "a"}}, headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    other = client.post("/v1/verifications", json={"claims": {"full_name": "b"}}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")

    path = f"/v1/verifications/{_ready(client, picture)}/submit"
    key = {"Idempotency-Key": "order-67"}
    first = client.post(path, headers=key)
    assert client.post(path, headers=key).content == first.content
    assert len(pipeline.seen) == 1


def test_a_crash_says_nothing_and_is_tried_again(client: TestClient, pipeline: Any, picture: Picture) -> None:
    verification_id = _ready(client, picture)
    pipeline.failure = ValueError("secret 4711")
    answer = client.post(f"/v1/verifications/{verification_id}/submit", headers={"Prefer": "wait=1"})
    assert (answer.status_code, answer.json()["status"]) == (202, "processing")
    assert "4711" not in answer.text
    pipeline.failure = None
    path = f"/v1/verifications/{verification_id}"
    until = time.monotonic() + 30
    while client.get(path).json()["status"] == "processing":
        assert time.monotonic() < until, "it was not tried again"
        time.sleep(0.1)
    assert client.get(path).json()["status"] == "in_review"

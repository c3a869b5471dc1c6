"""The challenge over HTTP: drawn with the verification, answered once by frames or a video."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from starlette.testclient import TestClient

from kyc_service.decision.verdict import Check, RaisedReason
from kyc_service.domain.checks import CheckName
from kyc_service.domain.outcome import Action, Outcome
from kyc_service.domain.reasons import Reason
from kyc_service.verification.lockout import FAILURES

pytestmark = pytest.mark.integration

Picture = Callable[..., bytes]


@pytest.fixture
def base(client: TestClient) -> str:
    return f"/v1/verifications/{client.post('/v1/verifications', json={}).json()['id']}"


def _frames(picture: Picture, count: int = 3) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("frames", (f"{n}.jpg", picture((40 * n, 90, 90)), "image/jpeg")) for n in range(count)]


def _video(folder: Path) -> bytes:
    writer = cv2.VideoWriter(str(folder / "c.webm"), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"VP80"), 10, (96, 64))
    for number in range(6):
        writer.write(np.full((64, 96, 3), 40 * number, dtype=np.uint8))
    writer.release()
    return (folder / "c.webm").read_bytes()


def test_a_created_verification_says_what_to_do(client: TestClient, base: str) -> None:
    challenge = client.get(base).json()["challenge"]
    assert challenge["kind"] == "actions"
    assert len(challenge["steps"]) == 3
    for step in challenge["steps"]:
        assert step["until_ms"] > step["from_ms"]
        assert step["action"]
        assert step["colour"] is None


def test_frames_answer_the_challenge_once(client: TestClient, base: str, picture: Picture) -> None:
    answered = client.put(f"{base}/captures/liveness", files=_frames(picture), data={"times_ms": "[0, 100, 200]"})
    assert answered.status_code == 200, answered.text
    assert answered.json()["kind"] == "liveness"
    assert answered.json()["media_type"] == "application/zip"
    assert client.get(base).json()["challenge"] is None
    again = client.put(f"{base}/captures/liveness", files=_frames(picture), data={"times_ms": "[0, 100, 200]"})
    assert (again.status_code, again.json()["code"]) == (409, "challenge_answered")


def test_a_video_answers_too(client: TestClient, base: str, tmp_path: Path) -> None:
    video = _video(tmp_path)
    as_form = client.put(f"{base}/captures/liveness", files={"clip": ("c.webm", video, "video/webm")})
    assert as_form.json()["media_type"] == "video/webm"
    drawn = client.post(f"{base}/challenge", json={})
    assert drawn.status_code == 201
    as_body = client.put(f"{base}/captures/liveness", content=video, headers={"Content-Type": "video/webm"})
    assert (as_body.status_code, as_body.json()["width"]) == (200, 96)


def test_colours_can_be_asked_for(client: TestClient, base: str) -> None:
    drawn = client.post(f"{base}/challenge", json={"kind": "flash"}).json()
    assert drawn["kind"] == "flash"
    assert all(step["colour"] and step["action"] is None for step in drawn["steps"])
    assert client.get(base).json()["challenge"] == drawn
    assert client.post(f"{base}/challenge", json={"kind": "dance"}).status_code == 422


@pytest.mark.parametrize("times", ["", "[0, 100]", "[0, 1.5, 3]", '{"a": 1}', "[0, 100, 200, 300]", "[" * 60_000])
def test_frames_need_a_time_each(client: TestClient, base: str, picture: Picture, times: str) -> None:
    answer = client.put(f"{base}/captures/liveness", files=_frames(picture), data={"times_ms": times})
    assert answer.status_code in {400, 422}
    assert answer.json()["code"] in {"multipart_invalid", "image_corrupt"}
    assert client.get(base).json()["challenge"] is not None


def test_what_is_no_clip_is_refused_by_name(client: TestClient, base: str, picture: Picture) -> None:
    form = client.put(f"{base}/captures/liveness", files={"clip": ("c.mp4", picture(), "video/mp4")})
    assert (form.status_code, form.json()["code"]) == (415, "image_type_unsupported")
    assert form.json()["capture"] == "liveness"
    empty = client.put(f"{base}/captures/liveness", data={"times_ms": "[]"}, files={"nothing": b""})
    assert empty.json()["code"] == "multipart_invalid"
    typed = client.put(f"{base}/captures/liveness", content=b"x", headers={"Content-Type": "text/plain"})
    assert typed.status_code == 415
    large = client.put(f"{base}/captures/liveness", files={"clip": ("c.mp4", bytes(250_000), "video/mp4")})
    assert large.status_code == 413


def test_of_a_stranger_nothing_is_drawn_or_taken(client: TestClient, picture: Picture) -> None:
    nobody = f"/v1/verifications/ver_{'0' * 32}"
    assert client.post(f"{nobody}/challenge", json={}).status_code == 404
    answer = client.put(f"{nobody}/captures/liveness", files=_frames(picture), data={"times_ms": "[0, 1, 2]"})
    assert answer.status_code == 404


def test_after_five_failures_there_is_a_pause(client: TestClient, pipeline: Any, picture: Picture) -> None:
    pipeline.checks = (
        Check(
            CheckName.LIVENESS_PASSIVE,
            Outcome.REJECTED,
            is_required=True,
            reasons=(RaisedReason(Reason.PRESENTATION_ATTACK_LIKELY, Action.REVIEW),),
            judged=(),
        ),
    )
    claims = {"phone_number": "+8613800138000"}
    for _ in range(FAILURES):
        form = {"document_front": picture(), "selfie": picture(), "claims": ""}
        form["claims"] = b'{"phone_number": "138 0013 8000"}'
        files = {name: (name, data) for name, data in form.items()}
        assert client.post("/v1/verify", files=files).status_code == 200
    created = client.post("/v1/verifications", json={"claims": claims}).json()
    assert created["challenge"] is None
    paused = client.post(f"/v1/verifications/{created['id']}/challenge", json={})
    assert (paused.status_code, paused.json()["code"]) == (429, "liveness_paused")
    assert 0 < int(paused.headers["Retry-After"]) <= 180
    assert "score" not in paused.text
    pipeline.checks = (replace(pipeline.checks[0], outcome=Outcome.CLEAR, reasons=()),)


def test_a_face_is_put_on_the_blocklist_and_taken_off(client: TestClient, base: str) -> None:
    assert client.put(f"{base}/face-block", json={"reason": "confirmed_fraud"}).status_code == 204
    again = client.put(f"{base}/face-block", json={"reason": "confirmed_fraud"})
    assert (again.status_code, again.json()["code"]) == (409, "face_already_blocked")
    assert client.delete(f"{base}/face-block").status_code == 204
    assert client.delete(f"{base}/face-block").json()["code"] == "face_not_blocked"
    assert client.put(f"{base}/face-block", json={"reason": "Wang Wei"}).status_code == 422
    nobody = f"/v1/verifications/ver_{'0' * 32}/face-block"
    assert client.put(nobody, json={"reason": "x"}).status_code == 404
    assert client.delete(nobody).status_code == 404
    kinds = [event["type"] for event in client.get(f"{base}/events").json()["items"]]
    assert kinds[-2:] == ["face_blocked", "face_unblocked"]

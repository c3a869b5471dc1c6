"""A challenge is drawn into a file, and its answer read from a video or a folder of frames."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from kyc_service.cli.clip_file import with_answer
from kyc_service.cli.main import app
from kyc_service.cli.paths import FileUnusable
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.verification import UseCase
from kyc_service.imaging.clip import decode_clip
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.verification.challenge_document import ChallengeInvalid
from kyc_service.verification.submission import Submission


@pytest.fixture
def challenge(tmp_path: Path) -> Path:
    path = tmp_path / "challenge.json"
    answer = CliRunner().invoke(app, ["challenge", "--out", str(path)])
    assert answer.exit_code == 0
    assert answer.stdout.count("until") == 3
    return path


@pytest.fixture
def submission() -> Submission:
    now = datetime.now(UTC)
    return Submission("ver_1", {CaptureKind.SELFIE: b"x"}, Claims(), UseCase.ONBOARDING, "standard", 1, now)


def _folder(path: Path, times: str) -> Path:
    path.mkdir()
    for number in range(3):
        cv2.imwrite(str(path / f"{number}.jpg"), np.full((64, 64, 3), 60 * number, dtype=np.uint8))
    (path / "times.json").write_text(times, "utf-8")
    return path


def test_a_challenge_is_printed_whole_and_expires_when_told() -> None:
    printed = CliRunner().invoke(app, ["challenge", "--kind", "flash", "--expires-after-s", "60"])
    drawn = json.loads(printed.stdout)
    expires, issued = (datetime.fromisoformat(drawn[key]) for key in ("expires_at", "issued_at"))
    assert expires - issued == timedelta(seconds=60)
    assert drawn["kind"] == "flash"


def test_frames_of_a_folder_answer_a_challenge(challenge: Path, submission: Submission, tmp_path: Path) -> None:
    answered = with_answer(submission, _folder(tmp_path / "frames", "[0, 100, 250]"), challenge)
    clip = decode_clip(answered.captures[CaptureKind.LIVENESS]).clip
    assert [frame.at_ms for frame in clip.frames] == [0, 100, 250]
    assert answered.answer is not None
    assert answered.answer.challenge.id == json.loads(challenge.read_text("utf-8"))["id"]
    assert CaptureKind.SELFIE in answered.captures


def test_a_clip_came_when_its_file_was_written(challenge: Path, submission: Submission, tmp_path: Path) -> None:
    video = tmp_path / "clip.mp4"
    video.write_bytes(b"anything")
    os.utime(video, (1_700_000_000, 1_700_000_000))
    answered = with_answer(submission, video, challenge)
    assert answered.answer is not None
    assert answered.answer.received_at == datetime.fromtimestamp(1_700_000_000, UTC)


@pytest.mark.parametrize("times", ["", "{}", "[0.5, 1, 2]", "[0, 1]"])
def test_times_that_do_not_fit_are_told(challenge: Path, submission: Submission, tmp_path: Path, times: str) -> None:
    with pytest.raises((FileUnusable, ImageRefused)):
        with_answer(submission, _folder(tmp_path / "frames", times), challenge)


def test_another_file_is_no_challenge(submission: Submission, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text("{}", "utf-8")
    (tmp_path / "v.mp4").write_bytes(b"x")
    with pytest.raises(ChallengeInvalid, match="expires_at, id, issued_at, kind, steps"):
        with_answer(submission, tmp_path / "v.mp4", tmp_path / "c.json")


def test_a_clip_without_its_challenge_is_a_usage_error(challenge: Path) -> None:
    here = str(challenge)
    answer = CliRunner(env={"COLUMNS": "200"}).invoke(
        app, ["verify", "--front", here, "--selfie", here, "--claims", here, "--challenge", here]
    )
    assert answer.exit_code == 2
    assert "--clip and --challenge" in answer.output

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from kyc_service.evaluation.pad.manifest import Presentation
from kyc_service.evaluation.pad.media import frames_of
from kyc_service.evaluation.pad.observing import NonResponse, observe
from kyc_service.inference.engines import DetectedFace
from kyc_service.inference.null_engines import null_face_engines
from kyc_service.liveness.passive import PadClassifier
from tests.faces.people import detected

ALONE = PadClassifier("try", "1" * 64, 1.0, 9.0, 0.0, ())
FACE = detected(60, 40)


def shown(*paths: Path) -> Presentation:
    return Presentation(2, paths, is_bona_fide=True, species="", subject="s")


def write(path: Path, level: int = 120) -> Path:
    cv2.imwrite(str(path), np.full((240, 320, 3), level, np.uint8))
    return path


def test_a_picture_is_one_frame(tmp_path: Path) -> None:
    frames, is_clip = frames_of(shown(write(tmp_path / "a.png")))
    assert (len(frames), is_clip, frames[0].shape) == (1, False, (240, 320, 3))


def test_a_folder_is_a_clip_of_a_few_of_its_frames(tmp_path: Path) -> None:
    for number in range(20):
        write(tmp_path / f"{number:02d}.png", level=10 * number)
    frames, is_clip = frames_of(shown(tmp_path))
    assert is_clip
    assert [int(frame[0, 0, 0]) for frame in frames] == [10, 50, 80, 110, 150, 180]


def test_an_animated_gif_is_a_clip(tmp_path: Path) -> None:
    pages = [Image.fromarray(np.full((90, 90, 3), level, np.uint8)) for level in (20, 120, 220)]
    pages[0].save(tmp_path / "a.gif", save_all=True, append_images=pages[1:])
    frames, is_clip = frames_of(shown(tmp_path / "a.gif"))
    assert is_clip
    assert [round(float(frame.mean()), -1) for frame in frames] == [20, 120, 220]


def test_a_video_is_a_clip(tmp_path: Path) -> None:
    writer = cv2.VideoWriter(str(tmp_path / "a.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), 10, (160, 120))
    for level in range(0, 200, 10):
        writer.write(np.full((120, 160, 3), level, np.uint8))
    writer.release()
    frames, is_clip = frames_of(shown(tmp_path / "a.mp4"))
    assert (len(frames), is_clip) == (6, True)


@pytest.mark.parametrize(("faces", "cause"), [((), NonResponse.NO_FACE), ((FACE,), None)])
def test_without_a_face_there_is_no_response(
    tmp_path: Path, faces: tuple[DetectedFace, ...], cause: NonResponse | None
) -> None:
    (trial,) = observe([shown(write(tmp_path / "a.png"))], null_face_engines(faces), ALONE)
    assert trial.non_response is cause
    assert (trial.scores == {}) is (cause is not None)


def test_a_file_that_cannot_be_decoded_gives_no_response(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"nothing")
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "a.png", tmp_path / "empty"):
        (trial,) = observe([shown(path)], null_face_engines((FACE,)), ALONE)
        assert trial.non_response is NonResponse.UNREADABLE

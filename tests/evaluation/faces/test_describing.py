from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from kyc_service.evaluation.faces import directions
from kyc_service.evaluation.faces.describing import Described, describe, subject
from kyc_service.evaluation.faces.directions import means_of_people
from kyc_service.evaluation.faces.scales import COSINE
from kyc_service.inference.engines import DetectedFace
from kyc_service.inference.levelling import levelling_matrix, read_directions
from kyc_service.inference.null_engines import null_face_engines
from tests.evaluation.faces.drawn import listed, templates
from tests.faces.people import MODELS, PEOPLE, person, resized

PIXELS = np.zeros((100, 200, 3), np.uint8)
LANDMARKS = np.array([[40, 40], [60, 40], [50, 50], [42, 60], [58, 60]], np.float32)


def face(x: float, side: float) -> DetectedFace:
    return DetectedFace((x - side / 2, 50 - side / 2, side, side), LANDMARKS, 0.9)


def test_the_person_is_the_one_in_the_middle_unless_far_smaller() -> None:
    aside, central, tiny = face(30, 60), face(110, 40), face(100, 20)
    assert subject([aside, central], PIXELS) is central
    assert subject([aside, tiny], PIXELS) is aside


def test_what_gives_no_template_says_why(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_bytes(b"no picture")
    cv2.imwrite(str(tmp_path / "wall.png"), PIXELS)
    made = Described()
    for name in ("text.png", "wall.png"):
        made.add(describe(str(tmp_path / name), null_face_engines(), {COSINE.score: COSINE.describe}))
    assert made.failures[str(tmp_path / "wall.png")] == "no_face"
    assert made.failures[str(tmp_path / "text.png")] not in ("", "no_face")
    assert made.templates == {}


def test_each_person_counts_once() -> None:
    """Ann's pictures lie at 0 and 10 degrees: their mean at 5."""
    means = means_of_people(templates(), listed())
    assert means.shape == (3, 2)
    assert np.degrees(np.arctan2(means[0, 1], means[0, 0])) == pytest.approx(5, abs=1e-4)


@pytest.mark.models
def test_the_command_measures_what_levelling_takes_out(tmp_path: Path) -> None:
    rows = ["path_a,path_b,same"]
    for name in PEOPLE:
        (tmp_path / name).mkdir()
        for number, factor in enumerate((1.0, 0.7)):
            cv2.imwrite(str(tmp_path / name / f"{number}.png"), resized(person(name), factor))
        rows.append(f"{name}/0.png,{name}/1.png,1")
    (tmp_path / "pairs.csv").write_text("\n".join(rows) + "\n", "utf-8")
    out = tmp_path / "directions.json"
    arguments = ["--models", str(MODELS), "--pairs", str(tmp_path / "pairs.csv"), "--title", "two", "--out", str(out)]
    assert directions.main(arguments) == 0
    (direction,) = read_directions(out).directions
    vector = np.array(direction.vector)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert levelling_matrix([direction]) @ vector == pytest.approx(np.zeros(128), abs=1e-5)
    assert json.loads(out.read_text("utf-8"))["data_set"]["identities"] == 2
    assert str(tmp_path) not in out.read_text("utf-8")


def test_the_direction_in_use_is_a_unit_vector() -> None:
    (direction,) = read_directions(MODELS / "levelling" / "sface_2021dec.json").directions
    assert (direction.strength, len(direction.vector)) == (1, 128)
    assert float(np.linalg.norm(direction.vector)) == pytest.approx(1, abs=1e-5)

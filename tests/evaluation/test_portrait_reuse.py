"""The command's parts: simulated reuse is told from other photographs, and the file says so."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from kyc_service.evaluation import portrait_reuse
from kyc_service.evaluation.portrait_reuse import auc
from kyc_service.evaluation.recapture import Species, reused
from kyc_service.faces.reuse import SAME_PICTURE
from tests.faces.people import PEOPLE, person, resized, rolled

MODELS = Path(__file__).parents[2] / "models"


def test_auc_counts_ties_half() -> None:
    assert auc(np.array([0.1, 0.5]), np.array([0.5, 0.9])) == 0.875


@pytest.mark.parametrize("species", Species)
def test_a_reuse_is_two_pictures_drawn_from_the_generator_alone(species: Species) -> None:
    once, again = (reused(person("collins"), species, np.random.default_rng(5)) for _ in range(2))
    for one, other in zip(once, again, strict=True):
        assert one.dtype == np.uint8
        assert np.array_equal(one, other)
    assert 130 <= once[0].shape[1] <= 260 < once[1].shape[1] + 20


@pytest.fixture
def album(tmp_path: Path) -> Path:
    pairs = ["path_a,path_b,same"]
    for name in PEOPLE:
        (tmp_path / name).mkdir()
        cv2.imwrite(str(tmp_path / name / "0.png"), resized(person(name), 0.6))
        cv2.imwrite(str(tmp_path / name / "1.png"), rolled(resized(person(name), 0.5), 5))
        pairs.append(f"{name}/0.png,{name}/1.png,1")
    (tmp_path / "pairs.csv").write_text("\n".join(pairs) + "\n", "utf-8")
    return tmp_path


@pytest.mark.models
def test_the_command_writes_one_calibration(album: Path) -> None:
    pairs = str(album / "pairs.csv")
    given = ["--models", str(MODELS), "--root", str(album), "--title", "two photographs", "--pairs", pairs]
    assert portrait_reuse.main([*given, "--group-pairs", pairs, "--group-title", "same", "--out", str(album)]) == 0
    written = json.loads((album / f"face.portrait_reused.{SAME_PICTURE}.json").read_text("utf-8"))
    point = written["operating_points"][-1]
    assert (point["kind"], point["measured"]["n"]) == ("bpcer", 2)
    assert {rate["kind"] for rate in point["beside"]} == {f"apcer.{species}" for species in Species}
    # The two photographs of each person are one, turned: hardly less alike than a reuse.
    assert point["threshold"] > 0.9
    assert written["groups"][0]["title"] == "same"

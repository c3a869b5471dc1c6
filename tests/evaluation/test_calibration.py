from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kyc_service.evaluation.calibration import Calibration, DataSet, Group, OperatingPoint, write_calibration
from kyc_service.evaluation.rates import wilson
from kyc_service.verification.models_in_use import models_in_use

MODELS = Path(__file__).parents[2] / "models"
FILES = sorted((MODELS / "calibration").glob("*.json"))
DATA = DataSet("drawn for a test", "0" * 64, 4, 2)


def calibration() -> Calibration:
    points = tuple(
        OperatingPoint("fmr", rate, threshold, wilson("fmr", 1, 1000), (wilson("fnmr", 1, 20),))
        for rate, threshold in ((1e-3, 0.4), (1e-2, 0.3))
    )
    group = Group(DATA, ((wilson("fmr", 2, 100),), (wilson("fmr", 3, 100),)))
    return Calibration(
        "face.match", "cosine_similarity", "higher_is_better", "cosine", "m", "1" * 64, "2026-01-01", DATA, points,
        (group,), ("A note.",),
    )  # fmt: skip


def test_a_file_is_named_by_its_score_and_lists_the_laxest_point_first(tmp_path: Path) -> None:
    path = write_calibration(calibration(), tmp_path)
    assert path.name == "face.match.cosine_similarity.json"
    written = json.loads(path.read_text("utf-8"))
    assert [(point["rate"], point["threshold"]) for point in written["operating_points"]] == [(0.01, 0.3), (0.001, 0.4)]
    assert written["groups"][0]["points"][0]["at"] == {"kind": "fmr", "rate": 0.001}
    assert written["operating_points"][0]["beside"][0]["kind"] == "fnmr"


def test_the_same_calibration_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_calibration(calibration(), tmp_path).read_bytes()
    assert write_calibration(calibration(), tmp_path).read_bytes() == first


def test_there_are_calibrations() -> None:
    assert {path.stem for path in FILES} >= {"face.match.cosine_similarity", "liveness.passive.pad_score"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_calibration_belongs_to_the_model_in_use(path: Path) -> None:
    written: dict[str, Any] = json.loads(path.read_text("utf-8"))
    assert written["model"]["sha256"] == models_in_use(MODELS)[written["model"]["id"]]
    assert path.stem == f"{written['check']}.{written['score']}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_measured_rate_keeps_the_wanted_one(path: Path) -> None:
    written: dict[str, Any] = json.loads(path.read_text("utf-8"))
    rates = [point["rate"] for point in written["operating_points"]]
    assert rates == sorted(rates, reverse=True)
    for point in written["operating_points"]:
        measured = point["measured"]
        assert measured["rate"] <= point["rate"]
        assert measured["ci_low"] <= measured["rate"] <= measured["ci_high"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_calibration_names_no_picture(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ".jpg" not in text
    assert "/" not in text

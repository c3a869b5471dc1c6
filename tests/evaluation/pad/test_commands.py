from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from kyc_service.cli.main import app
from kyc_service.evaluation.pad import looks, train
from kyc_service.evaluation.pad.looks import read_seen
from kyc_service.liveness.passive import load_pad_classifier
from tests.faces.people import PEOPLE, exposed, person, resized, shown_on_a_screen

MODELS = Path(__file__).parents[3] / "models"


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bona fide pictures and pictures of screens of two people, a clip, and a file that is no picture."""
    root = tmp_path_factory.mktemp("album")
    rows = ["path,label,attack,subject"]
    for name in PEOPLE:
        for number, pixels in enumerate((person(name), resized(person(name), 0.7), exposed(person(name), 0.7))):
            cv2.imwrite(str(root / f"{name}{number}.png"), pixels)
            cv2.imwrite(str(root / f"{name}{number}_screen.png"), shown_on_a_screen(pixels))
            rows += [f"{name}{number}.png,real,,{name}", f"{name}{number}_screen.png,attack,replay_monitor,{name}"]
    (root / "clip").mkdir()
    for number in range(3):
        cv2.imwrite(str(root / "clip" / f"{number}.png"), shown_on_a_screen(person(PEOPLE[0])))
    (root / "broken.jpg").write_bytes(b"nothing")
    rows += ["clip,spoof,replay_monitor,collins", "broken.jpg,live,,x"]
    (root / "list.csv").write_text("\n".join(rows) + "\n", "utf-8")
    pairs = f"path_a,path_b,same\n{PEOPLE[0]}0.png,{PEOPLE[1]}0.png,0\n"
    (root / "pairs.csv").write_text(pairs, "utf-8")
    return root


@pytest.mark.models
def test_evaluate_pad_measures_writes_and_tells(album: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYC_MODELS_DIR", str(MODELS))
    told = ["evaluate", "pad", str(album / "list.csv"), "--json", "--html", str(tmp_path / "page.html")]
    done = CliRunner().invoke(app, [*told, "--calibrate", str(tmp_path)])
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert figures["data_set"] | {"list_sha256": ""} == {
        "title": "list", "list_sha256": "", "presentations": 14, "clips": 1, "subjects": 3,
    }  # fmt: skip
    assert figures["non_responses"]["bpnrr"]["causes"] == {"unreadable": 1, "no_face": 0}
    fused = figures["scores"][0]
    assert fused["species"][0]["auc"]["n"] == 7
    assert fused["auc"]["auc"] == 1.0
    assert "replay monitor" in (tmp_path / "page.html").read_text("utf-8")
    calibration = json.loads((tmp_path / "liveness.passive.pad_score.json").read_text("utf-8"))
    assert calibration["data_set"]["pictures"] == 6


@pytest.mark.models
def test_a_bad_list_is_refused_with_its_row(album: Path) -> None:
    (album / "bad.csv").write_text("path,label\nno.jpg,real\n", "utf-8")
    done = CliRunner().invoke(app, ["evaluate", "pad", str(album / "bad.csv")])
    assert done.exit_code != 0
    assert "row 2" in done.output + str(done.exception)


@pytest.mark.models
def test_looking_and_fitting_give_a_classifier_and_its_calibration(album: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen.json"
    assert looks.main(["--manifest", str(album / "list.csv"), "--out", str(seen), "--models", str(MODELS)]) == 0
    assert "collins" not in seen.read_text("utf-8")
    assert len(read_seen(seen).seen) == 14
    given = [f"--{name}={seen}" for name in ("train", "train-photos", "test")]
    out = [f"--models={tmp_path}", f"--out={tmp_path}"]
    assert train.main([*given, "--calibrate", str(seen), str(seen), *out]) == 0
    classifier = load_pad_classifier(tmp_path / "liveness" / "passive.json")
    assert classifier.cues
    calibration = json.loads((tmp_path / "liveness.passive.pad_score.json").read_text("utf-8"))
    assert calibration["model"]["sha256"] == classifier.sha256


@pytest.mark.models
def test_each_half_of_the_persons_is_the_other_ones_rest(album: Path, tmp_path: Path) -> None:
    counts = []
    for half in ("train", "test"):
        out = tmp_path / f"{half}.json"
        arguments = ["--pairs", str(album / "pairs.csv"), "--root", str(album), "--half", half, "--out", str(out)]
        assert looks.main([*arguments, "--models", str(MODELS)]) == 0
        counts.append(len(read_seen(out).seen))
    assert sorted(counts) == [0, 2]
    assert np.sum(counts) == 2

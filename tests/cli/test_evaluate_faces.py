"""``kyc evaluate faces`` with the real models on changed public-domain photographs."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from kyc_service.cli import main as command_line
from tests.cli.test_commands import kyc
from tests.faces.people import PEOPLE, exposed, person, resized


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Three pictures of each of two people, and one of nobody."""
    rows = ["path_a,path_b,same"]
    for name in PEOPLE:
        (tmp_path / name).mkdir()
        for number, pixels in enumerate((person(name), resized(person(name), 0.7), exposed(person(name), 0.7))):
            cv2.imwrite(str(tmp_path / name / f"{number}.png"), pixels)
        rows += [f"{name}/0.png,{name}/1.png,1", f"{name}/0.png,{name}/2.png,1"]
    cv2.imwrite(str(tmp_path / PEOPLE[0] / "wall.png"), np.full((200, 200, 3), 128, np.uint8))
    rows += [f"{PEOPLE[0]}/0.png,{PEOPLE[0]}/wall.png,1", f"{PEOPLE[0]}/0.png,{PEOPLE[1]}/0.png,0"]
    (tmp_path / "pairs.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return tmp_path / "pairs.csv"


@pytest.mark.e2e
@pytest.mark.models
def test_figures_go_to_stdout_and_the_page_and_the_calibrations_to_files(album: Path, tmp_path: Path) -> None:
    page, made = tmp_path / "page.html", tmp_path / "made"
    made.mkdir()
    options: list[str | Path] = [
        "--html",
        page,
        "--calibrate",
        made,
        "--group",
        album,
        "--group-title",
        "the same again",
        "--jobs",
        "2",
    ]
    ran = kyc("evaluate", "faces", album, "--json", "--second-opinion", "--title", "two people", *options)
    assert ran.returncode == 0, ran.stderr
    figures = json.loads(ran.stdout)
    assert figures["comparisons"] == {"mated_listed": 5, "mated": 4, "non_mated": 9}
    assert figures["acquisition"]["reasons"] == {"no_face": 1}
    assert figures["acquisition"]["mated_pairs_lost"] == 1
    assert [point["measured"]["fnmr"]["rate"] for point in figures["points"]] == [0] * 5
    assert [point["measured"]["fnmr"]["rate"] for point in figures["in_force"]] == [0] * 5
    assert figures["groups"][0]["title"] == "the same again"
    assert str(album.parent) not in ran.stdout
    assert PEOPLE[0] not in ran.stdout
    assert "the same again" in page.read_text("utf-8")
    assert {path.stem for path in made.iterdir()} == {f"face.match.{s}" for s in ("cosine_similarity", "dlib_distance")}
    distance = json.loads((made / "face.match.dlib_distance.json").read_text("utf-8"))
    assert distance["direction"] == "lower_is_better"
    assert distance["operating_points"][-1]["threshold"] > 0


def test_a_list_that_is_none_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pairs.csv").write_text("path_a,path_b,same\nada/1.png,ada/2.png,1\n", "utf-8")
    monkeypatch.setattr("sys.argv", ["kyc", "evaluate", "faces", str(tmp_path / "pairs.csv")])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "pairs.csv, line 2, column 'path_a': there is no file 'ada/1.png'" in " ".join(said.split())
    assert "Traceback" not in said

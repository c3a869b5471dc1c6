from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import pytest

from kyc_service.evaluation import quality
from kyc_service.evaluation.pictures import read_pairs
from tests.faces.people import PEOPLE, exposed, person, resized

MODELS = Path(__file__).parents[2] / "models"
TITLE = "two public-domain photographs, changed"
BY_NAME = [name.capitalize() for name in PEOPLE]


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pictures of each of two people, and the list that names them."""
    root = tmp_path_factory.mktemp("album")
    pairs = ["path_a,path_b,same"]
    for name, folder in zip(PEOPLE, BY_NAME, strict=True):
        (root / folder).mkdir()
        for number, pixels in enumerate((person(name), resized(person(name), 0.7), exposed(person(name), 0.7))):
            cv2.imwrite(str(root / folder / f"{number}.png"), pixels)
        pairs += [f"{folder}/0.png,{folder}/1.png,1", f"{folder}/0.png,{folder}/2.png,1"]
    pairs.append(f"{BY_NAME[0]}/0.png,{BY_NAME[1]}/0.png,0")
    (root / "pairs.csv").write_text("\n".join(pairs) + "\n", "utf-8")
    return root


def arguments(album: Path, out: Path) -> list[str]:
    common = {"--models": MODELS, "--root": album, "--pairs": album / "pairs.csv", "--title": TITLE, "--out": out}
    return [str(part) for option in common.items() for part in option]


def read(out: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((out / f"{name}.json").read_text("utf-8"))
    return content


def test_a_list_knows_its_pictures_and_people(album: Path) -> None:
    data_set = read_pairs(album / "pairs.csv").data_set(TITLE)
    assert (data_set.pictures, data_set.identities) == (6, 2)


@pytest.mark.models
def test_every_quality_limit_is_calibrated(album: Path, tmp_path: Path) -> None:
    assert quality.main(arguments(album, tmp_path)) == 0
    assert {path.stem for path in tmp_path.glob("*.json")} == {f"face.quality.{one.name}" for one in quality.CALIBRATED}
    assert read(tmp_path, "face.quality.sharpness")["operating_points"][0]["measured"]["rate"] == 0

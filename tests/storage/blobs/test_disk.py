from __future__ import annotations

import errno
import os
import stat
import time
from pathlib import Path

import pytest

from kyc_service.storage.blobs import BlobKey, BlobMissing, BlobStoreFull, BlobStoreUnreachable, FileBlobStore


def test_what_is_put_is_got_until_it_is_deleted(tmp_path: Path) -> None:
    store = FileBlobStore(tmp_path / "blobs")
    key = store.put(b"bytes")
    assert store.get(key) == b"bytes"
    store.delete(key)
    store.delete(key)
    with pytest.raises(BlobMissing):
        store.get(key)


def test_blobs_are_for_the_owner_alone_and_leave_no_drafts(tmp_path: Path) -> None:
    store = FileBlobStore(tmp_path / "blobs")
    keys = {store.put(b"a"), store.put(b"a")}
    files = [path for path in store.root.rglob("*") if path.is_file()]
    assert {path.name for path in files} == keys
    assert len(keys) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(store.root.stat().st_mode) == 0o700


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "0" * 31, "/" * 32])
def test_a_key_is_never_a_path(tmp_path: Path, key: str) -> None:
    with pytest.raises(BlobMissing):
        FileBlobStore(tmp_path).get(BlobKey(key))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def is_full(_: int) -> None:
        raise OSError(number, os.strerror(number))

    store = FileBlobStore(tmp_path / "blobs")
    (store.root / "00").mkdir(parents=True)
    monkeypatch.setattr("kyc_service.storage.blobs.disk.new_key", lambda: BlobKey("0" * 32))
    with monkeypatch.context() as patch:
        patch.setattr("kyc_service.storage.blobs.disk.os.fsync", is_full)
        with pytest.raises(BlobStoreFull, match="no room"):
            store.put(b"bytes")
    assert [path for path in store.root.rglob("*") if path.is_file()] == []
    assert store.get(store.put(b"bytes")) == b"bytes"


def test_a_folder_that_is_none_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_bytes(b"")
    with pytest.raises(BlobStoreUnreachable):
        FileBlobStore(tmp_path / "blobs").put(b"bytes")


def test_what_killed_processes_left_is_swept_once_it_is_old(tmp_path: Path) -> None:
    store = FileBlobStore(tmp_path)
    key = store.put(b"bytes")
    old, young = (tmp_path / key[:2] / f"{digit * 32}.part" for digit in "12")
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    assert store.sweep() == 1
    assert (old.exists(), young.exists()) == (False, True)
    assert store.get(key) == b"bytes"
    assert FileBlobStore(tmp_path / "not there yet").sweep() == 0
    FileBlobStore(tmp_path / "not there yet").check()

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kyc_service.storage.blobs import BlobKey, BlobMissing, FileBlobStore


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

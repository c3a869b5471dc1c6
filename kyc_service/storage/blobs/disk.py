"""Blobs as files of this machine, or of a volume that several machines share."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kyc_service.storage.blobs.store import (
    BlobKey,
    BlobMissing,
    BlobStoreFull,
    BlobStoreUnreachable,
    checked,
    new_key,
)

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_DRAFT: Final = ".part"
# Far longer than any write: what is older was left by a process that was killed.
_ABANDONED_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class FileBlobStore:
    """Blobs as files of mode 0600 under ``root``, spread over 256 folders."""

    root: Path

    def put(self, data: bytes) -> BlobKey:
        """Write to a temporary name, flush, rename, flush the folder: whole or not at all."""
        key = new_key()
        path = self._path(key)
        with _disk_errors():
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.parent.exists():
                path.parent.mkdir(mode=0o700, exist_ok=True)
                _flush_folder(self.root)
            draft = path.with_suffix(_DRAFT)
            try:
                _write(draft, data)
                draft.rename(path)
            except OSError:
                draft.unlink(missing_ok=True)
                raise
            _flush_folder(path.parent)
        return key

    def get(self, key: BlobKey) -> bytes:
        """What was put under ``key``."""
        with _disk_errors():
            try:
                return self._path(key).read_bytes()
            except FileNotFoundError as cause:
                raise BlobMissing from cause

    def delete(self, key: BlobKey) -> None:
        """Remove the file and flush its folder."""
        path = self._path(key)
        with _disk_errors():
            if path.exists():
                path.unlink(missing_ok=True)
                _flush_folder(path.parent)

    def check(self) -> None:
        """See whether the folder, or the one it will be made in, can be written."""
        nearest = next(folder for folder in (self.root.absolute(), *self.root.absolute().parents) if folder.exists())
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise BlobStoreUnreachable

    def sweep(self) -> int:
        """Remove what processes that were killed left half written more than an hour ago; how many there were."""
        drafts = [draft for draft in self.root.glob(f"??/*{_DRAFT}") if _is_abandoned(draft)]
        for draft in drafts:
            draft.unlink(missing_ok=True)
        return len(drafts)

    def _path(self, key: BlobKey) -> Path:
        return self.root / checked(key)[:2] / key


@contextmanager
def _disk_errors() -> Iterator[None]:
    """What the file system complains of, as the errors that a store may raise; file names stay out of them."""
    try:
        yield
    except OSError as cause:
        raise (BlobStoreFull if cause.errno in _FULL else BlobStoreUnreachable) from cause


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _is_abandoned(draft: Path) -> bool:
    try:
        return time.time() - draft.stat().st_mtime > _ABANDONED_S
    except FileNotFoundError:
        return False


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

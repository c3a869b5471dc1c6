"""Blobs: pictures on disk. What arrives here is encrypted already; names are random."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NewType, Protocol

from kyc_service.errors import Unavailable

BlobKey = NewType("BlobKey", str)

_KEY: Final = re.compile(r"[0-9a-f]{32}")


class BlobMissing(Unavailable):
    """A stored picture is not where it was put."""

    code = "blob_missing"


class BlobStore(Protocol):
    """A place for opaque bytes. A key is given by the store and says nothing of the content."""

    def put(self, data: bytes) -> BlobKey:
        """Keep ``data``; when this returns, they survive a power loss."""
        ...

    def get(self, key: BlobKey) -> bytes:
        """What was put under ``key``.

        Raises:
            BlobMissing: nothing is there.
        """
        ...

    def delete(self, key: BlobKey) -> None:
        """Forget ``key``; nothing happens where it is unknown already."""
        ...


@dataclass(frozen=True, slots=True)
class FileBlobStore:
    """Blobs as files of mode 0600 under ``root``, spread over 256 folders."""

    root: Path

    def put(self, data: bytes) -> BlobKey:
        """Write to a temporary name, flush, rename, flush the folder: whole or not at all."""
        key = BlobKey(secrets.token_hex(16))
        path = self._path(key)
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _flush_folder(self.root)
        draft = path.with_suffix(".part")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        _flush_folder(path.parent)
        return key

    def get(self, key: BlobKey) -> bytes:
        """What was put under ``key``."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as cause:
            raise BlobMissing from cause

    def delete(self, key: BlobKey) -> None:
        """Remove the file and flush its folder."""
        path = self._path(key)
        if path.exists():
            path.unlink(missing_ok=True)
            _flush_folder(path.parent)

    def _path(self, key: BlobKey) -> Path:
        if not _KEY.fullmatch(key):
            raise BlobMissing
        return self.root / key[:2] / key


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

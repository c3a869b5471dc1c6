"""The master key's file: read at every start, made once, and never replaced behind data that are sealed under it.

A key is made only where nothing is sealed yet and nobody named a file. Whether a key is
the right one is seen by opening data keys that the database holds.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kyc_service.errors import Unavailable
from kyc_service.storage.database import Database
from kyc_service.storage.keys import KEY_BYTES, MasterKey, SealBroken


class MasterKeyUnusable(Unavailable):
    """The master key file cannot be used: it must hold 32 bytes and be readable by its owner alone."""

    code = "master_key_unusable"


class MasterKeyMissing(Unavailable):
    """The master key file is not there."""

    code = "master_key_missing"


class MasterKeyMismatch(Unavailable):
    """The master key is not the one that the database's data are sealed under; put the right file back."""

    code = "master_key_mismatch"


def open_master_key(path: Path, database: Database, *, may_create: bool) -> MasterKey:
    """The master key that fits ``database``; made at ``path`` only if ``may_create`` and nothing is sealed yet.

    Raises:
        MasterKeyMissing: the file is not there and must not be made.
        MasterKeyMismatch: it is another key than the one the database's data are sealed under.
        MasterKeyUnusable: wrong length, or others than the owner may read it.
    """
    if may_create and not path.exists() and not _wrapped_keys(database):
        return create_master_key(path)
    key = read_master_key(path)
    check_master_key(key, database)
    return key


def check_master_key(key: MasterKey, database: Database) -> None:
    """See whether ``key`` opens the oldest and the newest data key; a database without any fits every key.

    Raises:
        MasterKeyMismatch: it does not.
        DatabaseUnreachable: they cannot be read.
    """
    try:
        for verification_id, wrapped in _wrapped_keys(database):
            key.unwrap(verification_id, wrapped)
    except SealBroken as cause:
        raise MasterKeyMismatch from cause


def describe_master_key(path: Path, database: Database, *, may_create: bool) -> str:
    """One sentence for whoever runs the service: whether the key fits.

    Changes nothing.

    Raises:
        MasterKeyMissing, MasterKeyMismatch, MasterKeyUnusable: as :func:`open_master_key`.
    """
    if may_create and not path.exists() and not _wrapped_keys(database):
        return f"the master key {path} will be made at the first start"
    check_master_key(read_master_key(path), database)
    return f"the master key {path} fits"


def warning_beside_data(path: Path, data_dir: Path) -> str | None:
    """One sentence where the key at ``path`` lies beside what it protects, else ``None``."""
    if not path.resolve().is_relative_to(data_dir.resolve()):
        return None
    return (
        "the master key lies under the data folder, so that whoever copies the folder can read all of it:"
        " keep it elsewhere and name it with KYC_MASTER_KEY_FILE"
    )


def read_master_key(path: Path) -> MasterKey:
    """The key that the file holds.

    Raises:
        MasterKeyMissing: there is no file.
        MasterKeyUnusable: it cannot be read, has another length, or others than the owner may read it.
    """
    try:
        is_open_to_others = path.stat().st_mode & 0o077
        secret = path.read_bytes()
    except FileNotFoundError as cause:
        raise MasterKeyMissing(
            f"The master key file {path} is not there. Put it back: without it nothing that was kept can be read."
            " Only for a new, empty service, make one: (umask 077; set -C; head -c 32 /dev/urandom > FILE)"
        ) from cause
    except OSError as cause:
        raise MasterKeyUnusable from cause
    if is_open_to_others or len(secret) != KEY_BYTES:
        raise MasterKeyUnusable
    return MasterKey(secret)


def create_master_key(path: Path) -> MasterKey:
    """Make the file (mode 0600, in a folder of mode 0700) unless it is there, and read it.

    The file is written whole before it gets its name, and the first of several starting
    processes wins: all of them end up with the same key.

    Raises:
        MasterKeyUnusable: a file is there and cannot be used.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _private_file(path.with_name(f".{path.name}.{secrets.token_hex(8)}")) as draft:
        try:
            os.link(draft, path)
        except FileExistsError:
            return read_master_key(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return read_master_key(path)


def _wrapped_keys(database: Database) -> list[tuple[str, bytes]]:
    with database.transaction() as tx:
        return tx.verifications.outer_wrapped_keys()


@contextmanager
def _private_file(path: Path) -> Iterator[Path]:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(KEY_BYTES))
        os.fsync(handle)
        yield path
    finally:
        os.close(handle)
        path.unlink()

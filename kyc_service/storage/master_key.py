"""The master key's file: read at every start, made once, and never replaced behind data that are sealed under it.

A key is made only where nothing is sealed yet and nobody named a file. Whether a key is
the right one is seen by opening data keys that the database holds.
"""

from __future__ import annotations

import base64
import os
import secrets
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from kyc_service.errors import Unavailable
from kyc_service.storage.database import Database
from kyc_service.storage.keys import KEY_BYTES, DataKey, MasterKey, SealBroken
from kyc_service.storage.service_keys import DIGEST

_COMMAND_S: Final = 30


class MasterKeyUnusable(Unavailable):
    """The master key cannot be used: it must be 32 bytes, in a file that its owner alone may read, or in base64."""

    code = "master_key_unusable"


class MasterKeyMissing(Unavailable):
    """The master key file is not there."""

    code = "master_key_missing"


class MasterKeyMismatch(Unavailable):
    """The master key is not the one that the database's data are sealed under; put the right file back."""

    code = "master_key_mismatch"


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the master key comes from: ``given`` (base64), a ``command`` that prints it so, or the file ``path``.

    The command is how a key that a KMS or a vault holds gets here: it runs once, at the start.
    """

    path: Path
    may_create: bool = False
    given: str | None = field(default=None, repr=False)
    command: str | None = None

    @property
    def is_file(self) -> bool:
        """Whether the key lies in a file."""
        return self.given is None and self.command is None

    def read(self) -> MasterKey:
        """The key.

        Raises:
            MasterKeyMissing: there is no file.
            MasterKeyUnusable: it is none of 32 bytes, the file is open to others, or the command failed.
        """
        if self.given is not None:
            return _decoded(self.given)
        return read_master_key(self.path) if self.command is None else _decoded(_printed_by(self.command))


def open_keys(source: KeySource, previous: KeySource | None, database: Database) -> MasterKey:
    """The master key that fits ``database``, with the secret of its digests, and ``previous`` during a rotation.

    A key is made only in a file that may be made, and only while nothing is sealed yet.

    Raises:
        MasterKeyMissing: the file is not there and must not be made.
        MasterKeyMismatch: it is another key than the one the database's data are sealed under.
        MasterKeyUnusable: it cannot be used.
    """
    if source.is_file and previous is None:
        key = open_master_key(source.path, database, may_create=source.may_create)
    else:
        key = MasterKey(source.read().secret, previous=None if previous is None else previous.read())
        check_master_key(key, database)
    return _with_digest_secret(key, database)


def digest_key_name() -> str:
    """Whose key the secret of the digests is, as far as its wrapping goes."""
    return f"service|{DIGEST}"


def _with_digest_secret(key: MasterKey, database: Database) -> MasterKey:
    """The key with the secret that digests are made with: made once, the same for all processes and all master keys."""
    try:
        with database.transaction() as tx:
            wrapped = tx.service_keys.find(DIGEST)
            if wrapped is None:
                # Data that are there already were found by digests under the master key itself.
                oldest = key if key.previous is None else key.previous
                secret = oldest.secret if tx.verifications.outer_wrapped_keys() else secrets.token_bytes(KEY_BYTES)
                tx.service_keys.add(DIGEST, key.wrap(DataKey(digest_key_name(), secret)))
                wrapped = tx.service_keys.find(DIGEST)
        assert wrapped is not None  # noqa: S101 - it was written just now
        return replace(key, digest_secret=key.unwrap(digest_key_name(), wrapped).secret)
    except SealBroken as cause:
        raise MasterKeyMismatch from cause


def _decoded(text: str) -> MasterKey:
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except ValueError as cause:
        raise MasterKeyUnusable from cause
    if len(secret) != KEY_BYTES:
        raise MasterKeyUnusable
    return MasterKey(secret)


def _printed_by(command: str) -> str:
    try:
        said = subprocess.run(  # noqa: S603 - whoever runs the service names the command
            shlex.split(command),
            capture_output=True,
            check=True,
            text=True,
            timeout=_COMMAND_S,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as cause:
        # What it printed may hold the key: it is not repeated.
        raise MasterKeyUnusable(f"KYC_MASTER_KEY_COMMAND did not give a key: {type(cause).__name__}.") from None
    return said.stdout


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

"""Keys: one data key per verification, wrapped by a master key kept apart from the database.

AES-256-GCM with random 96-bit nonces (NIST SP 800-38D). The associated data binds every
ciphertext to its verification and its purpose, so that a row copied to another
verification, or a report put in the place of claims, does not open. Destroying a wrapped
key destroys everything sealed under it.

A sealed value is one version byte, the nonce, then ciphertext and tag.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kyc_service.errors import Unavailable

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_VERSION: Final = b"\x01"


class SealBroken(Unavailable):
    """Stored data could not be decrypted: it was changed, or belongs to another key."""

    code = "seal_broken"


class MasterKeyUnusable(Unavailable):
    """The master key file cannot be used: it must hold 32 bytes and be readable by its owner alone."""

    code = "master_key_unusable"


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one verification; seals and opens everything personal that belongs to it."""

    verification_id: str
    secret: bytes = field(repr=False)

    def seal(self, plaintext: bytes, purpose: str) -> bytes:
        """Encrypt ``plaintext`` for one ``purpose`` (``claims``, ``report:1``, ``capture:cap_...``)."""
        return _seal(self.secret, plaintext, self._binding(purpose))

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt what :meth:`seal` gave for the same verification and purpose.

        Raises:
            SealBroken: changed data, another verification's, or another purpose's.
        """
        return _open(self.secret, sealed, self._binding(purpose))

    def _binding(self, purpose: str) -> bytes:
        return f"kyc|{self.verification_id}|{purpose}".encode()


@dataclass(frozen=True, slots=True)
class MasterKey:
    """Wraps data keys. Never stored beside them."""

    secret: bytes = field(repr=False)

    def new_data_key(self, verification_id: str) -> tuple[DataKey, bytes]:
        """A fresh data key and its wrapped form, which is what may be stored."""
        key = DataKey(verification_id, secrets.token_bytes(KEY_BYTES))
        return key, _seal(self.secret, key.secret, _wrapping(verification_id))

    def unwrap(self, verification_id: str, wrapped: bytes) -> DataKey:
        """The data key of a verification.

        Raises:
            SealBroken: the wrapped key is another verification's or was made under another master key.
        """
        return DataKey(verification_id, _open(self.secret, wrapped, _wrapping(verification_id)))

    def digest(self, data: bytes) -> bytes:
        """A keyed digest (HMAC-SHA-256): equal data give equal digests, which say nothing without the key."""
        return hmac.digest(self.secret, b"kyc|digest|" + data, "sha256")


def load_master_key(path: Path) -> MasterKey:
    """Read the master key, creating the file (mode 0600, in a folder of mode 0700) where there is none.

    The file is written whole before it gets its name, and the first of several starting
    processes wins: all of them end up with the same key.

    Raises:
        MasterKeyUnusable: wrong length, or others than the owner may read it.
    """
    if not path.exists():
        _create_key_file(path)
    if path.stat().st_mode & 0o077:
        raise MasterKeyUnusable
    secret = path.read_bytes()
    if len(secret) != KEY_BYTES:
        raise MasterKeyUnusable
    return MasterKey(secret)


def _create_key_file(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _private_file(path.with_name(f".{path.name}.{secrets.token_hex(8)}")) as draft:
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


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


def _wrapping(verification_id: str) -> bytes:
    return f"kyc|{verification_id}|data_key".encode()


def _seal(secret: bytes, plaintext: bytes, binding: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(secret).encrypt(nonce, plaintext, binding)


def _open(secret: bytes, sealed: bytes, binding: bytes) -> bytes:
    if sealed[:1] != _VERSION:
        raise SealBroken
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(secret).decrypt(nonce, ciphertext, binding)
    except (InvalidTag, ValueError) as cause:
        raise SealBroken from cause

"""Keys: one data key per verification and enrolment, wrapped by a master key that is not in the database.

AES-256-GCM with random 96-bit nonces (NIST SP 800-38D). The associated data binds every
ciphertext to its verification and its purpose, so that a row copied to another
verification, or a report put in the place of claims, does not open. Destroying a wrapped
key destroys everything sealed under it.

A sealed value is one version byte, the nonce, then ciphertext and tag.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field, replace
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.errors import Unavailable

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_VERSION: Final = b"\x01"


class SealBroken(Unavailable):
    """Stored data could not be decrypted: it was changed, or belongs to another key."""

    code = "seal_broken"


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
class WrappedKey:
    """A data key as it may be stored, and which master key opens it."""

    wrapped: bytes
    master_key_id: str


@dataclass(frozen=True, slots=True)
class MasterKey:
    """Wraps data keys. Never stored beside them.

    ``digest_secret`` is the service's own and outlives every master key, so that what was found by a digest is found
    after a rotation; unless given, it is ``secret``. ``previous`` opens what was wrapped before, during a rotation.
    """

    secret: bytes = field(repr=False)
    digest_secret: bytes | None = field(default=None, repr=False)
    previous: MasterKey | None = field(default=None, repr=False)
    client_id: str = FIRST_CLIENT

    def of_client(self, client_id: str) -> MasterKey:
        """The same key, whose digests are one client's own: what two clients know never meets.

        The first client's keep the form that they had when there was no other.
        """
        return replace(self, client_id=client_id)

    @property
    def id(self) -> str:
        """A name for the key that gives nothing of it away."""
        return hmac.digest(self.secret, b"kyc|master_key_id", "sha256").hex()[:16]

    def new_data_key(self, verification_id: str) -> tuple[DataKey, WrappedKey]:
        """A fresh data key and its wrapped form, which is what may be stored."""
        key = DataKey(verification_id, secrets.token_bytes(KEY_BYTES))
        return key, self.wrap(key)

    def new_enrolment_key(self, enrolment_id: str) -> tuple[DataKey, WrappedKey]:
        """The same for an enrolment; opened by :meth:`unwrap`, with the enrolment's id."""
        return self.new_data_key(enrolment_id)

    def wrap(self, key: DataKey) -> WrappedKey:
        """A data key as it may be stored."""
        return WrappedKey(_seal(self.secret, key.secret, _wrapping(key.verification_id)), self.id)

    def unwrap(self, verification_id: str, wrapped: bytes) -> DataKey:
        """The data key of a verification or an enrolment.

        Raises:
            SealBroken: the wrapped key is another's or was made under another master key.
        """
        try:
            return DataKey(verification_id, _open(self.secret, wrapped, _wrapping(verification_id)))
        except SealBroken:
            if self.previous is None:
                raise
        return self.previous.unwrap(verification_id, wrapped)

    def digest(self, data: bytes) -> bytes:
        """A keyed digest (HMAC-SHA-256): equal data give equal digests, which say nothing without the key."""
        whose = b"" if self.client_id == FIRST_CLIENT else f"client|{self.client_id}|".encode()
        return hmac.digest(self.digest_secret or self.secret, b"kyc|digest|" + whose + data, "sha256")

    def seal_for_service(self, plaintext: bytes, purpose: str) -> bytes:
        """Encrypt what belongs to the service and to no person: a webhook's secret, say."""
        return _seal(self._service_key(), plaintext, _binding_of_service(purpose))

    def open_for_service(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt what :meth:`seal_for_service` gave.

        Raises:
            SealBroken: it was changed, or sealed for another purpose or by another service.
        """
        return _open(self._service_key(), sealed, _binding_of_service(purpose))

    def _service_key(self) -> bytes:
        """Of the secret that outlives rotations, for this one use (HKDF, RFC 5869)."""
        derived = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"kyc|service_key")
        return derived.derive(self.digest_secret or self.secret)


def _binding_of_service(purpose: str) -> bytes:
    return f"kyc|service|{purpose}".encode()


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

"""Idempotency: a POST sent twice under one key is done once, and answered twice the same.

The key is taken in the same transaction as the first effect of the request, and its
answer kept in the same transaction as the last one, sealed under the verification's own
key. A request that was cut off between the two is taken up again where it stood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from kyc_service.errors import Conflict
from kyc_service.storage.database import Transaction
from kyc_service.storage.records import IdempotencyRecord
from kyc_service.verification.service import VerificationService

Result = TypeVar("Result")


class Sealing(Protocol):
    """Seals an answer and opens it: a verification's data key, or the service's own."""

    def seal(self, plaintext: bytes, purpose: str) -> bytes:
        """Encrypt."""
        ...

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt."""
        ...


class IdempotencyKeyReused(Conflict):
    """This Idempotency-Key was used for another request."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Once(Generic[Result]):
    """A request that is to be done once.

    ``key`` and ``request`` are keyed digests of the client's key and of everything that
    was sent; ``render`` gives the answer that is kept.
    """

    key: bytes
    request: bytes
    render: Callable[[Result], bytes]

    def begin(self, transaction: Transaction, verification_id: str | None, now: datetime) -> None:
        """Take the key, with the first effect; ``verification_id`` is what the request works on, where it is one.

        Raises:
            IdempotencyKeyInUse: another request took it in the meantime.
        """
        transaction.idempotency.begin(IdempotencyRecord(self.key, self.request, verification_id, None, now))

    def finish(self, transaction: Transaction, key: Sealing, result: Result) -> None:
        """Keep the answer, with the last effect; ``key`` is the verification's, or the service's own."""
        transaction.idempotency.answer(self.key, key.seal(self.render(result), self._purpose))

    def open(self, key: Sealing, response: bytes) -> bytes:
        """The answer that was kept."""
        return key.open(response, self._purpose)

    @property
    def _purpose(self) -> str:
        return f"answer:{self.key.hex()}"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a request: the verification it works on, if any, and the answer if it stands."""

    verification_id: str | None
    answer: bytes | None


def find_earlier(service: VerificationService, once: Once[Result]) -> Known | None:
    """What an earlier sending of the same request led to.

    Raises:
        IdempotencyKeyReused: the key belongs to a request that differs.
    """
    with service.database.transaction() as tx:
        record = tx.idempotency.find(once.key)
        if record is None:
            return None
        if record.request != once.request:
            raise IdempotencyKeyReused
        if record.response is None:
            return Known(record.verification_id, None)
        key = service_key(service) if record.verification_id is None else service.key_of(tx, record.verification_id)
        return Known(record.verification_id, once.open(key, record.response))


@dataclass(frozen=True, slots=True)
class _ServiceKey:
    service: VerificationService

    def seal(self, plaintext: bytes, purpose: str) -> bytes:
        return self.service.master_key.seal_for_service(plaintext, purpose)

    def open(self, sealed: bytes, purpose: str) -> bytes:
        return self.service.master_key.open_for_service(sealed, purpose)


def service_key(service: VerificationService) -> Sealing:
    """What answers are sealed with that belong to no verification."""
    return _ServiceKey(service)


def keep_answer(service: VerificationService, once: Once[Result], verification_id: str, result: Result) -> None:
    """Keep an answer that came after the last effect, for when the request is sent again."""
    with service.database.transaction() as tx:
        once.finish(tx, service.key_of(tx, verification_id), result)

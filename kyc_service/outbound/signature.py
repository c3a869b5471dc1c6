"""Signatures of calls and answers, as Standard Webhooks 1.0.0 has them (symmetric, ``v1``).

HMAC-SHA-256 over ``id.timestamp.body``, in base64, carried by three headers. A list of
signatures stands for several secrets, so that one can take another's place without a
gap. Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kyc_service.outbound.failures import AnswerNotSigned, SigningSecretUnusable

ID_HEADER: Final = "webhook-id"
TIMESTAMP_HEADER: Final = "webhook-timestamp"
SIGNATURE_HEADER: Final = "webhook-signature"
TOLERANCE: Final = timedelta(minutes=5)
"""How far the clock of who signed may be from ours."""

_PREFIX: Final = "whsec_"
_VERSION: Final = "v1,"
_MIN_BYTES: Final = 24
_MAX_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """A secret shared with one gateway; never shown."""

    key: bytes = field(repr=False)

    def sign(self, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
        """The three headers for ``body``; ``at`` is aware.

        >>> from datetime import UTC
        >>> secret = secret_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        >>> at = datetime.fromtimestamp(1614265330, UTC)
        >>> secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')["webhook-signature"]
        'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
        """
        timestamp = str(int(at.timestamp()))
        return {
            ID_HEADER: message_id,
            TIMESTAMP_HEADER: timestamp,
            SIGNATURE_HEADER: _VERSION + self._signature(message_id, timestamp, body),
        }

    def verify(self, message_id: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """See that ``body`` was signed with this secret, for ``message_id``, about now.

        ``headers`` have names in lower case, or are found whatever the case.

        Raises:
            AnswerNotSigned: it was not.
        """
        timestamp = headers.get(TIMESTAMP_HEADER, "")
        signatures = headers.get(SIGNATURE_HEADER, "").split(" ")
        expected = (_VERSION + self._signature(message_id, timestamp, body)).encode()
        # Every signature is compared, so that the time says nothing of which one fitted.
        fits = [hmac.compare_digest(expected, given.encode()) for given in signatures]
        if headers.get(ID_HEADER) != message_id or not any(fits) or not _is_about(timestamp, now):
            raise AnswerNotSigned

    def _signature(self, message_id: str, timestamp: str, body: bytes) -> str:
        signed = f"{message_id}.{timestamp}.".encode() + body
        return base64.b64encode(hmac.digest(self.key, signed, "sha256")).decode()


def secret_of(text: str) -> SigningSecret:
    """The secret that ``text`` writes: base64, with or without ``whsec_``.

    Raises:
        SigningSecretUnusable: it is no base64, too short or too long.
    """
    try:
        key = base64.b64decode(text.strip().removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError) as cause:
        raise SigningSecretUnusable from cause
    if not _MIN_BYTES <= len(key) <= _MAX_BYTES:
        raise SigningSecretUnusable
    return SigningSecret(key)


def read_secret(path: Path) -> SigningSecret:
    """The secret that a file holds.

    Raises:
        SigningSecretUnusable: it cannot be read, others than its owner may read it, or it holds something else.
    """
    try:
        is_open_to_others = path.stat().st_mode & 0o077
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeError) as cause:
        raise SigningSecretUnusable from cause
    if is_open_to_others:
        raise SigningSecretUnusable
    return secret_of(text)


def _is_about(timestamp: str, now: datetime) -> bool:
    is_number = timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= len(str(2**63))
    return is_number and abs(int(timestamp) - now.timestamp()) <= TOLERANCE.total_seconds()

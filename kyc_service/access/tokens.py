"""Client tokens: what lets an applicant's browser work on one verification, for a short while.

A token says whose it is and until when, under a keyed digest (HMAC-SHA-256): nothing is
stored, and nothing but the service can make one. What it opens is bounded by the state of
its verification.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from kyc_service.access.keys import AuthenticationRequired
from kyc_service.domain.clients import Caller, ClientMode

TOKEN_PREFIX: Final = "kyc_applicant_"  # noqa: S105 - how a token begins, not one
LIFETIME: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=24)

Digest = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class ClientToken:
    """A token as it is given away, once."""

    text: str
    expires_at: datetime

    def __repr__(self) -> str:
        """Without the token."""
        return f"ClientToken(expires_at={self.expires_at!r})"


def issue_token(
    digest: Digest, client_id: str, mode: ClientMode, verification_id: str, expires_at: datetime
) -> ClientToken:
    """A token for one verification; ``digest`` is the service's own."""
    said = json.dumps([client_id, mode.value, verification_id, int(expires_at.timestamp())]).encode()
    signed = _signature(digest, said)
    return ClientToken(f"{TOKEN_PREFIX}{_text(said)}.{_text(signed)}", expires_at)


def caller_of_token(digest: Digest, text: str, now: datetime) -> Caller:
    """The applicant who shows the token ``text``.

    Raises:
        AuthenticationRequired: it is none of ours, or too old.
    """
    try:
        said, signed = (_bytes(part) for part in text.removeprefix(TOKEN_PREFIX).split("."))
    except (ValueError, binascii.Error) as cause:
        raise AuthenticationRequired from cause
    if not hmac.compare_digest(_signature(digest, said), signed):
        raise AuthenticationRequired
    client_id, mode, verification_id, expires_at = json.loads(said)
    if now >= datetime.fromtimestamp(expires_at, UTC):
        raise AuthenticationRequired
    return Caller(client_id, ClientMode(mode), f"applicant:{verification_id}", verification_id)


def _signature(digest: Digest, said: bytes) -> bytes:
    return digest(b"client_token|" + said)


def _text(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def _bytes(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)

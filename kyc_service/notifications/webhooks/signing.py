"""Signing with several secrets, so that one can take another's place without a message going unverified.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from kyc_service.outbound.signature import SIGNATURE_HEADER, SigningSecret

MOST_SECRETS: Final = 4
"""How many sign at one time: more are of no use, and headers have a length."""

_SECRET_BYTES: Final = 32


def new_secret() -> str:
    """A fresh secret as it is shown, once: ``whsec_`` and 256 random bits in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(keys: Sequence[SigningSecret], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers for ``body``, signed with each of ``keys`` (at least one), the newest first.

    >>> from datetime import UTC
    >>> keys = [SigningSecret(bytes(32)), SigningSecret(bytes(range(32)))]
    >>> signed_headers(keys, "evt_1", datetime(2026, 11, 24, tzinfo=UTC), b"{}")["webhook-signature"].count("v1,")
    2
    """
    of_each = [key.sign(message_id, at, body) for key in keys]
    return of_each[0] | {SIGNATURE_HEADER: " ".join(headers[SIGNATURE_HEADER] for headers in of_each)}

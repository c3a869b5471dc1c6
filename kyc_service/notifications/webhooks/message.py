"""Messages: what a client is told of a change. No personal data: whoever wants more asks for it, with a key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from kyc_service.domain.verification import VerificationStatus

TEST_TYPE: Final = "webhook.test"
EVENT_TYPES: Final = tuple(f"verification.{status.value}" for status in VerificationStatus)
"""What can be subscribed to; a test message is sent whatever was subscribed to."""


def type_of(status: VerificationStatus) -> str:
    """The type of the message that a verification has reached ``status``.

    >>> type_of(VerificationStatus.VERIFIED)
    'verification.verified'
    """
    return f"verification.{status.value}"


def payload_of(
    message_type: str, message_id: str, sequence: int, at: datetime, content: Mapping[str, Any]
) -> dict[str, Any]:
    """The message as it is sent; of ``content`` what is ``None`` is left out.

    >>> from datetime import UTC
    >>> payload_of("webhook.test", "evt_1", 1, datetime(2026, 11, 24, tzinfo=UTC), {"client_id": "cli_1", "verdict": None})
    {'type': 'webhook.test', 'id': 'evt_1', 'sequence': 1, 'timestamp': '2026-11-24T00:00:00+00:00', 'data': {'client_id': 'cli_1'}}
    """
    return {
        "type": message_type,
        "id": message_id,
        "sequence": sequence,
        "timestamp": at.isoformat(),
        "data": {name: value for name, value in content.items() if value is not None},
    }


def body_of(payload: Mapping[str, Any]) -> bytes:
    """The bytes that are signed and sent: the same for the same message.

    >>> body_of({"b": 1, "a": "é"}).decode()
    '{"a":"é","b":1}'
    """
    return json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True).encode()

"""Webhooks on the side that receives them: was this signed by the service, just now, and what does it say.

Standard Webhooks 1.0.0; any library of that standard can do the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import Field, ValidationError

from kyc_service.client.errors import WebhookNotTrusted
from kyc_service.client.forms import Tolerant
from kyc_service.outbound.failures import AnswerNotSigned, SigningSecretUnusable
from kyc_service.outbound.signature import ID_HEADER, SigningSecret, secret_of


class WebhookEvent(Tolerant):
    """One message. It may come twice: remember ``id``. It may come late: of a verification, a higher ``sequence`` is newer."""

    type: str
    id: str
    sequence: int
    timestamp: datetime
    data: dict[str, Any] = Field(default_factory=dict)

    @property
    def verification_id(self) -> str | None:
        """Which verification it is about; ``None`` for a test message."""
        return self.data.get("verification_id")

    @property
    def status(self) -> str | None:
        """What the verification has reached."""
        return self.data.get("status")


def verify_webhook(
    secrets: str | Sequence[str], headers: Mapping[str, str], body: bytes, *, now: datetime | None = None
) -> WebhookEvent:
    """The event that a request brings, if the service signed it.

    ``secrets`` are the endpoint's: while one takes another's place, both. ``headers`` are the request's, in any case;
    ``body`` its bytes as they came. ``now`` is UTC-aware, and the machine's clock unless given.

    Raises:
        WebhookNotTrusted: another signature, another body, more than five minutes old, or no event at all.
        ValueError: a secret is none.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    keys = _keys([secrets] if isinstance(secrets, str) else secrets)
    at = now or datetime.now(UTC)
    if not any([_has_signed(key, lower, body, at) for key in keys]):  # noqa: C419 - as long, whichever fits
        raise WebhookNotTrusted("The signature fits none of the secrets, or is too old.")
    try:
        return WebhookEvent.model_validate_json(body)
    except ValidationError:
        raise WebhookNotTrusted("It is signed, but is no event.") from None


def _keys(secrets: Sequence[str]) -> list[SigningSecret]:
    try:
        return [secret_of(secret) for secret in secrets]
    except SigningSecretUnusable:
        raise ValueError("A webhook's secret is whsec_ and base64 of 24 to 64 bytes.") from None


def _has_signed(key: SigningSecret, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    try:
        key.verify(headers.get(ID_HEADER, ""), headers, body, now)
    except AnswerNotSigned:
        return False
    return True

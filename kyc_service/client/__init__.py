"""The service's client for Python: typed, with retries that never do a thing twice.

    from kyc_service.client import Client

    with Client(key, "http://127.0.0.1:8000") as kyc:
        verification = kyc.create_verification(claims={"full_name": "..."})

``AsyncClient`` has the same methods, to be awaited. Needs httpx and pydantic, and nothing
else of the service.
"""

from __future__ import annotations

from kyc_service.client.clients import AsyncClient, Client
from kyc_service.client.errors import (
    AnswerUnusable,
    AuthenticationRequired,
    ClientError,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    Problem,
    ServiceFailed,
    ServiceUnreachable,
    TryLater,
    VersionMismatch,
    WaitedTooLong,
    WebhookNotTrusted,
)
from kyc_service.client.forms import Verification
from kyc_service.client.webhooks import WebhookEvent, verify_webhook

__all__ = [
    "AnswerUnusable",
    "AsyncClient",
    "AuthenticationRequired",
    "Client",
    "ClientError",
    "Conflict",
    "Forbidden",
    "InvalidInput",
    "NotFound",
    "Problem",
    "ServiceFailed",
    "ServiceUnreachable",
    "TryLater",
    "Verification",
    "VersionMismatch",
    "WaitedTooLong",
    "WebhookEvent",
    "WebhookNotTrusted",
    "verify_webhook",
]

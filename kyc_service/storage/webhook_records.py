"""What the repository of webhooks gives and takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from kyc_service.errors import NotFound


class WebhookNotFound(NotFound):
    """There is no such webhook."""

    code = "webhook_not_found"


class WebhookDeliveryNotFound(NotFound):
    """There is no such delivery of this webhook."""

    code = "webhook_delivery_not_found"


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class EndpointRecord:
    """Where a client wants to be told what happens; ``event_types`` is none for all, ``version`` counts changes."""

    id: str
    client_id: str
    url: str
    event_types: tuple[str, ...] | None
    version: int
    created_at: datetime
    updated_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """What is told, once for all endpoints; ``id`` and ``sequence`` are the event's."""

    id: str
    client_id: str
    type: str
    sequence: int
    payload: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One message on its way to one endpoint; ``last_error`` is a code, times are the database's.

    ``created_at`` is when it was begun, the last time where it was sent again.
    """

    id: str
    endpoint_id: str
    message_id: str
    type: str
    state: DeliveryState
    tries: int
    created_at: datetime
    next_at: datetime | None
    last_at: datetime | None
    last_status: int | None
    last_error: str | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that is ours to try now; ``tries`` has this one. ``sealed`` are the secrets, newest first."""

    id: str
    endpoint_id: str
    message_id: str
    url: str
    payload: Mapping[str, Any]
    sealed: tuple[bytes, ...]
    tries: int
    begun: datetime

"""Delivering: one try of one message at one endpoint, outside any transaction, and what comes of it.

At least once: who dies between sending and recording leaves a delivery that is sent
again, under the same id. One at a time: a try is claimed in the row, for longer than it
can take.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, Protocol

from kyc_service.notifications.webhooks.back_off import next_try
from kyc_service.notifications.webhooks.message import body_of
from kyc_service.notifications.webhooks.signing import MOST_SECRETS, signed_headers
from kyc_service.observability.logs import get_logger
from kyc_service.observability.metrics import Metrics
from kyc_service.outbound.failures import OutboundFailed
from kyc_service.outbound.public_http import Answered
from kyc_service.outbound.signature import secret_of
from kyc_service.outbound.targets import UrlNotAllowed
from kyc_service.storage.database import Database, Transaction
from kyc_service.storage.keys import MasterKey
from kyc_service.storage.webhook_deliveries import Closed, Waiting
from kyc_service.storage.webhook_records import ClaimedDelivery, DeliveryState
from kyc_service.verification.announcing import DELIVER, defer_delivery

LEASE: Final = timedelta(seconds=60)
"""How long a try is its claimant's: several times what a try may take."""

PATIENCE: Final = timedelta(minutes=5)
"""How long later messages of a verification wait for an earlier one; after that the order is given up."""

_LATE: Final = timedelta(minutes=1)
_CHANCES: Final = 1000
_LOG: Final = get_logger(__name__)


class Post(Protocol):
    """Posts to an address that a client named."""

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """What came back.

        Raises:
            UrlNotAllowed: the address leads where it may not.
            OutboundFailed: nothing came back, and why.
        """
        ...


@dataclass(frozen=True, slots=True)
class WebhookParts:
    """What delivering works with; ``now`` is the clock that signatures are stamped by."""

    database: Database
    master_key: MasterKey
    post: Post
    now: Callable[[], datetime]
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a try: the status that was answered, or the code of what went wrong."""

    status: int | None = None
    error: str | None = None
    retry_after_s: float | None = None

    @property
    def is_taken(self) -> bool:
        return self.error is None

    @property
    def is_gone(self) -> bool:
        return self.status == HTTPStatus.GONE


def deliver_webhook(parts: WebhookParts, delivery_id: str) -> None:
    """Try a delivery that is due, and see to its next try; if it is not due, or in other hands, do nothing."""
    with parts.database.transaction() as tx:
        claimed = _claimed(tx, delivery_id)
    match claimed:
        case ClaimedDelivery():
            _try(parts, claimed)
        case Closed():
            parts.metrics.webhook_tried(DeliveryState.FAILED)
            _LOG.info("webhook_closed", delivery_id=delivery_id, error=claimed.why)
        case _:
            pass


def sweep_webhooks(parts: WebhookParts, limit: int) -> int:
    """Give up to ``limit`` deliveries a job that are overdue and have none; how many there were."""
    with parts.database.transaction() as tx:
        tx.webhook_deliveries.call_in(_LATE)
        overlooked = tx.webhook_deliveries.overlooked(DELIVER, _LATE, limit)
        for delivery_id in overlooked:
            defer_delivery(tx, delivery_id)
    for delivery_id in overlooked:
        _LOG.warning("webhook_overlooked", delivery_id=delivery_id)
    return len(overlooked)


def _claimed(tx: Transaction, delivery_id: str) -> ClaimedDelivery | Waiting | Closed | None:
    claimed = tx.webhook_deliveries.claim(delivery_id, lease=LEASE, patience=PATIENCE, most_secrets=MOST_SECRETS)
    match claimed:
        case Waiting():
            defer_delivery(tx, delivery_id, claimed.until)
        case Closed() if claimed.next_id is not None:
            defer_delivery(tx, claimed.next_id)
        case _:
            pass
    return claimed


def _try(parts: WebhookParts, ours: ClaimedDelivery) -> None:
    begun = time.monotonic()
    outcome = _sent(parts, ours)
    with parts.database.transaction() as tx:
        came_of_it = _record(tx, ours, outcome)
    parts.metrics.webhook_tried(came_of_it)
    # The address stays out: clients put tokens into it.
    _LOG.info(
        "webhook_tried",
        delivery_id=ours.id,
        endpoint_id=ours.endpoint_id,
        outcome=came_of_it,
        tries=ours.tries,
        status=outcome.status,
        error=outcome.error,
        ms=round((time.monotonic() - begun) * 1000),
    )


def _sent(parts: WebhookParts, ours: ClaimedDelivery) -> _Outcome:
    purpose = secret_purpose(ours.endpoint_id)
    keys = [secret_of(parts.master_key.open_for_service(sealed, purpose).decode()) for sealed in ours.sealed]
    body = body_of(ours.payload)
    try:
        answered = parts.post(ours.url, signed_headers(keys, ours.message_id, parts.now(), body), body)
    except (OutboundFailed, UrlNotAllowed) as failure:
        return _Outcome(error=failure.code)
    if answered.is_success:
        return _Outcome(answered.status)
    error = "webhook_gone" if answered.status == HTTPStatus.GONE else "webhook_refused"
    return _Outcome(answered.status, error, answered.retry_after_s)


def _record(tx: Transaction, ours: ClaimedDelivery, outcome: _Outcome) -> str:
    """Write down what came of a try, with a job for what comes next; ``lost`` if it was no longer ours."""
    if not outcome.is_taken and not outcome.is_gone:
        chance = secrets.randbelow(_CHANCES) / _CHANCES
        again = next_try(ours.tries, ours.begun, tx.webhook_deliveries.now(), chance, outcome.retry_after_s)
        if again is not None:
            is_ours = tx.webhook_deliveries.postpone(ours, again, outcome.status, outcome.error)
            if is_ours:
                defer_delivery(tx, ours.id, again)
            return "postponed" if is_ours else "lost"
    if outcome.is_gone:
        tx.webhook_deliveries.disable(ours.endpoint_id)
    state = DeliveryState.DELIVERED if outcome.is_taken else DeliveryState.FAILED
    finished = tx.webhook_deliveries.finish(ours, state, outcome.status, outcome.error)
    if finished.next_id is not None:
        defer_delivery(tx, finished.next_id)
    return state.value if finished.is_recorded else "lost"


def secret_purpose(endpoint_id: str) -> str:
    """What an endpoint's secrets are sealed for."""
    return f"webhook_secret:{endpoint_id}"

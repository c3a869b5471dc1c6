"""Sending again: a test, one delivery, or all messages of a time once more, each under the id it had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kyc_service.domain.clients import Caller
from kyc_service.errors import Conflict
from kyc_service.notifications.webhooks.message import TEST_TYPE, payload_of
from kyc_service.storage.database import Transaction
from kyc_service.storage.ids import new_id
from kyc_service.storage.webhook_records import DeliveryRecord, DeliveryState, EndpointRecord, MessageRecord
from kyc_service.verification.announcing import begin_delivery
from kyc_service.verification.idempotency import Once, service_key
from kyc_service.verification.service import VerificationService

MOST_AT_ONCE: Final = 1000
"""Messages that one call sends again."""


class WebhookDisabled(Conflict):
    """The webhook is disabled; enable it first."""

    code = "webhook_disabled"


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many messages are sent once more; ``next_since`` is where to go on, where there are more."""

    count: int
    next_since: datetime | None


@dataclass(frozen=True, slots=True)
class Span:
    """Messages from ``since`` until before ``until``, of ``types`` only where they are named."""

    since: datetime
    until: datetime | None = None
    types: tuple[str, ...] | None = None


def list_deliveries(
    service: VerificationService,
    endpoint_id: str,
    caller: Caller,
    *,
    limit: int,
    starting_after: str | None = None,
    state: DeliveryState | None = None,
) -> tuple[list[DeliveryRecord], bool]:
    """Up to ``limit`` deliveries of a webhook, newest first, and whether there are more.

    Raises:
        WebhookNotFound: the client has none of that id.
        WebhookDeliveryNotFound: ``starting_after`` names none of its deliveries.
    """
    with service.database.transaction() as tx:
        record = tx.webhooks.get(caller.client_id, endpoint_id)
        found = tx.webhooks.deliveries(record.id, limit=limit + 1, starting_after=starting_after, state=state)
    return found[:limit], len(found) > limit


def send_test(
    service: VerificationService, endpoint_id: str, caller: Caller, once: Once[DeliveryRecord] | None = None
) -> DeliveryRecord:
    """Send a message that tells of nothing, to see that it arrives.

    Raises:
        WebhookNotFound: the client has none of that id.
        WebhookDisabled: it takes nothing now.
        IdempotencyKeyInUse: the same request is being done at the moment.
    """
    now, message_id = service.now(), new_id("evt")
    payload = payload_of(TEST_TYPE, message_id, 1, now, {"client_id": caller.client_id})
    with service.database.transaction() as tx:
        record = _enabled(tx, endpoint_id, caller)
        if once:
            once.begin(tx, None, now)
        tx.webhooks.add_message(MessageRecord(message_id, caller.client_id, TEST_TYPE, 1, payload, now))
        delivery = tx.webhooks.delivery(record.id, begin_delivery(tx, record.id, message_id))
        if once:
            once.finish(tx, service_key(service), delivery)
    return delivery


def resend(
    service: VerificationService,
    endpoint_id: str,
    delivery_id: str,
    caller: Caller,
    once: Once[DeliveryRecord] | None = None,
) -> DeliveryRecord:
    """Begin a delivery anew, wherever it stands: the same message under the same id, with all its tries before it.

    Raises:
        WebhookNotFound: the client has none of that id.
        WebhookDeliveryNotFound: it has no such delivery.
        WebhookDisabled: it takes nothing now.
        IdempotencyKeyInUse: the same request is being done at the moment.
    """
    with service.database.transaction() as tx:
        record = _enabled(tx, endpoint_id, caller)
        if once:
            once.begin(tx, None, service.now())
        begin_delivery(tx, record.id, tx.webhooks.delivery(record.id, delivery_id).message_id)
        delivery = tx.webhooks.delivery(record.id, delivery_id)
        if once:
            once.finish(tx, service_key(service), delivery)
    return delivery


def replay(
    service: VerificationService, endpoint_id: str, span: Span, caller: Caller, once: Once[Replayed] | None = None
) -> Replayed:
    """Send all messages of a time once more, each under its id: those too that the webhook was never sent.

    Raises:
        WebhookNotFound: the client has none of that id.
        WebhookDisabled: it takes nothing now.
        IdempotencyKeyInUse: the same request is being done at the moment.
    """
    with service.database.transaction() as tx:
        record = _enabled(tx, endpoint_id, caller)
        if once:
            once.begin(tx, None, service.now())
        types = span.types or record.event_types
        found = tx.webhooks.messages(caller.client_id, span.since, span.until, types, MOST_AT_ONCE + 1)
        for message_id, _ in found[:MOST_AT_ONCE]:
            begin_delivery(tx, record.id, message_id)
        replayed = Replayed(len(found[:MOST_AT_ONCE]), found[-1][1] if len(found) > MOST_AT_ONCE else None)
        if once:
            once.finish(tx, service_key(service), replayed)
    return replayed


def _enabled(tx: Transaction, endpoint_id: str, caller: Caller) -> EndpointRecord:
    record = tx.webhooks.lock(caller.client_id, endpoint_id)
    if record.disabled_at is not None:
        raise WebhookDisabled
    return record

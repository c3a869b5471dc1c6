"""Announcing: a change of status becomes a message to the client, in the transaction that makes the change."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kyc_service.notifications.webhooks.message import payload_of, type_of
from kyc_service.storage.database import Transaction
from kyc_service.storage.queue import Queue
from kyc_service.storage.records import EventRecord, VerificationRecord
from kyc_service.storage.webhook_records import MessageRecord

DELIVER: Final = "deliver_webhook"


def announce(tx: Transaction, event: EventRecord, record: VerificationRecord) -> None:
    """Tell the client of ``event``, which was appended just now, if it changed the status of ``record``.

    One message for one event, under its id; a delivery and a job for each endpoint that wants it. The message is
    kept where there is no endpoint too: one that comes later may have it sent.
    """
    if event.to_status is None or event.to_status is event.from_status:
        return
    message_type, sequence = type_of(event.to_status), tx.events.count(record.id)
    content = {
        "client_id": record.client_id,
        "verification_id": record.id,
        "reference": record.reference,
        "attempt": record.attempt,
        "status": event.to_status.value,
        "previous_status": None if event.from_status is None else event.from_status.value,
        "verdict": event.payload.get("verdict"),
    }
    payload = payload_of(message_type, event.id, sequence, event.at, content)
    tx.webhooks.add_message(
        MessageRecord(
            id=event.id,
            client_id=record.client_id,
            type=message_type,
            sequence=sequence,
            payload=payload,
            created_at=event.at,
        )
    )
    for endpoint_id in tx.webhooks.listening(record.client_id, message_type):
        begin_delivery(tx, endpoint_id, event.id)


def begin_delivery(tx: Transaction, endpoint_id: str, message_id: str) -> str:
    """Have a message delivered once this transaction is committed; the delivery's id."""
    delivery_id = tx.webhook_deliveries.begin(endpoint_id, message_id)
    defer_delivery(tx, delivery_id)
    return delivery_id


def defer_delivery(tx: Transaction, delivery_id: str, at: datetime | None = None) -> None:
    """A job for the next try, ``at`` the time it is due or as soon as can be."""
    tx.jobs.defer(DELIVER, Queue.WEBHOOKS, {"delivery_id": delivery_id}, scheduled_at=at)

"""What several tests of webhooks need: endpoints and verifications in the database, and what is written of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy

from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.verification import UseCase
from kyc_service.storage.database import Database
from kyc_service.storage.ids import new_id
from kyc_service.storage.webhook_records import EndpointRecord
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import NewVerification
from kyc_service.verification.use_cases import create_verification
from kyc_service.verification.webhook_delivery import WebhookParts, deliver_webhook
from tests.conftest import CALLER


def add_endpoint(
    database: Database,
    url: str = "https://bank.example/kyc",
    *,
    client_id: str = FIRST_CLIENT,
    sealed: bytes = b"",
    **fields: Any,
) -> str:
    """An endpoint as it lies in the database."""
    now = datetime.now(UTC)
    endpoint_id = new_id("whe")
    values = {"event_types": None, "version": 1, "created_at": now, "updated_at": now, **fields}
    with database.transaction() as tx:
        tx.webhooks.add(EndpointRecord(id=endpoint_id, client_id=client_id, url=url, **values))
        tx.webhooks.add_secret(endpoint_id, sealed, timedelta(0), 4)
    return endpoint_id


def verification(service: VerificationService, reference: str | None = None) -> str:
    """A new verification of the first client."""
    new = NewVerification(UseCase.ONBOARDING, "standard", Claims(), CALLER, reference)
    return create_verification(service, new).record.id


def messages_of(database: Database) -> list[dict[str, Any]]:
    """Every message, in the order they came."""
    with database.engine.connect() as connection:
        found = connection.execute(
            sqlalchemy.text("SELECT payload FROM webhook_messages ORDER BY created_at, sequence")
        )
        return [row.payload for row in found]


def jobs_of(database: Database) -> list[tuple[str, datetime | None]]:
    """The delivery and the due time of every job that waits."""
    with database.engine.connect() as connection:
        found = connection.execute(
            sqlalchemy.text(
                "SELECT args->>'delivery_id' AS id, scheduled_at FROM procrastinate_jobs"
                " WHERE task_name = 'deliver_webhook' AND status = 'todo' ORDER BY id"
            )
        )
        return [(row.id, row.scheduled_at) for row in found]


def work(parts: WebhookParts) -> int:
    """Do every job that is due, as a worker would, until there is none; how many there were."""
    done = 0
    while True:
        with parts.database.engine.begin() as connection:
            due = connection.execute(
                sqlalchemy.text(
                    "DELETE FROM procrastinate_jobs WHERE id = (SELECT id FROM procrastinate_jobs WHERE"
                    " task_name = 'deliver_webhook' AND status = 'todo'"
                    " AND (scheduled_at IS NULL OR scheduled_at <= now()) ORDER BY id LIMIT 1)"
                    " RETURNING args->>'delivery_id' AS id"
                )
            ).one_or_none()
        if due is None:
            return done
        deliver_webhook(parts, due.id)
        done += 1


def later(database: Database, seconds: float) -> None:
    """Let time pass for everything that waits: all that was written is that much older. Less than 0: the clock is set back."""
    shift = {"by": timedelta(seconds=seconds)}
    with database.engine.begin() as connection:
        for statement in (
            "UPDATE webhook_deliveries SET next_at = next_at - :by, created_at = created_at - :by",
            "UPDATE webhook_deliveries SET last_at = last_at - :by",
            "UPDATE webhook_secrets SET expires_at = expires_at - :by, created_at = created_at - :by",
            "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - :by WHERE status = 'todo'",
        ):
            connection.execute(sqlalchemy.text(statement), shift)


def lose_jobs(database: Database) -> None:
    """Take every job away, as if its worker had died with it."""
    with database.engine.begin() as connection:
        connection.execute(sqlalchemy.text("DELETE FROM procrastinate_jobs"))

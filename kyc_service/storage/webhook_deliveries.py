"""Deliveries on their way: begun, claimed by one worker for a while, and recorded.

A claim is a lease in the row itself, by the database's clock: who died leaves a delivery
that is due again once it has run out, and a job that is run twice finds nothing to do.
Rows of one verification are always locked in the order of its events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from kyc_service.storage.ids import new_id
from kyc_service.storage.webhook_records import ClaimedDelivery, DeliveryState

_BEGIN: Final = text(
    "INSERT INTO webhook_deliveries (id, endpoint_id, message_id, state, tries, created_at, next_at)"
    " VALUES (:id, :endpoint_id, :message_id, 'pending', 0, clock_timestamp(), now())"
    " ON CONFLICT (endpoint_id, message_id) DO UPDATE SET state = 'pending', tries = 0,"
    " created_at = excluded.created_at, next_at = excluded.next_at, last_error = NULL, delivered_at = NULL"
    " RETURNING id"
)
_READ: Final = text(
    "SELECT d.endpoint_id, d.message_id, d.created_at, m.payload, m.sequence, e.url,"
    " e.disabled_at IS NOT NULL AS is_disabled, e.deleted_at IS NOT NULL AS is_deleted"
    " FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message_id"
    " JOIN webhook_endpoints e ON e.id = d.endpoint_id WHERE d.id = :id AND d.state = 'pending'"
)
_EARLIER: Final = text(
    "SELECT d.created_at FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message_id"
    " WHERE d.endpoint_id = :endpoint_id AND d.state = 'pending' AND d.created_at > now() - :patience"
    " AND m.payload->'data'->>'verification_id' = :verification_id AND m.sequence < :sequence"
    " ORDER BY m.sequence FOR UPDATE OF d"
)
_OURS: Final = text(
    "SELECT tries FROM webhook_deliveries WHERE id = :id AND state = 'pending' AND next_at <= now()"
    " FOR UPDATE SKIP LOCKED"
)
_LEASE: Final = text(
    "UPDATE webhook_deliveries SET tries = tries + 1, last_at = now(), next_at = now() + :lease WHERE id = :id"
    " RETURNING tries, created_at"
)
_RECORD: Final = text(
    "UPDATE webhook_deliveries SET state = CAST(:state AS text), next_at = :next_at, last_status = :status, last_error = :error,"
    " delivered_at = CASE WHEN CAST(:state AS text) = 'delivered' THEN now() END"
    " WHERE id = :id AND state = 'pending' AND tries = :tries AND created_at = :begun RETURNING id"
)
_CLOSE: Final = text(
    "UPDATE webhook_deliveries SET state = 'failed', next_at = NULL, last_error = :error WHERE id = :id"
)
_POSTPONE: Final = text("UPDATE webhook_deliveries SET next_at = :until WHERE id = :id")
_NEXT: Final = text(
    "UPDATE webhook_deliveries SET next_at = now() WHERE id = (SELECT d.id FROM webhook_deliveries d"
    " JOIN webhook_messages m ON m.id = d.message_id WHERE d.endpoint_id = :endpoint_id AND d.state = 'pending'"
    " AND d.tries = 0 AND m.payload->'data'->>'verification_id' = :verification_id ORDER BY m.sequence LIMIT 1)"
    " AND state = 'pending' AND tries = 0 RETURNING id"
)
_SECRETS: Final = text(
    "SELECT sealed FROM webhook_secrets WHERE endpoint_id = :id AND (expires_at IS NULL OR expires_at > now())"
    " ORDER BY created_at DESC LIMIT :limit"
)
_OVERLOOKED: Final = text(
    "SELECT d.id FROM webhook_deliveries d WHERE d.state = 'pending' AND d.next_at < now() - :late"
    " AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs j WHERE j.task_name = :task AND j.status = 'todo'"
    " AND coalesce(j.scheduled_at <= now(), true) AND j.args->>'delivery_id' = d.id) ORDER BY d.next_at LIMIT :limit FOR UPDATE OF d SKIP LOCKED"
)
_BEGUN_AHEAD: Final = text(
    "UPDATE webhook_deliveries SET created_at = least(created_at, now()), last_at = least(last_at, now()), next_at = now()"
    " WHERE state = 'pending' AND greatest(created_at, last_at) > now() + :late"
)
_DISABLE: Final = text(
    "UPDATE webhook_endpoints SET disabled_at = now(), updated_at = now(), version = version + 1"
    " WHERE id = :id AND disabled_at IS NULL AND deleted_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class Closed:
    """A delivery whose endpoint takes nothing any more; ``why`` is a code, ``next_id`` the delivery that waited for it."""

    why: str
    next_id: str | None


@dataclass(frozen=True, slots=True)
class Finished:
    """Whether the delivery was still the claimant's to record, and the delivery that waited for it."""

    is_recorded: bool
    next_id: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery before which another one has to go out; it looks again at ``until``."""

    until: datetime


@dataclass(frozen=True, slots=True)
class WebhookDeliveries:
    """Moves deliveries inside one transaction."""

    session: Session

    def begin(self, endpoint_id: str, message_id: str) -> str:
        """Have a message delivered to an endpoint, from the beginning where it was before; the delivery's id."""
        values = {"id": new_id("whd"), "endpoint_id": endpoint_id, "message_id": message_id}
        return str(self.session.execute(_BEGIN, values).scalar_one())

    def claim(
        self, delivery_id: str, *, lease: timedelta, patience: timedelta, most_secrets: int
    ) -> ClaimedDelivery | Waiting | Closed | None:
        """Take a delivery that is due, for ``lease``; ``None`` if it is not due, or somebody else has it.

        It waits for earlier ones of its verification to the same endpoint that were begun less than
        ``patience`` ago.
        """
        read = self.session.execute(_READ, {"id": delivery_id}).one_or_none()
        if read is None:
            return None
        earlier = self._earlier(read.endpoint_id, read.payload, read.sequence, patience)
        if self.session.execute(_OURS, {"id": delivery_id}).one_or_none() is None:
            return None
        if read.is_disabled or read.is_deleted:
            why = "webhook_deleted" if read.is_deleted else "webhook_disabled"
            self.session.execute(_CLOSE, {"id": delivery_id, "error": why})
            return Closed(why, self._wake(read.endpoint_id, read.payload))
        if earlier:
            until = max(earlier) + patience
            self.session.execute(_POSTPONE, {"id": delivery_id, "until": until})
            return Waiting(until)
        leased = self.session.execute(_LEASE, {"id": delivery_id, "lease": lease}).one()
        secrets = self.session.execute(_SECRETS, {"id": read.endpoint_id, "limit": most_secrets})
        return ClaimedDelivery(
            id=delivery_id,
            endpoint_id=read.endpoint_id,
            message_id=read.message_id,
            url=read.url,
            payload=read.payload,
            sealed=tuple(bytes(row.sealed) for row in secrets),
            tries=leased.tries,
            begun=leased.created_at,
        )

    def now(self) -> datetime:
        """The database's clock."""
        at: datetime = self.session.execute(text("SELECT clock_timestamp()")).scalar_one()
        return at

    def finish(self, ours: ClaimedDelivery, state: DeliveryState, status: int | None, error: str | None) -> Finished:
        """Record that a claimed delivery needs no more tries."""
        is_recorded = self._record(ours, state, None, status, error)
        return Finished(is_recorded, self._wake(ours.endpoint_id, ours.payload) if is_recorded else None)

    def postpone(self, ours: ClaimedDelivery, until: datetime, status: int | None, error: str | None) -> bool:
        """Record that a claimed delivery is to be tried again at ``until``; whether it was still ours."""
        return self._record(ours, DeliveryState.PENDING, until, status, error)

    def disable(self, endpoint_id: str) -> None:
        """Send nothing more to an endpoint that is gone for good."""
        self.session.execute(_DISABLE, {"id": endpoint_id})

    def call_in(self, late: timedelta) -> None:
        """Have deliveries done now that were begun or tried later than ``late`` from now: the clock was set back."""
        self.session.execute(_BEGUN_AHEAD, {"late": late})

    def overlooked(self, task: str, late: timedelta, limit: int) -> list[str]:
        """Deliveries that have been due for ``late`` and that no job stands for, or one that is put off."""
        rows = self.session.execute(_OVERLOOKED, {"task": task, "late": late, "limit": limit})
        return [row.id for row in rows]

    def _earlier(
        self, endpoint_id: str, payload: Mapping[str, Any], sequence: int, patience: timedelta
    ) -> list[datetime]:
        """When the deliveries were begun that have to go out before; locked, so that none is finished meanwhile."""
        verification_id = payload["data"].get("verification_id")
        if verification_id is None:
            return []
        values = {
            "endpoint_id": endpoint_id,
            "verification_id": verification_id,
            "sequence": sequence,
            "patience": patience,
        }
        return [row.created_at for row in self.session.execute(_EARLIER, values)]

    def _record(
        self,
        ours: ClaimedDelivery,
        state: DeliveryState,
        next_at: datetime | None,
        status: int | None,
        error: str | None,
    ) -> bool:
        values = {
            "id": ours.id,
            "tries": ours.tries,
            "begun": ours.begun,
            "state": state.value,
            "next_at": next_at,
            "status": status,
            "error": error,
        }
        return self.session.execute(_RECORD, values).one_or_none() is not None

    def _wake(self, endpoint_id: str, payload: Mapping[str, Any]) -> str | None:
        """Make the first that waits of the same verification due; its id."""
        verification_id = payload["data"].get("verification_id")
        values = {"endpoint_id": endpoint_id, "verification_id": verification_id}
        found = self.session.execute(_NEXT, values).one_or_none() if verification_id is not None else None
        return None if found is None else str(found.id)

"""The repository of webhooks: endpoints with their secrets, messages, and deliveries as clients see them.

How deliveries move is :mod:`kyc_service.storage.webhook_deliveries`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, delete, func, null, or_, select, text, tuple_, update
from sqlalchemy.orm import Session

from kyc_service.storage.ids import new_id
from kyc_service.storage.tables import (
    WebhookDeliveryRow,
    WebhookEndpointRow,
    WebhookMessageRow,
    WebhookSecretRow,
)
from kyc_service.storage.webhook_records import (
    DeliveryRecord,
    DeliveryState,
    EndpointRecord,
    MessageRecord,
    WebhookDeliveryNotFound,
    WebhookNotFound,
)

_ENDPOINT_LOCKS: Final = 7
"""A space of its own among the two-number advisory locks."""

_E, _D, _M, _S = WebhookEndpointRow, WebhookDeliveryRow, WebhookMessageRow, WebhookSecretRow


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Reads and writes inside one transaction."""

    session: Session

    def one_at_a_time(self, client_id: str) -> None:
        """Keep this client's other additions waiting until this transaction ends, so that a count holds until then."""
        lock = text("SELECT pg_advisory_xact_lock(:space, hashtext(:id))")
        self.session.execute(lock, {"space": _ENDPOINT_LOCKS, "id": client_id})

    def add(self, record: EndpointRecord) -> None:
        """Write a new endpoint."""
        self.session.add(_E(**_values(record)))
        self.session.flush()

    def save(self, record: EndpointRecord) -> None:
        """Write every field of one that :meth:`lock` gave."""
        self.session.execute(update(_E).where(_E.id == record.id).values(**_values(record)))

    def get(self, client_id: str, endpoint_id: str) -> EndpointRecord:
        """Read one of a client's.

        Raises:
            WebhookNotFound: the client has none of that id.
        """
        return _one(self.session.scalar(_of(client_id).where(_E.id == endpoint_id)))

    def lock(self, client_id: str, endpoint_id: str) -> EndpointRecord:
        """Read one, and keep others from changing it until this transaction ends.

        Raises:
            WebhookNotFound: the client has none of that id.
        """
        return _one(self.session.scalar(_of(client_id).where(_E.id == endpoint_id).with_for_update()))

    def of(self, client_id: str) -> list[EndpointRecord]:
        """All of a client's, newest first."""
        rows = self.session.scalars(_of(client_id).order_by(_E.created_at.desc(), _E.id.desc()))
        return [_endpoint(row) for row in rows]

    def listening(self, client_id: str, message_type: str) -> list[str]:
        """The ids of a client's enabled endpoints that want ``message_type``."""
        wants = or_(_E.event_types.is_(None), _E.event_types.contains([message_type]))
        return [row.id for row in self.session.scalars(_of(client_id).where(_E.disabled_at.is_(None), wants))]

    def remove(self, endpoint_id: str) -> None:
        """Take an endpoint away, its secrets with it; what is on its way fails at its next try."""
        self.session.execute(update(_E).where(_E.id == endpoint_id).values(deleted_at=func.now()))
        self.session.execute(delete(_S).where(_S.endpoint_id == endpoint_id))

    def add_secret(self, endpoint_id: str, sealed: bytes, overlap: timedelta, at_most: int) -> None:
        """Give an endpoint a new secret; older ones end ``overlap`` from now, or sooner where there are ``at_most``."""
        until = func.least(func.coalesce(_S.expires_at, text("timestamptz 'infinity'")), func.now() + overlap)
        mine = _S.endpoint_id == endpoint_id
        self.session.execute(update(_S).where(mine).values(expires_at=until))
        kept = select(_S.id).where(mine, _S.expires_at > func.now()).order_by(_S.created_at.desc()).limit(at_most - 1)
        self.session.execute(delete(_S).where(mine, _S.id.not_in(kept.scalar_subquery())))
        # The clock of now, not the transaction's beginning: of two in one, one is the newer.
        row = _S(id=new_id("whs"), endpoint_id=endpoint_id, sealed=sealed, created_at=func.clock_timestamp())
        self.session.add(row)
        self.session.flush()

    def add_message(self, record: MessageRecord) -> None:
        """Write what is told."""
        self.session.add(_M(**asdict(record)))
        self.session.flush()

    def messages(
        self, client_id: str, since: datetime, until: datetime | None, types: Sequence[str] | None, limit: int
    ) -> list[tuple[str, datetime]]:
        """Id and time of a client's messages from ``since`` until before ``until``, oldest first, without tests."""
        statement = select(_M.id, _M.created_at).where(
            _M.client_id == client_id, _M.created_at >= since, _M.type.like("verification.%")
        )
        if until is not None:
            statement = statement.where(_M.created_at < until)
        if types is not None:
            statement = statement.where(_M.type.in_(types))
        rows = self.session.execute(statement.order_by(_M.created_at, _M.sequence, _M.id).limit(limit))
        return [(row.id, row.created_at) for row in rows]

    def delivery(self, endpoint_id: str, delivery_id: str) -> DeliveryRecord:
        """Read one delivery of an endpoint.

        Raises:
            WebhookDeliveryNotFound: the endpoint has none of that id.
        """
        found = self.session.execute(_deliveries(endpoint_id).where(_D.id == delivery_id)).one_or_none()
        if found is None:
            raise WebhookDeliveryNotFound
        return _delivery(*found)

    def deliveries(
        self, endpoint_id: str, *, limit: int, starting_after: str | None, state: DeliveryState | None
    ) -> list[DeliveryRecord]:
        """Up to ``limit`` of an endpoint's, newest first, from the one after ``starting_after`` on.

        Raises:
            WebhookDeliveryNotFound: ``starting_after`` names none of the endpoint's.
        """
        statement = _deliveries(endpoint_id)
        if state is not None:
            statement = statement.where(_D.state == state.value)
        if starting_after is not None:
            last = self.delivery(endpoint_id, starting_after)
            statement = statement.where(tuple_(_D.created_at, _D.id) < (last.created_at, last.id))
        rows = self.session.execute(statement.order_by(_D.created_at.desc(), _D.id.desc()).limit(limit))
        return [_delivery(row, message_type) for row, message_type in rows]


def _of(client_id: str) -> Select[WebhookEndpointRow]:
    return select(_E).where(_E.client_id == client_id, _E.deleted_at.is_(None))


def _deliveries(endpoint_id: str) -> Select[WebhookDeliveryRow, str]:
    return select(_D, _M.type).join(_M, _M.id == _D.message_id).where(_D.endpoint_id == endpoint_id)


def _values(record: EndpointRecord) -> dict[str, object]:
    # None would become JSON's null, which is a value.
    types = null() if record.event_types is None else list(record.event_types)
    return asdict(record) | {"event_types": types}


def _one(row: WebhookEndpointRow | None) -> EndpointRecord:
    if row is None:
        raise WebhookNotFound
    return _endpoint(row)


def _endpoint(row: WebhookEndpointRow) -> EndpointRecord:
    return EndpointRecord(
        id=row.id,
        client_id=row.client_id,
        url=row.url,
        event_types=None if row.event_types is None else tuple(row.event_types),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        disabled_at=row.disabled_at,
    )


def _delivery(row: WebhookDeliveryRow, message_type: str) -> DeliveryRecord:
    return DeliveryRecord(
        id=row.id,
        endpoint_id=row.endpoint_id,
        message_id=row.message_id,
        type=message_type,
        state=DeliveryState(row.state),
        tries=row.tries,
        created_at=row.created_at,
        next_at=row.next_at,
        last_at=row.last_at,
        last_status=row.last_status,
        last_error=row.last_error,
        delivered_at=row.delivered_at,
    )

"""Webhooks of a client: where it wants to be told, and with which secret that is signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from kyc_service.domain.clients import Caller
from kyc_service.errors import Conflict, InvalidInput
from kyc_service.notifications.webhooks.message import EVENT_TYPES
from kyc_service.notifications.webhooks.signing import MOST_SECRETS, new_secret
from kyc_service.storage.database import Transaction
from kyc_service.storage.ids import new_id
from kyc_service.storage.webhook_records import EndpointRecord
from kyc_service.verification.idempotency import Once, service_key
from kyc_service.verification.service import VerificationService
from kyc_service.verification.versions import IfMatch, VersionMismatch
from kyc_service.verification.webhook_delivery import secret_purpose

MOST_WEBHOOKS: Final = 10
DEFAULT_OVERLAP: Final = timedelta(hours=24)
LONGEST_OVERLAP: Final = timedelta(hours=168)


class TooManyWebhooks(Conflict):
    """A client has ten webhooks at most."""

    code = "too_many_webhooks"


class EventTypeUnknown(InvalidInput):
    """There is no such event type, or none is named."""

    code = "event_type_unknown"


@dataclass(frozen=True, slots=True)
class ShownSecret:
    """An endpoint with the secret it has just been given: the only time that it is shown."""

    record: EndpointRecord
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """What is to be changed; ``None`` leaves as it is. ``all_event_types`` takes every choice of types back."""

    url: str | None = None
    event_types: tuple[str, ...] | None = None
    all_event_types: bool = False
    enabled: bool | None = None


def create_webhook(
    service: VerificationService,
    caller: Caller,
    url: str,
    event_types: Sequence[str] | None = None,
    once: Once[ShownSecret] | None = None,
) -> ShownSecret:
    """Tell the client of what happens, at ``url``; of ``event_types`` only, where they are named.

    Raises:
        UrlNotAllowed: the address leads where it may not.
        EventTypeUnknown: there is no such type.
        TooManyWebhooks: the client has as many as it may.
        IdempotencyKeyInUse: the same request is being done at the moment.
    """
    types = _known(event_types)
    # Before the transaction: looking a name up takes time.
    service.webhook_targets.check(url)
    now = service.now()
    record = EndpointRecord(new_id("whe"), caller.client_id, url, types, 1, now, now)
    with service.database.transaction() as tx:
        tx.webhooks.one_at_a_time(caller.client_id)
        if once:
            once.begin(tx, None, now)
        if len(tx.webhooks.of(caller.client_id)) >= MOST_WEBHOOKS:
            raise TooManyWebhooks
        tx.webhooks.add(record)
        shown = ShownSecret(record, _give_secret(service, tx, record, timedelta(0)))
        if once:
            once.finish(tx, service_key(service), shown)
    return shown


def list_webhooks(
    service: VerificationService, caller: Caller, *, limit: int, starting_after: str | None = None
) -> tuple[list[EndpointRecord], bool]:
    """Up to ``limit`` of the client's webhooks, newest first, and whether there are more.

    Raises:
        WebhookNotFound: ``starting_after`` names none of them.
    """
    with service.database.transaction() as tx:
        found = tx.webhooks.of(caller.client_id)
        if starting_after is not None:
            tx.webhooks.get(caller.client_id, starting_after)
            found = found[1 + next(n for n, one in enumerate(found) if one.id == starting_after) :]
    return found[:limit], len(found) > limit


def read_webhook(service: VerificationService, endpoint_id: str, caller: Caller) -> EndpointRecord:
    """One webhook.

    Raises:
        WebhookNotFound: the client has none of that id.
    """
    with service.database.transaction() as tx:
        return tx.webhooks.get(caller.client_id, endpoint_id)


def change_webhook(
    service: VerificationService,
    endpoint_id: str,
    change: WebhookChange,
    caller: Caller,
    if_match: IfMatch | None = None,
) -> EndpointRecord:
    """Change where, what and whether. What happened while it was disabled can be replayed.

    Raises:
        WebhookNotFound: the client has none of that id.
        VersionMismatch: somebody else was first.
        UrlNotAllowed: the address leads where it may not.
        EventTypeUnknown: there is no such type.
    """
    types = _known(change.event_types)
    if change.url is not None:
        service.webhook_targets.check(change.url)
    with service.database.transaction() as tx:
        record = _locked(tx, endpoint_id, caller, if_match)
        now = service.now()
        changed = replace(
            record,
            url=record.url if change.url is None else change.url,
            event_types=None if change.all_event_types else types or record.event_types,
            disabled_at=record.disabled_at,
            version=record.version + 1,
            updated_at=now,
        )
        if change.enabled is not None:
            changed = replace(changed, disabled_at=None if change.enabled else record.disabled_at or now)
        tx.webhooks.save(changed)
    return changed


def delete_webhook(
    service: VerificationService, endpoint_id: str, caller: Caller, if_match: IfMatch | None = None
) -> None:
    """Tell the client no more there; its secrets are destroyed.

    Raises:
        WebhookNotFound: the client has none of that id.
        VersionMismatch: somebody else was first.
    """
    with service.database.transaction() as tx:
        tx.webhooks.remove(_locked(tx, endpoint_id, caller, if_match).id)


def rotate_secret(
    service: VerificationService,
    endpoint_id: str,
    overlap: timedelta,
    caller: Caller,
    once: Once[ShownSecret] | None = None,
) -> ShownSecret:
    """Give a webhook a new secret; for ``overlap`` the older ones sign beside it.

    Raises:
        WebhookNotFound: the client has none of that id.
        IdempotencyKeyInUse: the same request is being done at the moment.
    """
    with service.database.transaction() as tx:
        record = tx.webhooks.lock(caller.client_id, endpoint_id)
        now = service.now()
        if once:
            once.begin(tx, None, now)
        changed = replace(record, version=record.version + 1, updated_at=now)
        tx.webhooks.save(changed)
        shown = ShownSecret(changed, _give_secret(service, tx, changed, overlap))
        if once:
            once.finish(tx, service_key(service), shown)
    return shown


def _give_secret(service: VerificationService, tx: Transaction, record: EndpointRecord, overlap: timedelta) -> str:
    secret = new_secret()
    sealed = service.master_key.seal_for_service(secret.encode(), secret_purpose(record.id))
    tx.webhooks.add_secret(record.id, sealed, overlap, MOST_SECRETS)
    return secret


def _locked(tx: Transaction, endpoint_id: str, caller: Caller, if_match: IfMatch | None) -> EndpointRecord:
    record = tx.webhooks.lock(caller.client_id, endpoint_id)
    if if_match is not None and record.version not in if_match:
        raise VersionMismatch("The webhook was changed since it was read; read it again.")
    return record


def _known(event_types: Sequence[str] | None) -> tuple[str, ...] | None:
    if event_types is None:
        return None
    if not event_types or not set(event_types) <= set(EVENT_TYPES):
        raise EventTypeUnknown
    return tuple(dict.fromkeys(event_types))

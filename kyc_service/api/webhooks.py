"""/v1/webhooks: where a client is told what happens, with which secret, and what became of each message."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kyc_service.api.caller import Client
from kyc_service.api.once import IdempotencyKey, answer_once
from kyc_service.api.paging import KEY_ONLY, After, IdInPath, Limit, after_id, known_id
from kyc_service.api.problems import BODY, COMMON, documented
from kyc_service.api.state import Service
from kyc_service.api.versions import Precondition, etag_of
from kyc_service.outbound.targets import MOST_URL_CHARACTERS, UrlNotAllowed
from kyc_service.storage.idempotency import IdempotencyKeyInUse
from kyc_service.storage.webhook_records import (
    DeliveryRecord,
    DeliveryState,
    EndpointRecord,
    WebhookDeliveryNotFound,
    WebhookNotFound,
)
from kyc_service.verification.idempotency import IdempotencyKeyReused, Once
from kyc_service.verification.versions import VersionMismatch
from kyc_service.verification.webhook_resending import (
    MOST_AT_ONCE,
    Replayed,
    Span,
    WebhookDisabled,
    list_deliveries,
    replay,
    resend,
    send_test,
)
from kyc_service.verification.webhooks import (
    DEFAULT_OVERLAP,
    LONGEST_OVERLAP,
    EventTypeUnknown,
    ShownSecret,
    TooManyWebhooks,
    WebhookChange,
    change_webhook,
    create_webhook,
    delete_webhook,
    list_webhooks,
    read_webhook,
    rotate_secret,
)

router: Final = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

_READ: Final = (*COMMON, *KEY_ONLY, WebhookNotFound)
_POST: Final = (*_READ, *BODY, IdempotencyKeyReused, IdempotencyKeyInUse)
_HOUR_S: Final = 3600

EventType = Literal[
    "verification.requires_input",
    "verification.processing",
    "verification.verified",
    "verification.declined",
    "verification.in_review",
    "verification.canceled",
    "verification.expired",
]
Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MOST_URL_CHARACTERS,
        description="https, on port 443 or 8443, of a host on the internet; names in ASCII (xn--...)",
        examples=["https://bank.example/kyc-events"],
    ),
]
EventTypes = Annotated[list[EventType] | None, Field(description="which messages; null for all", min_length=1)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class CreateWebhook(_Body):
    """Where, and what."""

    url: Url
    event_types: EventTypes = None


class ChangeWebhook(_Body):
    """What is left out stays as it is."""

    url: Url | None = None
    event_types: EventTypes = None
    enabled: bool | None = None


class RotateSecret(_Body):
    """For how long the older secrets sign beside the new one."""

    overlap_hours: float = Field(
        default=DEFAULT_OVERLAP.total_seconds() / _HOUR_S, ge=0, le=LONGEST_OVERLAP.total_seconds() / _HOUR_S
    )


class Nothing(_Body):
    """Nothing."""


class Replay(_Body):
    """Messages from `since` until before `until`."""

    since: AwareDatetime
    until: AwareDatetime | None = None
    types: EventTypes = None


class Webhook(BaseModel):
    """Where a client is told what happens."""

    id: str
    url: str
    event_types: list[EventType] | None = Field(description="null for all")
    enabled: bool
    version: int
    created_at: datetime
    updated_at: datetime
    disabled_at: datetime | None = Field(description="also by us, where the endpoint answered 410 Gone")


class WebhookWithSecret(Webhook):
    """A webhook with the secret it was just given."""

    secret: str = Field(repr=False, description="shown this once: verify every message with it")


class WebhookPage(BaseModel):
    """A page of webhooks, newest first; the next one starts after the last one's id."""

    items: list[Webhook]
    has_more: bool


class WebhookDelivery(BaseModel):
    """One message on its way."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    message_id: str = Field(description="the `webhook-id` that it is sent under, each time")
    type: str
    state: DeliveryState
    tries: int
    created_at: datetime = Field(description="when it was begun; when it was begun anew, where it was sent again")
    next_at: datetime | None = Field(description="when it is tried next")
    last_at: datetime | None
    last_status: int | None = Field(description="what the endpoint answered last")
    last_error: str | None = Field(description="the code of what went wrong last")
    delivered_at: datetime | None


class WebhookDeliveryPage(BaseModel):
    """A page of deliveries, newest first; the next one starts after the last one's id."""

    items: list[WebhookDelivery]
    has_more: bool


class ReplayAnswer(BaseModel):
    """What is sent once more."""

    count: int = Field(description=f"messages, {MOST_AT_ONCE} at most")
    next_since: datetime | None = Field(description="where to go on, where there are more")


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=WebhookWithSecret,
    responses=documented(
        *COMMON,
        *KEY_ONLY,
        *BODY,
        UrlNotAllowed,
        EventTypeUnknown,
        TooManyWebhooks,
        IdempotencyKeyReused,
        IdempotencyKeyInUse,
    ),
)
def create(service: Service, caller: Client, body: CreateWebhook, key: IdempotencyKey = None) -> Response:
    """Be told of what happens. Every message is signed with the secret of the answer, which is shown this once.

    The message: `type`, `id`, `sequence`, `timestamp`, and `data` with `verification_id`, `status` and the like;
    never anything personal.
    """
    sent = [b"POST /v1/webhooks", body.model_dump_json().encode()]

    def work(once: Once[ShownSecret] | None) -> ShownSecret:
        return create_webhook(service, caller, body.url, body.event_types, once)

    return answer_once(service, caller, key, sent, _with_secret, work, status=HTTPStatus.CREATED)


@router.get("", responses=documented(*_READ))
def list_newest(service: Service, caller: Client, limit: Limit = 20, starting_after: After = None) -> WebhookPage:
    """List webhooks, newest first."""
    after = after_id(starting_after, "whe", WebhookNotFound)
    records, has_more = list_webhooks(service, caller, limit=limit, starting_after=after)
    return WebhookPage(items=[webhook_of(record) for record in records], has_more=has_more)


@router.get("/{webhook_id}", responses=documented(*_READ))
def read(service: Service, caller: Client, webhook_id: IdInPath, response: Response) -> Webhook:
    """Read one webhook; never its secret."""
    return _answered(response, read_webhook(service, _known(webhook_id), caller))


@router.patch("/{webhook_id}", responses=documented(*_READ, *BODY, VersionMismatch, UrlNotAllowed, EventTypeUnknown))
def change(
    service: Service,
    caller: Client,
    webhook_id: IdInPath,
    body: ChangeWebhook,
    if_match: Precondition,
    response: Response,
) -> Webhook:
    """Change where, what and whether. `"event_types": null` asks for all again."""
    types = None if body.event_types is None else tuple(body.event_types)
    wanted = WebhookChange(
        url=body.url,
        event_types=types,
        all_event_types=types is None and "event_types" in body.model_fields_set,
        enabled=body.enabled,
    )
    return _answered(response, change_webhook(service, _known(webhook_id), wanted, caller, if_match))


@router.delete("/{webhook_id}", status_code=HTTPStatus.NO_CONTENT, responses=documented(*_READ, VersionMismatch))
def delete(service: Service, caller: Client, webhook_id: IdInPath, if_match: Precondition) -> None:
    """Be told no more there. Its secrets are destroyed."""
    delete_webhook(service, _known(webhook_id), caller, if_match)


@router.post("/{webhook_id}/rotate-secret", response_model=WebhookWithSecret, responses=documented(*_POST))
def rotate(
    service: Service, caller: Client, webhook_id: IdInPath, body: RotateSecret, key: IdempotencyKey = None
) -> Response:
    """Get a new secret. While the older ones last, messages carry a signature by each, separated by spaces."""
    sent = [b"POST /v1/webhooks/rotate-secret", webhook_id.encode(), body.model_dump_json().encode()]

    def work(once: Once[ShownSecret] | None) -> ShownSecret:
        return rotate_secret(service, _known(webhook_id), timedelta(hours=body.overlap_hours), caller, once)

    return answer_once(service, caller, key, sent, _with_secret, work)


@router.post(
    "/{webhook_id}/test",
    status_code=HTTPStatus.ACCEPTED,
    response_model=WebhookDelivery,
    responses=documented(*_POST, WebhookDisabled),
)
def try_out(
    service: Service, caller: Client, webhook_id: IdInPath, body: Nothing, key: IdempotencyKey = None
) -> Response:
    """Be sent a message of the type `webhook.test`, which tells of nothing."""
    del body
    sent = [b"POST /v1/webhooks/test", webhook_id.encode()]

    def work(once: Once[DeliveryRecord] | None) -> DeliveryRecord:
        return send_test(service, _known(webhook_id), caller, once)

    return answer_once(service, caller, key, sent, _delivery, work, status=HTTPStatus.ACCEPTED)


@router.get("/{webhook_id}/deliveries", responses=documented(*_READ, WebhookDeliveryNotFound))
def deliveries(
    service: Service,
    caller: Client,
    webhook_id: IdInPath,
    limit: Limit = 20,
    starting_after: After = None,
    state: Annotated[DeliveryState | None, Query(description="Only those that stand so.")] = None,
) -> WebhookDeliveryPage:
    """List what was sent or is on its way, newest first."""
    after = after_id(starting_after, "whd", WebhookDeliveryNotFound)
    records, has_more = list_deliveries(
        service, _known(webhook_id), caller, limit=limit, starting_after=after, state=state
    )
    return WebhookDeliveryPage(items=[WebhookDelivery.model_validate(one) for one in records], has_more=has_more)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/resend",
    status_code=HTTPStatus.ACCEPTED,
    response_model=WebhookDelivery,
    responses=documented(*_POST, WebhookDeliveryNotFound, WebhookDisabled),
)
def send_again(
    service: Service,
    caller: Client,
    webhook_id: IdInPath,
    delivery_id: IdInPath,
    body: Nothing,
    key: IdempotencyKey = None,
) -> Response:
    """Have one message sent again, under the same id, wherever its delivery stands."""
    del body
    sent = [b"POST /v1/webhooks/deliveries/resend", webhook_id.encode(), delivery_id.encode()]

    def work(once: Once[DeliveryRecord] | None) -> DeliveryRecord:
        known = known_id(delivery_id, "whd", WebhookDeliveryNotFound)
        return resend(service, _known(webhook_id), known, caller, once)

    return answer_once(service, caller, key, sent, _delivery, work, status=HTTPStatus.ACCEPTED)


@router.post(
    "/{webhook_id}/replay",
    status_code=HTTPStatus.ACCEPTED,
    response_model=ReplayAnswer,
    responses=documented(*_POST, WebhookDisabled),
)
def replay_all(
    service: Service, caller: Client, webhook_id: IdInPath, body: Replay, key: IdempotencyKey = None
) -> Response:
    """Have every message of a time sent once more, each under its own id; those too that were never sent there."""
    sent = [b"POST /v1/webhooks/replay", webhook_id.encode(), body.model_dump_json().encode()]
    span = Span(body.since, body.until, None if body.types is None else tuple(body.types))

    def work(once: Once[Replayed] | None) -> Replayed:
        return replay(service, _known(webhook_id), span, caller, once)

    return answer_once(service, caller, key, sent, _replayed, work, status=HTTPStatus.ACCEPTED)


def webhook_of(record: EndpointRecord) -> Webhook:
    """``record`` as it is answered."""
    return Webhook.model_validate(_fields(record))


def _fields(record: EndpointRecord) -> dict[str, object]:
    return {
        "id": record.id,
        "url": record.url,
        "event_types": record.event_types,
        "enabled": record.disabled_at is None,
        "version": record.version,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "disabled_at": record.disabled_at,
    }


def _answered(response: Response, record: EndpointRecord) -> Webhook:
    response.headers["ETag"] = etag_of(record.version)
    return webhook_of(record)


def _with_secret(shown: ShownSecret) -> bytes:
    answer = WebhookWithSecret.model_validate({**_fields(shown.record), "secret": shown.secret})
    return answer.model_dump_json().encode()


def _delivery(record: DeliveryRecord) -> bytes:
    return WebhookDelivery.model_validate(record).model_dump_json().encode()


def _replayed(replayed: Replayed) -> bytes:
    return ReplayAnswer(count=replayed.count, next_since=replayed.next_since).model_dump_json().encode()


def _known(webhook_id: str) -> str:
    return known_id(webhook_id, "whe", WebhookNotFound)

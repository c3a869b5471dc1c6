"""Every operation on what is not a verification, once: persons, cases, policies, webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from kyc_service.client.forms import Case, Page, Person, Policy, Replayed, Webhook, WebhookDelivery
from kyc_service.client.reading import nothing, one
from kyc_service.client.steps import Call, Request, get, post, put


def list_persons(after: str | None, /, *, page_size: int = 100) -> Call[Page[Person]]:
    """Iterate over persons, newest first; those that were deleted are left out."""
    return one(Page[Person], get("/v1/persons", limit=page_size, starting_after=after))


def get_person(person_id: str) -> Call[Person]:
    """Read one person with verifications and enrolments."""
    return one(Person, get(f"/v1/persons/{person_id}"))


def delete_person(person_id: str) -> Call[None]:
    """Delete a person, and destroy every face template with its key."""
    return nothing(Request("DELETE", f"/v1/persons/{person_id}"))


def end_enrolment(person_id: str, enrolment_id: str) -> Call[None]:
    """End an enrolment whose consent was withdrawn."""
    return nothing(Request("DELETE", f"/v1/persons/{person_id}/enrolments/{enrolment_id}"))


def list_cases(
    after: str | None, /, *, status: str | None = None, queue: str | None = None, page_size: int = 100
) -> Call[Page[Case]]:
    """Iterate over cases, newest first."""
    return one(Page[Case], get("/v1/cases", limit=page_size, starting_after=after, status=status, queue=queue))


def get_case(case_id: str) -> Call[Case]:
    """Read one case with its reasons in words for staff."""
    return one(Case, get(f"/v1/cases/{case_id}"))


def list_policies(after: str | None, /, *, page_size: int = 100) -> Call[Page[Policy]]:
    """Iterate over the versions of all policies, newest first."""
    return one(Page[Policy], get("/v1/policies", limit=page_size, starting_after=after))


def get_policy(name: str, version: str) -> Call[Policy]:
    """Read one version with its text."""
    return one(Policy, get(f"/v1/policies/{name}/{version}"))


def draft_policy(text: str) -> Call[Policy]:
    """Keep a policy (YAML) as the version that its text names; named staff activate it."""
    headers = {"Content-Type": "application/yaml"}
    return one(Policy, Request("POST", "/v1/policies", headers=headers, content=text.encode()))


def simulate_policy(text: str, *, limit: int = 100) -> Call[dict[str, Any]]:
    """Try a policy (YAML) on your newest verifications; nothing changes."""
    return one(dict[str, Any], post("/v1/policies/simulate", {"policy": text, "limit": limit}))


def create_webhook(url: str, *, event_types: Sequence[str] | None = None) -> Call[Webhook]:
    """Have changes told to ``url``. The answer holds the ``secret`` they are signed with, this once."""
    body = {"url": url} | ({} if event_types is None else {"event_types": list(event_types)})
    return one(Webhook, post("/v1/webhooks", body))


def list_webhooks(after: str | None, /, *, page_size: int = 100) -> Call[Page[Webhook]]:
    """Iterate over endpoints, newest first."""
    return one(Page[Webhook], get("/v1/webhooks", limit=page_size, starting_after=after))


def get_webhook(webhook_id: str) -> Call[Webhook]:
    """Read one endpoint, without its secret."""
    return one(Webhook, get(f"/v1/webhooks/{webhook_id}"))


def change_webhook(
    webhook_id: str, *, url: str | None = None, event_types: Sequence[str] | None = None, enabled: bool | None = None
) -> Call[Webhook]:
    """Change where, what and whether; what is not named stays as it is."""
    wanted = {"url": url, "event_types": None if event_types is None else list(event_types), "enabled": enabled}
    body = {name: value for name, value in wanted.items() if value is not None}
    return one(Webhook, replace(put(f"/v1/webhooks/{webhook_id}", body), method="PATCH"))


def delete_webhook(webhook_id: str) -> Call[None]:
    """Take an endpoint away."""
    return nothing(Request("DELETE", f"/v1/webhooks/{webhook_id}"))


def rotate_webhook_secret(webhook_id: str, *, overlap_hours: float | None = None) -> Call[Webhook]:
    """Make a new secret; for ``overlap_hours`` (a day unless said) messages are signed with the old one, too."""
    body = {} if overlap_hours is None else {"overlap_hours": overlap_hours}
    return one(Webhook, post(f"/v1/webhooks/{webhook_id}/rotate-secret", body))


def try_webhook(webhook_id: str) -> Call[WebhookDelivery]:
    """Have a message sent that tells of nothing."""
    return one(WebhookDelivery, post(f"/v1/webhooks/{webhook_id}/test", {}))


def list_deliveries(
    after: str | None, webhook_id: str, /, *, state: str | None = None, page_size: int = 100
) -> Call[Page[WebhookDelivery]]:
    """Iterate over what was sent to an endpoint, or is to be, newest first."""
    path = f"/v1/webhooks/{webhook_id}/deliveries"
    return one(Page[WebhookDelivery], get(path, limit=page_size, starting_after=after, state=state))


def resend_delivery(webhook_id: str, delivery_id: str) -> Call[WebhookDelivery]:
    """Send a message once more."""
    return one(WebhookDelivery, post(f"/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/resend", {}))


def replay_webhook(
    webhook_id: str, since: datetime, *, until: datetime | None = None, types: Sequence[str] | None = None
) -> Call[Replayed]:
    """Have every message of a time sent once more; times are aware."""
    named = {"until": None if until is None else until.isoformat(), "types": None if types is None else list(types)}
    body = {"since": since.isoformat()} | {name: value for name, value in named.items() if value is not None}
    return one(Replayed, post(f"/v1/webhooks/{webhook_id}/replay", body))

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kyc_service.client import WebhookNotTrusted, verify_webhook
from kyc_service.notifications.webhooks.message import body_of, payload_of
from kyc_service.notifications.webhooks.signing import new_secret, signed_headers
from kyc_service.outbound.signature import secret_of

AT = datetime(2026, 11, 24, tzinfo=UTC)
OLD, NEW = new_secret(), new_secret()
BODY = body_of(payload_of("verification.verified", "evt_1", 3, AT, {"verification_id": "ver_1", "status": "verified"}))


def headers_by(*secrets: str, body: bytes = BODY) -> dict[str, str]:
    return signed_headers([secret_of(secret) for secret in secrets], "evt_1", AT, body)


def test_what_the_service_signed_is_an_event() -> None:
    event = verify_webhook(OLD, headers_by(OLD), BODY, now=AT)
    assert (event.type, event.id, event.sequence) == ("verification.verified", "evt_1", 3)
    assert (event.verification_id, event.status) == ("ver_1", "verified")


@pytest.mark.parametrize("known", [[OLD], [NEW], [OLD, NEW]])
def test_either_secret_will_do_while_one_takes_the_others_place(known: list[str]) -> None:
    assert verify_webhook(known, headers_by(NEW, OLD), BODY, now=AT).id == "evt_1"


def test_headers_are_found_in_any_case() -> None:
    shouted = {name.title(): value for name, value in headers_by(OLD).items()}
    assert verify_webhook(OLD, shouted, BODY, now=AT).id == "evt_1"


@pytest.mark.parametrize(
    ("secret", "headers", "body", "now"),
    [
        (NEW, headers_by(OLD), BODY, AT),
        (OLD, headers_by(OLD), BODY + b" ", AT),
        (OLD, headers_by(OLD) | {"webhook-id": "evt_2"}, BODY, AT),
        (OLD, headers_by(OLD), BODY, AT + timedelta(minutes=6)),
        (OLD, {}, BODY, AT),
        (OLD, headers_by(OLD, body=b"[]"), b"[]", AT),
    ],
)
def test_anything_else_is_not_trusted(secret: str, headers: dict[str, str], body: bytes, now: datetime) -> None:
    with pytest.raises(WebhookNotTrusted):
        verify_webhook(secret, headers, body, now=now)


def test_a_secret_that_is_none_is_the_receivers_mistake() -> None:
    with pytest.raises(ValueError, match="whsec_"):
        verify_webhook("hunter2", {}, b"")

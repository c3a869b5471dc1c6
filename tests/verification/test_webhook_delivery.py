"""Deliveries to a real receiver that takes, refuses, sleeps, vanishes: tried again, in order, signed, at least once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from kyc_service.domain.verification import VerificationStatus
from kyc_service.observability.logs import configure_logs
from kyc_service.outbound.public_http import PublicHttp
from kyc_service.outbound.signature import SIGNATURE_HEADER, SigningSecret, secret_of
from kyc_service.outbound.signed_http import CallLimits
from kyc_service.outbound.targets import Targets
from kyc_service.storage.database import Database
from kyc_service.storage.records import EventType
from kyc_service.storage.webhook_records import DeliveryRecord, DeliveryState
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import append_event
from kyc_service.verification.webhook_delivery import WebhookParts, deliver_webhook, sweep_webhooks
from kyc_service.verification.webhook_resending import Span, replay, resend, send_test
from kyc_service.verification.webhooks import (
    WebhookChange,
    change_webhook,
    create_webhook,
    delete_webhook,
    rotate_secret,
)
from tests.conftest import CALLER
from tests.outbound.gateway import Call, Gateway, answer, running
from tests.verification.webhooks import jobs_of, later, lose_jobs, messages_of, verification, work

pytestmark = [pytest.mark.integration, pytest.mark.e2e]

_S = VerificationStatus
QUICK = CallLimits(connect_timeout_s=0.5, read_timeout_s=0.5, total_timeout_s=0.8, max_answer_bytes=1000)
INSIDE = Targets(to_private_addresses=True)


@pytest.fixture
def receiver() -> Iterator[Gateway]:
    with running() as gateway:
        yield gateway


@pytest.fixture
def service(service: VerificationService) -> VerificationService:
    return replace(service, webhook_targets=INSIDE)


@pytest.fixture
def parts(service: VerificationService) -> WebhookParts:
    return WebhookParts(
        service.database, service.master_key, PublicHttp(INSIDE, limits=QUICK), service.now, service.metrics
    )


def _endpoint(service: VerificationService, receiver: Gateway, **fields: Any) -> tuple[str, SigningSecret]:
    shown = create_webhook(service, CALLER, receiver.url, **fields)
    return shown.record.id, secret_of(shown.secret)


def _change(service: VerificationService, verification_id: str, status: _S) -> None:
    with service.database.transaction() as tx:
        record = tx.verifications.lock(verification_id)
        after = replace(record, status=status)
        tx.verifications.save(after)
        append_event(tx, EventType.VERIFICATION_SUBMITTED, after, "key:1", at=service.now(), before=record.status)


def _deliveries(service: VerificationService, endpoint_id: str) -> list[DeliveryRecord]:
    with service.database.transaction() as tx:
        return tx.webhooks.deliveries(endpoint_id, limit=100, starting_after=None, state=None)


def _statuses(receiver: Gateway) -> list[str]:
    return [json.loads(call.body)["data"]["status"] for call in receiver.calls]


def _refusing(status: int, headers: dict[str, str] | None = None) -> Any:
    return lambda handler, _: answer(handler, b"", status, headers)


def test_a_message_arrives_signed(service: VerificationService, parts: WebhookParts, receiver: Gateway) -> None:
    endpoint_id, secret = _endpoint(service, receiver)
    verification_id = verification(service)
    assert work(parts) == 1
    (call,) = receiver.calls
    (message,) = messages_of(service.database)
    assert json.loads(call.body) == message
    assert message["data"]["verification_id"] == verification_id
    secret.verify(message["id"], call.headers, call.body, datetime.now(UTC))
    (delivery,) = _deliveries(service, endpoint_id)
    assert (delivery.state, delivery.tries, delivery.last_status, delivery.next_at) == ("delivered", 1, 200, None)
    assert jobs_of(service.database) == []
    assert b'kyc_webhook_tries_total{outcome="delivered"} 1.0' in service.metrics.render()


def test_what_is_refused_is_tried_again_until_it_is_taken(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    endpoint_id, secret = _endpoint(service, receiver)
    verification(service)
    receiver.respond = _refusing(500)
    for wait_s in (6, 36, 144, 720):
        assert work(parts) == 1
        (delivery,) = _deliveries(service, endpoint_id)
        ((_, at),) = jobs_of(service.database)
        assert delivery.next_at == at
        assert at is not None
        assert wait_s / 1.2 - 3 < (at - datetime.now(UTC)).total_seconds() <= wait_s
        assert work(parts) == 0
        later(service.database, wait_s)
    receiver.respond = _refusing(204)
    work(parts)
    (delivery,) = _deliveries(service, endpoint_id)
    assert (delivery.state, delivery.tries, delivery.last_status) == ("delivered", 5, 204)
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1
    for call in receiver.calls:
        secret.verify(call.headers["webhook-id"], call.headers, call.body, datetime.now(UTC))


def test_after_three_days_it_is_given_up(service: VerificationService, parts: WebhookParts, receiver: Gateway) -> None:
    endpoint_id, _ = _endpoint(service, receiver)
    verification(service)
    receiver.respond = _refusing(302, {"Location": "http://127.0.0.1:1/"})
    tries = 0
    while tries < 100:
        if work(parts) == 0:
            if not jobs_of(service.database):
                break
            later(service.database, 1200)
            continue
        tries += 1
    (delivery,) = _deliveries(service, endpoint_id)
    assert (delivery.state, delivery.last_status, delivery.last_error) == ("failed", 302, "webhook_refused")
    assert delivery.tries == tries
    assert 20 <= tries <= 30
    assert {call.headers["host"] for call in receiver.calls} == {receiver.url.split("/")[2]}


def test_an_endpoint_can_ask_for_more_time(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    endpoint_id, _ = _endpoint(service, receiver)
    verification(service)
    receiver.respond = _refusing(503, {"Retry-After": "999999"})
    work(parts)
    (delivery,) = _deliveries(service, endpoint_id)
    assert delivery.next_at is not None
    wait = delivery.next_at - datetime.now(UTC)
    assert timedelta(hours=3.9) < wait <= timedelta(hours=4)


def test_messages_of_a_verification_arrive_in_order(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    endpoint_id, _ = _endpoint(service, receiver)
    verification_id, other_id = verification(service), verification(service)
    work(parts)
    receiver.calls.clear()
    receiver.respond = _refusing(500)
    _change(service, verification_id, _S.PROCESSING)
    work(parts)
    receiver.respond = _refusing(200)
    _change(service, verification_id, _S.IN_REVIEW)
    _change(service, verification_id, _S.VERIFIED)
    _change(service, other_id, _S.CANCELED)
    work(parts)
    assert _statuses(receiver) == ["processing", "canceled"]
    later(service.database, 6)
    work(parts)
    assert _statuses(receiver) == ["processing", "canceled", "processing", "in_review", "verified"]
    assert {delivery.state for delivery in _deliveries(service, endpoint_id)} == {DeliveryState.DELIVERED}
    assert [json.loads(call.body)["sequence"] for call in receiver.calls[2:]] == sorted(
        json.loads(call.body)["sequence"] for call in receiver.calls[2:]
    )


def test_after_five_minutes_the_order_is_given_up(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    _endpoint(service, receiver)
    receiver.respond = lambda handler, call: answer(
        handler, b"", 500 if json.loads(call.body)["data"]["status"] == "requires_input" else 200
    )
    verification_id = verification(service)
    work(parts)
    _change(service, verification_id, _S.PROCESSING)
    work(parts)
    assert set(_statuses(receiver)) == {"requires_input"}
    later(service.database, 301)
    work(parts)
    assert _statuses(receiver)[-1] == "processing" or "processing" in _statuses(receiver)


def test_many_workers_send_each_message_once_and_in_order(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    _endpoint(service, receiver)
    ids = [verification(service) for _ in range(4)]
    for status in (_S.PROCESSING, _S.IN_REVIEW, _S.VERIFIED):
        for verification_id in ids:
            _change(service, verification_id, status)
    held = [delivery_id for delivery_id, _ in jobs_of(service.database)] * 2
    with ThreadPoolExecutor(6) as workers:
        list(workers.map(lambda delivery_id: deliver_webhook(parts, delivery_id), held))
    work(parts)
    later(service.database, 301)
    work(parts)
    assert len(receiver.calls) == 16
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 16
    for verification_id in ids:
        told = [json.loads(call.body) for call in receiver.calls]
        mine = [one["sequence"] for one in told if one["data"]["verification_id"] == verification_id]
        assert mine == sorted(mine)


def test_a_job_that_is_done_twice_does_not_double_the_tries(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    _endpoint(service, receiver)
    receiver.respond = _refusing(500)
    verification(service)
    ((delivery_id, _),) = jobs_of(service.database)
    work(parts)
    for _ in range(3):
        deliver_webhook(parts, delivery_id)
    assert len(receiver.calls) == 1
    assert len(jobs_of(service.database)) == 1


def test_both_secrets_sign_while_they_overlap(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    endpoint_id, old = _endpoint(service, receiver)
    new = secret_of(rotate_secret(service, endpoint_id, timedelta(hours=24), CALLER).secret)
    send_test(service, endpoint_id, CALLER)
    work(parts)
    later(service.database, 24 * 3600 + 60)
    send_test(service, endpoint_id, CALLER)
    work(parts)
    during, after = receiver.calls
    now = datetime.now(UTC)
    for secret in (old, new):
        secret.verify(during.headers["webhook-id"], during.headers, during.body, now)
    new.verify(after.headers["webhook-id"], after.headers, after.body, now)
    assert [len(call.headers[SIGNATURE_HEADER].split(" ")) for call in (during, after)] == [2, 1]


def test_a_secret_that_was_lost_ends_at_once(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    endpoint_id, _ = _endpoint(service, receiver)
    rotate_secret(service, endpoint_id, timedelta(hours=100), CALLER)
    newest = secret_of(rotate_secret(service, endpoint_id, timedelta(0), CALLER).secret)
    send_test(service, endpoint_id, CALLER)
    work(parts)
    (call,) = receiver.calls
    newest.verify(call.headers["webhook-id"], call.headers, call.body, datetime.now(UTC))
    assert len(call.headers[SIGNATURE_HEADER].split(" ")) == 1
    with service.database.engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT count(*) FROM webhook_secrets")).scalar_one() == 1


def test_an_endpoint_that_is_gone_is_disabled_and_what_was_missed_can_be_replayed(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    endpoint_id, _ = _endpoint(service, receiver)
    begun = service.now()
    verification_id = verification(service)
    _change(service, verification_id, _S.PROCESSING)
    receiver.respond = _refusing(410)
    work(parts)
    assert len(receiver.calls) == 1
    errors = [one.last_error for one in _deliveries(service, endpoint_id)]
    assert sorted(errors, key=str) == ["webhook_disabled", "webhook_gone"]
    _change(service, verification_id, _S.VERIFIED)
    receiver.respond = _refusing(200)
    record = change_webhook(service, endpoint_id, WebhookChange(enabled=True), CALLER)
    assert record.version == 3
    replayed = replay(service, endpoint_id, Span(begun), CALLER)
    assert (replayed.count, replayed.next_since) == (3, None)
    work(parts)
    assert _statuses(receiver)[1:] == ["requires_input", "processing", "verified"]
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 3
    work(parts)
    replay(service, endpoint_id, Span(begun, types=("verification.verified",)), CALLER)
    work(parts)
    assert _statuses(receiver)[4:] == ["verified"]
    assert len(_deliveries(service, endpoint_id)) == 3


def test_a_delivery_is_sent_again_under_the_same_id(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    endpoint_id, _ = _endpoint(service, receiver)
    verification(service)
    work(parts)
    (first,) = _deliveries(service, endpoint_id)
    again = resend(service, endpoint_id, first.id, CALLER)
    assert (again.id, again.state, again.tries) == (first.id, "pending", 0)
    work(parts)
    assert len(receiver.calls) == 2
    assert receiver.calls[0].headers["webhook-id"] == receiver.calls[1].headers["webhook-id"]


def test_nothing_is_sent_to_an_endpoint_that_was_deleted(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    endpoint_id, _ = _endpoint(service, receiver)
    verification(service)
    delete_webhook(service, endpoint_id, CALLER)
    work(parts)
    assert receiver.calls == []
    (delivery,) = _deliveries(service, endpoint_id)
    assert delivery.last_error == "webhook_deleted"


def _slow(handler: BaseHTTPRequestHandler, _: Call) -> None:
    time.sleep(1.5)
    answer(handler, b"")


def _huge(handler: BaseHTTPRequestHandler, _: Call) -> None:
    handler.send_response(500)
    handler.end_headers()
    for _piece in range(50_000):
        handler.wfile.write(b" " * 10_000)


@pytest.mark.parametrize(
    ("respond", "error"),
    [
        (_slow, "outbound_timed_out"),
        (_huge, "webhook_refused"),
        (lambda handler, _: handler.connection.shutdown(socket.SHUT_RDWR), "outbound_hung_up"),
    ],
)
def test_a_receiver_that_misbehaves_is_tried_again(
    service: VerificationService, parts: WebhookParts, receiver: Gateway, respond: Any, error: str
) -> None:
    endpoint_id, _ = _endpoint(service, receiver)
    receiver.respond = respond
    verification(service)
    begun = time.monotonic()
    work(parts)
    assert time.monotonic() - begun < 2.0
    (delivery,) = _deliveries(service, endpoint_id)
    assert (delivery.state, delivery.last_error) == ("pending", error)
    assert len(jobs_of(service.database)) == 1


def test_a_name_that_turned_to_the_inside_is_not_called(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    endpoint_id, _ = _endpoint(service, receiver)
    verification(service)
    # Allowed when it was registered, not any more.
    work(replace(parts, post=PublicHttp(limits=QUICK)))
    (delivery,) = _deliveries(service, endpoint_id)
    assert (delivery.state, delivery.last_error) == ("pending", "webhook_url_not_allowed")
    assert receiver.calls == []


def test_what_no_job_stands_for_is_swept_up(
    service: VerificationService, parts: WebhookParts, receiver: Gateway
) -> None:
    _endpoint(service, receiver)
    verification(service)
    later(service.database, 61)
    assert sweep_webhooks(parts, 100) == 0
    lose_jobs(service.database)
    assert sweep_webhooks(parts, 100) == 1
    assert sweep_webhooks(parts, 100) == 0
    work(parts)
    assert len(receiver.calls) == 1
    assert sweep_webhooks(parts, 100) == 0


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from kyc_service.observability.metrics import Metrics
from kyc_service.outbound.public_http import PublicHttp
from kyc_service.outbound.targets import Targets
from kyc_service.storage.database import Database
from kyc_service.storage.master_key import open_master_key
from kyc_service.verification.webhook_delivery import WebhookParts, deliver_webhook

http = PublicHttp(Targets(to_private_addresses=True))

def post(url, headers, body):
    http(url, headers, body)
    os.kill(os.getpid(), signal.SIGKILL)

database = Database.connect(sys.argv[1])
key = open_master_key(Path(sys.argv[2]), database, may_create=False)
deliver_webhook(WebhookParts(database, key, post, lambda: datetime.now(UTC), Metrics()), sys.argv[3])
"""


def test_a_worker_killed_between_sending_and_recording_leaves_it_to_be_sent_again(
    service: VerificationService,
    parts: WebhookParts,
    receiver: Gateway,
    database: Database,
    postgres_url: str,
    data_dir: Path,
) -> None:
    _endpoint(service, receiver)
    verification(service)
    ((delivery_id, _),) = jobs_of(database)
    lose_jobs(database)
    key = data_dir / "keys" / "master.key"
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, postgres_url, str(key), delivery_id],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(receiver.calls) == 1
    assert sweep_webhooks(parts, 100) == 0
    later(database, 125)
    assert sweep_webhooks(parts, 100) == 1
    work(parts)
    assert len(receiver.calls) == 2
    assert receiver.calls[0].body == receiver.calls[1].body
    assert receiver.calls[0].headers["webhook-id"] == receiver.calls[1].headers["webhook-id"]


def test_neither_secrets_nor_addresses_are_logged_or_kept_in_the_clear(
    service: VerificationService, parts: WebhookParts, receiver: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs("debug")
    shown = create_webhook(service, CALLER, receiver.url + "?token=very-secret")
    rotated = rotate_secret(service, shown.record.id, timedelta(hours=1), CALLER)
    for status in (200, 500, 410):
        receiver.respond = _refusing(status)
        verification(service)
        work(parts)
    logged = "".join(capsys.readouterr())
    assert "webhook_tried" in logged
    for word in (shown.secret, rotated.secret, shown.secret.removeprefix("whsec_"), "very-secret", "codes"):
        assert word not in logged
    assert shown.secret not in repr(shown)
    with service.database.engine.connect() as connection:
        kept = connection.execute(sqlalchemy.text("SELECT sealed FROM webhook_secrets")).scalars().all()
    assert all(shown.secret.encode() not in sealed and b"whsec" not in sealed for sealed in kept)

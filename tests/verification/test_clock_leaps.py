"""Clocks that leap: of the machine that answers, of the one that decides, and of the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.notifications.webhooks.back_off import FEWEST_TRIES, GIVE_UP_AFTER, next_try
from kyc_service.outbound.public_http import PublicHttp
from kyc_service.outbound.targets import Targets
from kyc_service.storage.database import Database
from kyc_service.storage.records import EventType
from kyc_service.verification.deciding import Decider, decide_submission
from kyc_service.verification.jobs import defer_overlooked
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import NewVerification
from kyc_service.verification.submissions import submit, verify_at_once
from kyc_service.verification.use_cases import list_events, read_verification
from kyc_service.verification.webhook_delivery import WebhookParts, sweep_webhooks
from kyc_service.verification.webhooks import create_webhook
from tests.conftest import CALLER, NullPipeline, picture_bytes
from tests.outbound.gateway import Gateway, answer, running
from tests.verification.webhooks import later, messages_of, verification, work

pytestmark = [pytest.mark.integration, pytest.mark.e2e]

INSIDE = Targets(to_private_addresses=True)
HOURS = pytest.mark.parametrize("hours", [2, -2, 24 * 365, -24 * 365])


@pytest.fixture
def receiver() -> Iterator[Gateway]:
    with running() as gateway:
        yield gateway


@pytest.fixture
def parts(service: VerificationService) -> WebhookParts:
    return WebhookParts(service.database, service.master_key, PublicHttp(INSIDE), service.now, service.metrics)


def _leapt(service: VerificationService, hours: float) -> VerificationService:
    return replace(service, now=lambda: datetime.now(UTC) + timedelta(hours=hours), webhook_targets=INSIDE)


def _submitted(service: VerificationService) -> str:
    captures = {CaptureKind.DOCUMENT_FRONT: picture_bytes(), CaptureKind.SELFIE: picture_bytes((9, 9, 9))}
    new = NewVerification(UseCase.ONBOARDING, "standard", Claims(), CALLER)
    return verify_at_once(service, new, captures).record.id


@HOURS
def test_what_one_clock_accepted_another_decides_once(decider: Decider, pipeline: NullPipeline, hours: float) -> None:
    wrong = _leapt(decider.service, hours)
    for accepting, deciding in ((wrong, decider.service), (decider.service, wrong)):
        pipeline.seen.clear()
        verification_id = _submitted(accepting)
        decide_submission(replace(decider, service=deciding), verification_id, 1)
        decide_submission(decider, verification_id, 1)
        view = read_verification(decider.service, verification_id, CALLER)
        assert view.record.status is VerificationStatus.IN_REVIEW
        assert len(pipeline.seen) == 1
        # What happened stands in the order it happened in, whatever the clocks said.
        said = [event.type for event in list_events(decider.service, verification_id, CALLER)]
        assert said[-2:] == [EventType.VERIFICATION_COMPLETED, EventType.CASE_OPENED]
        assert said.index(EventType.VERIFICATION_SUBMITTED) < said.index(EventType.VERIFICATION_COMPLETED)


@HOURS
def test_a_clock_that_leaps_leaves_time_for_input(service: VerificationService, hours: float) -> None:
    """A verification waits as long as the database's clock says, whichever machine began it."""
    wrong = _leapt(service, hours)
    verification_id = verification(wrong)
    view = read_verification(service, verification_id, CALLER)
    assert view.record.expires_at is not None
    left = view.record.expires_at - datetime.now(UTC)
    assert abs(left - service.expires_after) < timedelta(minutes=1)


def test_a_retry_that_a_wrong_clock_put_off_is_called_in(decider: Decider) -> None:
    verification_id = _submitted(decider.service)
    _shift_jobs(decider.service.database, timedelta(hours=5))
    defer_overlooked(decider.service)
    with decider.service.database.engine.connect() as connection:
        due = connection.execute(
            sqlalchemy.text(
                "SELECT args->>'verification_id' FROM procrastinate_jobs WHERE status = 'todo'"
                " AND task_name = 'decide_submission' AND scheduled_at <= now()"
            )
        )
        assert due.scalars().all() == [verification_id]


@pytest.mark.parametrize("is_refused", [True, False])
def test_webhooks_go_out_though_the_databases_clock_was_set_back(
    service: VerificationService, parts: WebhookParts, receiver: Gateway, *, is_refused: bool
) -> None:
    create_webhook(replace(service, webhook_targets=INSIDE), CALLER, receiver.url)
    verification(service)
    if is_refused:
        receiver.respond = lambda handler, _: answer(handler, b"", 500)
        work(parts)
        receiver.calls.clear()
        receiver.respond = lambda handler, _: answer(handler, b"", 204)
    later(service.database, -7200)
    if is_refused:
        assert work(parts) == 0
    sweep_webhooks(parts, 100)
    later(service.database, 70)
    sweep_webhooks(parts, 100)
    work(parts)
    (message,) = messages_of(service.database)
    assert {call.headers["webhook-id"] for call in receiver.calls} == {message["id"]}
    with service.database.engine.connect() as connection:
        states = connection.execute(sqlalchemy.text("SELECT state FROM webhook_deliveries")).scalars().all()
    assert states == ["delivered"]


def test_a_leap_over_three_days_gives_no_message_up() -> None:
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    leapt = begun + GIVE_UP_AFTER * 2
    assert all(next_try(tries, begun, leapt, 0.0) is not None for tries in range(1, FEWEST_TRIES))
    assert next_try(FEWEST_TRIES, begun, leapt, 0.0) is None


def test_a_submission_can_be_taken_again_after_its_clock_went_back(decider: Decider, pipeline: NullPipeline) -> None:
    verification_id = _submitted(_leapt(decider.service, 48))
    pipeline.failure = ZeroDivisionError()
    for _ in range(7):
        with pytest.raises(ZeroDivisionError):
            decide_submission(decider, verification_id, 1)
    decide_submission(decider, verification_id, 1)
    pipeline.failure = None
    submit(decider.service, verification_id, CALLER)
    decide_submission(decider, verification_id, 1)
    assert read_verification(decider.service, verification_id, CALLER).record.status is VerificationStatus.IN_REVIEW


def _shift_jobs(database: Database, by: timedelta) -> None:
    with database.engine.begin() as connection:
        connection.execute(sqlalchemy.text("UPDATE procrastinate_jobs SET scheduled_at = now() + :by"), {"by": by})

"""Expiry: by the database's clock, seen by the first change that comes too late, and by upkeep."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.challenge import ChallengeKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.verification import VerificationStatus
from kyc_service.storage.records import EventType
from kyc_service.verification.canceling import cancel_verification
from kyc_service.verification.challenges import issue_challenge
from kyc_service.verification.consent import put_consent
from kyc_service.verification.deciding import Decider, decide_submission
from kyc_service.verification.expiry import expire_verifications
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import VerificationExpired
from kyc_service.verification.submissions import submit
from kyc_service.verification.use_cases import list_events, put_capture, put_claims, read_verification
from tests.conftest import CALLER, NullPipeline, picture_bytes
from tests.verification.opened import AGREED, let_expire, opened, ready

pytestmark = pytest.mark.integration

_S = VerificationStatus
CHANGES: dict[str, Callable[[VerificationService, str], Any]] = {
    "claims": lambda service, id_: put_claims(service, id_, Claims(), CALLER),
    "consent": lambda service, id_: put_consent(service, id_, AGREED, CALLER),
    "capture": lambda service, id_: put_capture(service, id_, CaptureKind.SELFIE, picture_bytes(), CALLER),
    "challenge": lambda service, id_: issue_challenge(service, id_, ChallengeKind.ACTIONS, CALLER),
    "cancel": lambda service, id_: cancel_verification(service, id_, CALLER),
    "submit": lambda service, id_: submit(service, id_, CALLER),
}


def status_of(service: VerificationService, verification_id: str) -> VerificationStatus:
    return read_verification(service, verification_id, CALLER).record.status


def expiries(service: VerificationService, verification_id: str) -> int:
    events = list_events(service, verification_id, CALLER)
    return sum(event.type is EventType.VERIFICATION_EXPIRED for event in events)


@pytest.mark.parametrize("change", CHANGES)
def test_the_first_change_that_comes_too_late_is_refused_and_ends_it(service: VerificationService, change: str) -> None:
    verification_id = ready(service)
    let_expire(service, verification_id)
    assert status_of(service, verification_id) is _S.REQUIRES_INPUT
    for _ in range(2):
        with pytest.raises(VerificationExpired):
            CHANGES[change](service, verification_id)
    after = read_verification(service, verification_id, CALLER).record
    assert after.status is _S.EXPIRED
    assert expiries(service, verification_id) == 1
    last = list_events(service, verification_id, CALLER)[-1]
    assert (last.from_status, last.to_status, last.actor) == (_S.REQUIRES_INPUT, _S.EXPIRED, "service")


def test_the_machines_own_clock_does_not_matter(service: VerificationService) -> None:
    years_ahead = replace(service, now=lambda: datetime.now(UTC) + timedelta(days=4000))
    verification_id = opened(years_ahead)
    expires_at = read_verification(service, verification_id, CALLER).record.expires_at
    assert expires_at is not None
    assert abs(expires_at - datetime.now(UTC) - service.expires_after) < timedelta(minutes=1)
    put_consent(years_ahead, verification_id, AGREED, CALLER)
    assert expire_verifications(years_ahead) == 0


def test_upkeep_ends_those_whose_time_is_over_and_no_others(service: VerificationService) -> None:
    over = [opened(service) for _ in range(3)]
    waiting, submitted, canceled = opened(service), ready(service), opened(service)
    submit(service, submitted, CALLER)
    cancel_verification(service, canceled, CALLER)
    for verification_id in (*over, submitted, canceled):
        let_expire(service, verification_id)
    assert [expire_verifications(service, limit=2) for _ in range(3)] == [2, 1, 0]
    assert [status_of(service, each) for each in over] == [_S.EXPIRED] * 3
    assert [status_of(service, each) for each in (waiting, submitted, canceled)] == [
        _S.REQUIRES_INPUT,
        _S.PROCESSING,
        _S.CANCELED,
    ]


def test_several_at_once_end_each_once(service: VerificationService) -> None:
    over = [opened(service) for _ in range(12)]
    for verification_id in over:
        let_expire(service, verification_id)
    with ThreadPoolExecutor(4) as threads:
        counts = list(threads.map(lambda _: expire_verifications(service, limit=5), range(8)))
    assert sum(counts) == 12
    assert [expiries(service, each) for each in over] == [1] * 12


def test_a_retake_begins_its_time_anew(decider: Decider, pipeline: NullPipeline) -> None:
    pipeline.verdict = Verdict.RETAKE
    service = decider.service
    verification_id = ready(service)
    submit(service, verification_id, CALLER)
    let_expire(service, verification_id, timedelta(hours=1))
    decide_submission(decider, verification_id, 1)
    after = read_verification(service, verification_id, CALLER).record
    assert after.status is _S.REQUIRES_INPUT
    assert after.expires_at is not None
    assert after.expires_at > datetime.now(UTC) + service.expires_after - timedelta(minutes=1)
    put_consent(service, verification_id, AGREED, CALLER)

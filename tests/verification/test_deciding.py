from __future__ import annotations

import time

import pytest

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.verification import UseCase, VerificationStatus
from kyc_service.errors import Unavailable
from kyc_service.storage.submissions import SubmissionState
from kyc_service.verification.deciding import (
    CAPTURE_UNREADABLE,
    MOST_TRIES,
    SUBMISSION_FAILED,
    DecidedElsewhere,
    Decider,
    decide_submission,
)
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import NewVerification
from kyc_service.verification.submissions import submit, verify_at_once
from kyc_service.verification.use_cases import VerificationView, read_verification
from tests.conftest import CALLER, NullPipeline, picture_bytes
from tests.working import working

pytestmark = pytest.mark.integration

CAPTURES = {CaptureKind.DOCUMENT_FRONT: picture_bytes(), CaptureKind.SELFIE: picture_bytes((9, 9, 9))}


def submitted(service: VerificationService) -> VerificationView:
    new = NewVerification(UseCase.ONBOARDING, "standard", Claims(), CALLER)
    return verify_at_once(service, new, CAPTURES)


def state_of(service: VerificationService, verification_id: str, attempt: int = 1) -> SubmissionState:
    with service.database.transaction() as tx:
        found = tx.submissions.find(verification_id, attempt)
    assert found is not None
    return found.state


def test_a_submission_waits_until_a_worker_decides_it(decider: Decider, pipeline: NullPipeline) -> None:
    service = decider.service
    view = submitted(service)
    assert view.record.status is VerificationStatus.PROCESSING
    assert pipeline.seen == []
    decide_submission(decider, view.record.id, 1)
    after = read_verification(service, view.record.id, CALLER)
    assert after.record.status is VerificationStatus.IN_REVIEW
    assert after.report is not None
    assert state_of(service, view.record.id) is SubmissionState.DECIDED


def test_deciding_twice_changes_nothing(decider: Decider, pipeline: NullPipeline) -> None:
    view = submitted(decider.service)
    decide_submission(decider, view.record.id, 1)
    before = read_verification(decider.service, view.record.id, CALLER)
    decide_submission(decider, view.record.id, 1)
    assert read_verification(decider.service, view.record.id, CALLER) == before
    assert len(pipeline.seen) == 1


def test_what_another_worker_has_in_hand_is_left_to_it(decider: Decider) -> None:
    view = submitted(decider.service)
    with decider.service.database.submission_lock(view.record.id), pytest.raises(DecidedElsewhere):
        decide_submission(decider, view.record.id, 1)


def test_a_worker_does_what_is_deferred(decider: Decider) -> None:
    with working(decider):
        view = submitted(decider.service)
        until = time.monotonic() + 10
        while state_of(decider.service, view.record.id) is not SubmissionState.DECIDED:
            assert time.monotonic() < until
            time.sleep(0.01)


def test_what_is_away_for_a_while_is_waited_for(decider: Decider, pipeline: NullPipeline) -> None:
    view = submitted(decider.service)
    pipeline.failure = Unavailable()
    with pytest.raises(Unavailable):
        decide_submission(decider, view.record.id, 1)
    assert state_of(decider.service, view.record.id) is SubmissionState.RUNNING
    pipeline.failure = None
    decide_submission(decider, view.record.id, 1)
    assert state_of(decider.service, view.record.id) is SubmissionState.DECIDED


def test_a_fault_of_ours_is_tried_again_and_then_given_back(decider: Decider, pipeline: NullPipeline) -> None:
    service = decider.service
    view = submitted(service)
    pipeline.failure = ZeroDivisionError()
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(ZeroDivisionError):
            decide_submission(decider, view.record.id, 1)
    decide_submission(decider, view.record.id, 1)
    after = read_verification(service, view.record.id, CALLER).record
    assert (after.status, after.attempt) == (VerificationStatus.REQUIRES_INPUT, 0)
    assert after.last_error is not None
    assert after.last_error["code"] == SUBMISSION_FAILED
    pipeline.failure = None
    submit(service, view.record.id, CALLER)
    decide_submission(decider, view.record.id, 1)
    assert read_verification(service, view.record.id, CALLER).record.status is VerificationStatus.IN_REVIEW


def test_a_submission_that_every_worker_dies_of_is_given_back(decider: Decider, pipeline: NullPipeline) -> None:
    view = submitted(decider.service)
    pipeline.failure = KeyboardInterrupt()
    for _ in range(MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            decide_submission(decider, view.record.id, 1)
    decide_submission(decider, view.record.id, 1)
    assert state_of(decider.service, view.record.id) is SubmissionState.GIVEN_BACK
    assert len(pipeline.seen) == MOST_TRIES


def test_a_capture_that_was_damaged_is_asked_for_again(decider: Decider) -> None:
    service = decider.service
    view = submitted(service)
    with service.database.transaction() as tx:
        blob = tx.captures.latest(view.record.id)[CaptureKind.SELFIE].blob_key
    path = next(service.blobs.root.rglob(blob))  # type: ignore[attr-defined]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    decide_submission(decider, view.record.id, 1)
    after = read_verification(service, view.record.id, CALLER).record
    assert after.status is VerificationStatus.REQUIRES_INPUT
    assert after.last_error == {"code": CAPTURE_UNREADABLE, "captures": ["selfie"], "reasons": []}


def test_a_retake_takes_input_again(decider: Decider, pipeline: NullPipeline) -> None:
    pipeline.verdict = Verdict.RETAKE
    view = submitted(decider.service)
    decide_submission(decider, view.record.id, 1)
    after = read_verification(decider.service, view.record.id, CALLER).record
    assert (after.status, after.attempt) == (VerificationStatus.REQUIRES_INPUT, 1)

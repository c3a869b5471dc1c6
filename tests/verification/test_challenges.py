"""Challenges are drawn for one verification and answered once, in time."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.challenge import ChallengeKind
from kyc_service.domain.verification import UseCase
from kyc_service.imaging.clip import pack_frames
from kyc_service.imaging.refusals import ImageRefused
from kyc_service.storage.records import EventType
from kyc_service.verification.challenge_document import (
    ChallengeInvalid,
    challenge_from_json,
    challenge_to_json,
)
from kyc_service.verification.challenges import (
    ChallengeAnswered,
    ChallengeExpired,
    ChallengeMissing,
    challenge_of,
    issue_challenge,
    put_clip,
)
from kyc_service.verification.lockout import DRAWS, LivenessPaused
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import InputNotExpected, open_verification
from kyc_service.verification.use_cases import create_verification, list_events, put_capture, read_verification
from tests.conftest import CALLER
from tests.deciding import decided
from tests.verification.test_use_cases import FRONT, NEW, SELFIE

pytestmark = pytest.mark.integration


@pytest.fixture
def clip(picture: Callable[..., bytes]) -> bytes:
    return pack_frames([picture((value, value, value)) for value in (10, 60, 120)], [0, 100, 200])


@pytest.fixture
def opened(service: VerificationService, picture: Callable[..., bytes]) -> str:
    view = create_verification(service, NEW)
    for kind in (FRONT, SELFIE):
        put_capture(service, view.record.id, kind, picture(), CALLER)
    return view.record.id


def _later(service: VerificationService, seconds: float) -> VerificationService:
    return replace(service, now=lambda: datetime.now(UTC) + timedelta(seconds=seconds))


def test_a_verification_comes_with_a_challenge_of_its_own(service: VerificationService) -> None:
    one, other = create_verification(service, NEW).challenge, create_verification(service, NEW).challenge
    assert one is not None
    assert other is not None
    assert one.id != other.id
    assert one.kind is ChallengeKind.ACTIONS
    assert one.expires_at > one.issued_at
    assert len(challenge_of(one).actions) == 3


def test_the_clip_goes_to_the_pipeline_with_the_challenge_it_answers(
    service: VerificationService, pipeline: Any, opened: str, clip: bytes
) -> None:
    challenge = read_verification(service, opened, CALLER).challenge
    capture = put_clip(service, opened, clip, CALLER)
    assert (capture.kind, capture.media_type) == (CaptureKind.LIVENESS, "application/zip")
    assert read_verification(service, opened, CALLER).challenge is None
    decided(service, pipeline, opened)
    (seen,) = pipeline.seen
    assert seen.captures[CaptureKind.LIVENESS] == clip
    assert challenge is not None
    assert seen.answer.challenge == challenge_of(challenge)
    assert seen.answer.received_at == capture.created_at


def test_a_challenge_is_answered_once(service: VerificationService, opened: str, clip: bytes) -> None:
    put_clip(service, opened, clip, CALLER)
    with pytest.raises(ChallengeAnswered):
        put_clip(service, opened, clip, CALLER)


def test_of_answers_at_the_same_time_one_is_kept(service: VerificationService, opened: str, clip: bytes) -> None:
    def answer(_: int) -> bool:
        try:
            put_clip(service, opened, clip, CALLER)
        except ChallengeAnswered:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(answer, range(4))) == 1


def test_a_new_challenge_takes_the_place_of_the_last(service: VerificationService, opened: str, clip: bytes) -> None:
    first = read_verification(service, opened, CALLER).challenge
    put_clip(service, opened, clip, CALLER)
    second = issue_challenge(service, opened, ChallengeKind.FLASH, CALLER)
    assert first is not None
    assert second.id != first.id
    assert len(challenge_of(second).flashes) >= 4
    put_clip(service, opened, clip, CALLER)
    kinds = [event.type for event in list_events(service, opened, CALLER)]
    assert kinds.count(EventType.CHALLENGE_ISSUED) == 2


def test_a_challenge_expires(service: VerificationService, opened: str, clip: bytes) -> None:
    late = _later(service, 600)
    assert read_verification(late, opened, CALLER).challenge is None
    with pytest.raises(ChallengeExpired):
        put_clip(late, opened, clip, CALLER)
    issue_challenge(late, opened, ChallengeKind.ACTIONS, CALLER)
    put_clip(late, opened, clip, CALLER)


def test_without_a_challenge_no_clip_is_taken(
    service: VerificationService, picture: Callable[..., bytes], clip: bytes
) -> None:
    with service.database.transaction() as tx:
        record, _ = open_verification(service, tx, replace(NEW, use_case=UseCase.ONBOARDING), "ver_" + "a" * 32)
    with pytest.raises(ChallengeMissing):
        put_clip(service, record.id, clip, CALLER)


def test_what_is_no_clip_leaves_the_challenge_open(service: VerificationService, opened: str, clip: bytes) -> None:
    with pytest.raises(ImageRefused) as refused:
        put_clip(service, opened, b"PK\x03\x04 nothing", CALLER)
    assert refused.value.capture is CaptureKind.LIVENESS
    put_clip(service, opened, clip, CALLER)


def test_after_the_decision_nothing_is_drawn_or_taken(
    service: VerificationService, pipeline: Any, opened: str, clip: bytes
) -> None:
    decided(service, pipeline, opened)
    with pytest.raises(InputNotExpected):
        issue_challenge(service, opened, ChallengeKind.ACTIONS, CALLER)
    with pytest.raises(InputNotExpected):
        put_clip(service, opened, clip, CALLER)


def test_a_challenge_survives_its_document(service: VerificationService, opened: str) -> None:
    record = read_verification(service, opened, CALLER).challenge
    assert record is not None
    challenge = challenge_of(record)
    assert challenge_from_json(json.dumps(challenge_to_json(challenge)).encode()) == challenge
    with pytest.raises(ChallengeInvalid, match="kind"):
        challenge_from_json(b'{"id": "x", "kind": "dance", "steps": []}')


def test_nobody_draws_until_the_right_one_comes(service: VerificationService, opened: str) -> None:
    for _ in range(DRAWS - 1):  # the first came with the verification
        issue_challenge(service, opened, ChallengeKind.ACTIONS, CALLER)
    with pytest.raises(LivenessPaused) as paused:
        issue_challenge(service, opened, ChallengeKind.ACTIONS, CALLER)
    assert 170 < paused.value.retry_after_s <= 180
    issue_challenge(_later(service, 181), opened, ChallengeKind.ACTIONS, CALLER)

"""What one verification leaves behind is found by the next, within limits, and never after its key is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import sqlalchemy

from kyc_service.decision.report import Traces
from kyc_service.decision.verdict import Check, RaisedReason
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.challenge import ChallengeKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.clients import FIRST_CLIENT
from kyc_service.domain.outcome import Action, Outcome, Verdict
from kyc_service.domain.reasons import Reason
from kyc_service.inference.engines import Embedding
from kyc_service.verification.blocklist import FaceAlreadyBlocked, FaceNotBlocked, block_face, unblock_face
from kyc_service.verification.challenges import issue_challenge
from kyc_service.verification.known_traces import KnownTraces
from kyc_service.verification.lockout import FAILURES, LivenessPaused
from kyc_service.verification.memory import FacesKnown
from kyc_service.verification.service import VerificationService
from kyc_service.verification.steps import NewVerification
from kyc_service.verification.stored_memory import StoredMemory
from kyc_service.verification.use_cases import create_verification, put_capture, read_verification
from tests.conftest import CALLER
from tests.deciding import decided
from tests.verification.test_use_cases import CLAIMS, FRONT, NEW, SELFIE

pytestmark = pytest.mark.integration

NUMBER, OTHER_NUMBER = "110101199003071234", "440106198511057654"
LIVENESS_FAILED = Check(
    CheckName.LIVENESS_CHALLENGE,
    Outcome.REJECTED,
    is_required=True,
    reasons=(RaisedReason(Reason.CHALLENGE_FLAT_FACE, Action.REVIEW),),
    judged=(),
)


def _face(seed: int) -> Embedding:
    vector = np.random.default_rng(seed).normal(size=128).astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def _near(face: Embedding, amount: float = 0.02) -> Embedding:
    moved = face + amount * _face(999)
    return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)


class _World:
    """Decides verifications whose traces a test names."""

    def __init__(self, service: VerificationService, pipeline: Any, picture: Callable[..., bytes]) -> None:
        self.service, self.pipeline, self.picture = service, pipeline, picture

    def decided(
        self,
        face: Embedding | None = None,
        number: str | None = NUMBER,
        look: int = 0,
        colour: int = 50,
        new: NewVerification = NEW,
    ) -> str:
        view = create_verification(self.service, new)
        for kind in (FRONT, SELFIE):
            put_capture(self.service, view.record.id, kind, self.picture((colour, colour, colour)), CALLER)
        self.pipeline.traces = Traces(
            face=None if face is None else face.astype("<f4").tobytes(),
            face_model_id="null_embedder",
            number=number,
            fingerprints={SELFIE: bytes([look] * 32)},
        )
        decided(self.service, self.pipeline, view.record.id)
        return view.record.id

    def memory(self, verification_id: str = "ver_asks") -> StoredMemory:
        service = self.service
        return StoredMemory(
            service.database,
            service.master_key,
            service.known.of_client(FIRST_CLIENT),
            verification_id,
            CLAIMS,
            datetime.now(UTC),
        )


@pytest.fixture
def world(service: VerificationService, pipeline: Any, picture: Callable[..., bytes]) -> _World:
    return _World(service, pipeline, picture)


def test_a_face_is_found_under_another_number(world: _World) -> None:
    for seed in range(1, 6):
        world.decided(_face(seed), f"{seed:018d}")
    known = world.decided(_face(7), OTHER_NUMBER)
    hit = world.memory().faces_like(_near(_face(7)), NUMBER)
    assert hit.elsewhere is not None
    assert hit.elsewhere.verification_id == known
    assert hit.elsewhere.similarity > 0.99
    assert (hit.blocked, hit.searched) == (None, 6)


def test_the_same_number_is_the_same_person(world: _World) -> None:
    world.decided(_face(7), NUMBER)
    stranger = world.decided(_face(8), OTHER_NUMBER)
    hit = world.memory().faces_like(_face(7), NUMBER)
    assert hit.elsewhere is not None
    assert hit.elsewhere.verification_id == stranger
    assert hit.elsewhere.similarity < 0.5


def test_a_number_that_was_not_read_says_nothing_of_the_person(world: _World) -> None:
    known = world.decided(_face(7), NUMBER)
    hit = world.memory().faces_like(_face(7), None)
    assert hit.elsewhere is not None
    assert hit.elsewhere.verification_id == known
    assert hit.elsewhere.similarity == pytest.approx(1, abs=1e-5)


def test_a_verification_does_not_find_itself(world: _World) -> None:
    own = world.decided(_face(7), OTHER_NUMBER)
    assert world.memory(own).faces_like(_face(7), NUMBER) == FacesKnown(None, None, 1)


def test_an_empty_gallery_has_no_nearest_face(world: _World) -> None:
    assert world.memory().faces_like(_face(1), NUMBER) == FacesKnown(None, None, 0)


def test_what_another_process_kept_is_found_too(world: _World) -> None:
    world.memory().faces_like(_face(1), NUMBER)
    elsewhere = replace(world.service, known=KnownTraces.of("null_embedder"))
    known = _World(elsewhere, world.pipeline, world.picture).decided(_face(3), OTHER_NUMBER)
    hit = world.memory().faces_like(_face(3), NUMBER)
    assert hit.elsewhere is not None
    assert hit.elsewhere.verification_id == known


def test_a_face_whose_key_is_destroyed_is_never_reported(world: _World) -> None:
    known = world.decided(_face(3), OTHER_NUMBER)
    assert world.memory().faces_like(_face(3), NUMBER).elsewhere is not None
    with world.service.database.engine.begin() as connection:
        connection.execute(sqlalchemy.text("DELETE FROM data_keys WHERE verification_id = :id"), {"id": known})
    assert world.memory().faces_like(_face(3), NUMBER).elsewhere is None


def test_templates_lie_sealed_in_the_database(world: _World) -> None:
    world.decided(_face(3))
    with world.service.database.engine.begin() as connection:
        rows = connection.execute(sqlalchemy.text("SELECT sealed FROM traces WHERE kind = 'face'")).scalars().all()
    assert len(rows) == 1
    assert _face(3).astype("<f4").tobytes() not in bytes(rows[0])


def test_many_faces_are_searched_in_order(world: _World) -> None:
    ids = [world.decided(_face(seed), f"{seed:018d}") for seed in range(40)]
    for seed in (0, 20, 39):
        hit = world.memory().faces_like(_near(_face(seed)), NUMBER)
        assert hit.elsewhere is not None
        assert hit.elsewhere.verification_id == ids[seed]


def test_a_blocked_face_is_found_and_taken_off_again(world: _World) -> None:
    bad = world.decided(_face(3), OTHER_NUMBER)
    world.decided(_face(4), "x")
    block_face(world.service, bad, "confirmed_fraud", CALLER)
    with pytest.raises(FaceAlreadyBlocked):
        block_face(world.service, bad, "again", CALLER)
    hit = world.memory().faces_like(_near(_face(3)), NUMBER)
    assert hit.blocked is not None
    assert hit.blocked.verification_id == bad
    unblock_face(world.service, bad, CALLER)
    assert world.memory().faces_like(_face(3), NUMBER).blocked is None
    with pytest.raises(FaceNotBlocked):
        unblock_face(world.service, bad, CALLER)


def test_the_same_file_and_the_same_look_are_known_again(world: _World) -> None:
    own = world.decided(look=0b1111, colour=90)
    with world.service.database.transaction() as tx:
        sha256 = tx.captures.latest(own)[SELFIE].sha256
    earlier = world.memory().captures_like(SELFIE, sha256, bytes([0b0111] * 32))
    assert earlier.holds(sha256)
    assert earlier.nearest(bytes([0b0111] * 32)) == 32
    assert not world.memory(own).captures_like(SELFIE, sha256, bytes(32)).holds(sha256)
    nothing = world.memory().captures_like(CaptureKind.DOCUMENT_FRONT, "0" * 64, bytes(32))
    assert not nothing.holds("0" * 64)


def test_after_five_failures_number_phone_and_device_have_to_wait(world: _World) -> None:
    world.pipeline.checks, world.pipeline.verdict = (LIVENESS_FAILED,), Verdict.REVIEW
    for _ in range(FAILURES - 1):
        world.decided()
    waiting = create_verification(world.service, NEW)
    assert waiting.challenge is not None
    world.decided()
    assert create_verification(world.service, NEW).challenge is None
    with pytest.raises(LivenessPaused) as paused:
        issue_challenge(world.service, waiting.record.id, ChallengeKind.ACTIONS, CALLER)
    assert 170 < paused.value.retry_after_s <= 180
    for claims in (
        replace(CLAIMS, id_number=None, device=None),
        replace(CLAIMS, id_number=None, phone_number=None),
        replace(CLAIMS, phone_number="139 1234 5678", device=None, id_number="44-x"),
        replace(CLAIMS, phone_number=None, device=None, id_number="1101 0119 9003 071234"),
    ):
        assert create_verification(world.service, replace(NEW, claims=claims)).challenge is None
    stranger = replace(CLAIMS, id_number=OTHER_NUMBER, phone_number="+8613800000000", device=None)
    assert create_verification(world.service, replace(NEW, claims=stranger)).challenge is not None


def test_three_minutes_later_the_wait_is_over(world: _World) -> None:
    world.pipeline.checks, world.pipeline.verdict = (LIVENESS_FAILED,), Verdict.REVIEW
    for _ in range(FAILURES):
        world.decided()
    later = replace(world.service, now=lambda: datetime.now(UTC) + timedelta(minutes=3, seconds=1))
    assert create_verification(later, NEW).challenge is not None


def test_the_face_that_failed_is_known_whatever_is_claimed(world: _World) -> None:
    world.pipeline.checks = (LIVENESS_FAILED,)
    for _ in range(FAILURES):
        world.decided(_near(_face(3)))
    stranger = replace(world.memory(), claims=replace(CLAIMS, id_number="x", phone_number=None, device=None))
    assert stranger.is_paused((), _face(3), 0.9)
    assert not stranger.is_paused((), _face(4), 0.9)
    assert not stranger.is_paused((), None, 0.9)
    assert stranger.is_paused((NUMBER,), None, 0.9)


def test_a_face_that_claims_nothing_is_paused_all_the_same(world: _World) -> None:
    world.pipeline.checks = (LIVENESS_FAILED,)
    nobody = replace(NEW, claims=Claims())
    for _ in range(FAILURES):
        world.decided(_near(_face(3)), number=None, new=nobody)
    assert replace(world.memory(), claims=Claims()).is_paused((), _face(3), 0.9)


def test_a_look_whose_key_is_destroyed_is_never_compared_with(world: _World) -> None:
    own = world.decided(look=0b1111, colour=90)
    with world.service.database.transaction() as tx:
        sha256 = tx.captures.latest(own)[SELFIE].sha256
    with world.service.database.engine.begin() as connection:
        connection.execute(sqlalchemy.text("DELETE FROM data_keys WHERE verification_id = :id"), {"id": own})
    earlier = world.memory().captures_like(SELFIE, sha256, bytes([0b1111] * 32))
    assert not earlier.holds(sha256)
    assert earlier.fingerprints == ()


def test_a_jerky_clip_is_no_failure(world: _World) -> None:
    jerky = (RaisedReason(Reason.CLIP_TOO_FEW_FRAMES, Action.NONE),)
    world.pipeline.checks = (replace(LIVENESS_FAILED, reasons=jerky),)
    for _ in range(FAILURES):
        world.decided()
    assert create_verification(world.service, NEW).challenge is not None


def test_an_attempt_that_passes_or_cannot_be_used_counts_for_nothing(world: _World) -> None:
    unusable = replace(
        LIVENESS_FAILED, reasons=(RaisedReason(Reason.CAPTURE_UNUSABLE, Action.NONE),), outcome=Outcome.NOT_ASSESSED
    )
    for check in (replace(LIVENESS_FAILED, outcome=Outcome.CLEAR, reasons=()), unusable):
        world.pipeline.checks = (check,)
        for _ in range(FAILURES):
            world.decided()
    assert (
        read_verification(world.service, create_verification(world.service, NEW).record.id, CALLER).challenge
        is not None
    )

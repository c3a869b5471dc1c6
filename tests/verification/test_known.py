"""What is measured of earlier verifications, and what follows where nobody remembers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding, NotAssessed, Score
from kyc_service.domain.reasons import Reason
from kyc_service.inference.engines import Embedding
from kyc_service.liveness.integrity.earlier import NOTHING_EARLIER, EarlierCaptures
from kyc_service.verification.known import NEAREST_BLOCKED, NEAREST_ELSEWHERE, look_for, paused
from kyc_service.verification.memory import FacesKnown, KnownFace

NOBODY = FacesKnown(None, None, 0)
FACE = np.eye(1, 128, dtype=np.float32)[0]


@dataclass(frozen=True, slots=True)
class Remembers:
    """A memory of what a test says."""

    faces: FacesKnown = NOBODY
    waits: bool = False

    def faces_like(self, template: Embedding, number: str | None) -> FacesKnown:
        del template, number
        return self.faces

    def captures_like(self, kind: CaptureKind, sha256: str, fingerprint: bytes) -> EarlierCaptures:
        del kind, sha256, fingerprint
        return NOTHING_EARLIER

    def is_paused(self, numbers: Sequence[str], template: Embedding | None, at_least: float) -> bool:
        del numbers, template, at_least
        return self.waits


def test_the_nearest_faces_are_scores_that_name_their_verification() -> None:
    known = FacesKnown(KnownFace("ver_a", 0.8), KnownFace("ver_b", -0.1), 7)
    searched, elsewhere, blocked = look_for(FACE, "1", Remembers(known), "model")
    assert isinstance(searched, Finding)
    assert searched.evidence.values["searched"] == 7
    assert isinstance(elsewhere, Score)
    assert (elsewhere.name, elsewhere.native, elsewhere.mapped) == (NEAREST_ELSEWHERE, 0.8, pytest.approx(20))
    assert elsewhere.evidence.values["verification_id"] == "ver_a"
    assert isinstance(blocked, Score)
    assert (blocked.name, blocked.mapped) == (NEAREST_BLOCKED, 100)


def test_with_nobody_to_compare_with_nothing_was_wrong() -> None:
    (only,) = look_for(FACE, None, Remembers(), "model")
    assert only == Finding(CheckName.KNOWN_FACES, (), only.captures, only.evidence)


def test_without_a_memory_or_a_face_nobody_can_say() -> None:
    for found in (look_for(FACE, "1", None, "model"), look_for(None, "1", Remembers(), "model")):
        assert [type(one) for one in found] == [NotAssessed]


def test_who_has_to_wait_has_no_challenge_answered() -> None:
    (waiting,) = paused(FACE, "1", Remembers(waits=True), 0.5)
    assert isinstance(waiting, NotAssessed)
    assert (waiting.check, waiting.reason) == (CheckName.LIVENESS_CHALLENGE, Reason.LIVENESS_PAUSED)
    assert paused(FACE, "1", Remembers(), 0.5) == ()
    assert paused(FACE, "1", None, 0.5) == ()

"""The second opinion is asked just above the approve threshold, and nowhere else; its failure is no consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kyc_service.decision.policy import Policy
from kyc_service.decision.report import CaptureRecord
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import NotAssessed, Region, Score
from kyc_service.domain.reasons import Reason
from kyc_service.faces.align import AlignedFace
from kyc_service.faces.mesh import mesh_of
from kyc_service.imaging.limits import DEFAULT_LIMITS
from kyc_service.inference.engines import Embedding, Pixels, SecondOpinion
from kyc_service.inference.null_engines import NullSecondOpinion, null_face_engines
from kyc_service.liveness.engines import load_liveness_engines
from kyc_service.policies.calibration import read_calibrations
from kyc_service.policies.load import DEFAULT_POLICY, load_policy
from kyc_service.verification.face_branch import FaceBranch, MeshedFace, Portrait, SelfieSeen
from kyc_service.verification.liveness_branch import ClipSeen
from kyc_service.verification.models_in_use import models_in_use
from kyc_service.verification.trail import Trail
from tests.faces.people import detected

ROOT = Path(__file__).parents[2]


class Angled:
    """Describes dark crops and light crops by two vectors with a known cosine between them."""

    model_id = "angled"

    def __init__(self, cosine: float) -> None:
        self._light = np.array([cosine, (1 - cosine**2) ** 0.5], np.float32)

    def embed(self, aligned: Sequence[Pixels]) -> list[Embedding]:
        return [self._light if crop.mean() > 100 else np.array([1.0, 0.0], np.float32) for crop in aligned]


class Crashing:
    model_id = "crashing"

    def describe(self, wide: Pixels, face: tuple[int, int, int, int]) -> Embedding:
        raise RuntimeError


@pytest.fixture(scope="module")
def policy() -> Policy:
    hashes = models_in_use(ROOT / "models").values()
    return load_policy(DEFAULT_POLICY, read_calibrations(ROOT / "models" / "calibration", hashes))


def face(luma: int, capture: CaptureKind) -> MeshedFace:
    region = Region(capture, ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)), "face")
    aligned, wide = np.full((112, 112, 3), luma, np.uint8), np.full((320, 320, 3), luma, np.uint8)
    aligned_face = AlignedFace(aligned, wide, (0.0, 0.0, 1.0, 1.0), np.zeros((5, 2), np.float32), region, 1.0)
    return MeshedFace(aligned_face, mesh_of(wide, detected(), null_face_engines()))


def compare(policy: Policy, cosine: float, opinion: SecondOpinion) -> list[str]:
    engines = replace(null_face_engines(), embedder=Angled(cosine), second_opinion=opinion)
    classifier = load_liveness_engines(ROOT / "models").classifier
    branch = FaceBranch(engines, classifier, policy, DEFAULT_LIMITS, Trail("ver_1"))
    record = CaptureRecord(CaptureKind.SELFIE, "0" * 64, "image/jpeg", 1, 1, 1, {})
    selfie = SelfieSeen(record, face(200, CaptureKind.SELFIE), (), bytes(32))
    template = branch.template(selfie, ClipSeen(None, ()))
    found = branch.compare(Portrait(face(20, CaptureKind.DOCUMENT_FRONT), ()), selfie, template)
    said = [m for m in found if isinstance(m, Score | NotAssessed) and m.check is CheckName.FACE_MATCH]
    return [m.name if isinstance(m, Score) else str(m.reason) for m in said]


def band(policy: Policy) -> tuple[float, float]:
    """From the approve threshold to where no second opinion is wanted."""
    rule = next(rule for rule in policy.scores if rule.score == "cosine_similarity")
    assert rule.consider is not None
    return rule.consider.value, policy.second_opinions[0].until.value


def test_asked_in_the_band_only(policy: Policy) -> None:
    low, high = band(policy)
    assert compare(policy, (low + high) / 2, NullSecondOpinion()) == ["cosine_similarity", "dlib_distance"]
    for cosine in (low - 0.01, high + 0.01):
        assert compare(policy, cosine, NullSecondOpinion()) == ["cosine_similarity"]


def test_a_second_opinion_that_crashes_is_not_assessed(policy: Policy) -> None:
    found = compare(policy, sum(band(policy)) / 2, Crashing())
    assert found == ["cosine_similarity", Reason.STAGE_FAILED]

"""The face that is compared belongs to the document that was read, and to no other face on the pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kyc_service.decision.report import Report
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.outcome import Outcome
from kyc_service.domain.verification import UseCase
from kyc_service.verification.pipeline import Pipeline
from kyc_service.verification.submission import Submission
from tests.verification.test_applicants import FOLDER, MANIFEST

pytestmark = pytest.mark.models

Picture = NDArray[np.uint8]


def read(case: str, kind: str) -> Picture:
    picture = cv2.imread(str(FOLDER / case / f"{kind}.jpg"))
    assert picture is not None
    return np.asarray(picture, np.uint8)


def sized(picture: Picture, height: int) -> Picture:
    width = round(picture.shape[1] * height / picture.shape[0])
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def jpeg(picture: Picture) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1])


# The thief is the sitter of the other photograph: the card's holder is not.
THIEF = read("impostor_selfie", "selfie")


def run(pipeline: Pipeline, front: Picture, back: Picture | None = None, selfie: Picture = THIEF) -> Report:
    captures = {CaptureKind.DOCUMENT_FRONT: jpeg(front), CaptureKind.SELFIE: jpeg(selfie)}
    if back is not None:
        captures[CaptureKind.DOCUMENT_BACK] = jpeg(back)
    now = MANIFEST.now.astimezone(UTC)
    return pipeline.run(Submission("ver_1", captures, Claims(), UseCase.ONBOARDING, "standard", 1, now))


def is_match_clear(report: Report) -> bool:
    return next(c.outcome for c in report.decision.checks if c.name is CheckName.FACE_MATCH) is Outcome.CLEAR


def beside(document: Picture, face: Picture, *, height: int, framed: bool) -> Picture:
    """A stolen document, and to its left the thief's face, on a larger light sheet with an outline or without."""
    card, portrait = sized(document, height), sized(face, height * 2 if framed else height)
    scene = np.full((portrait.shape[0] + 240, portrait.shape[1] * 2 + card.shape[1] + 400, 3), 60, np.uint8)
    if framed:
        scene[60:-60, 60 : portrait.shape[1] * 2 + 60] = 235
    else:
        scene[:] = 235
    scene[120 : 120 + portrait.shape[0], 120 : 120 + portrait.shape[1]] = portrait
    scene[120 : 120 + card.shape[0], -card.shape[1] - 120 : -120] = card
    return scene


@pytest.mark.parametrize("document", ["genuine_cn_card", "genuine_cn_rare_name"])
@pytest.mark.parametrize("framed", [True, False])
def test_a_face_beside_a_stolen_card_is_not_its_portrait(
    real_pipeline: Pipeline, document: str, *, framed: bool
) -> None:
    scene = beside(read(document, "document_front"), THIEF, height=900, framed=framed)
    assert not is_match_clear(run(real_pipeline, scene))


@pytest.mark.parametrize("framed", [True, False])
def test_a_face_beside_a_stolen_passport_is_not_its_portrait(real_pipeline: Pipeline, *, framed: bool) -> None:
    # Holder and thief change places: the passports show the other sitter.
    thief = read("genuine_cn_card", "selfie")
    scene = beside(read("genuine_td3_passport", "document_front"), thief, height=1100, framed=framed)
    assert not is_match_clear(run(real_pipeline, scene, selfie=thief))


def test_ones_own_selfie_is_no_front_to_a_stolen_passport(real_pipeline: Pipeline) -> None:
    thief = read("genuine_cn_card", "selfie")
    report = run(real_pipeline, thief, read("genuine_td3_passport", "document_front"), selfie=thief)
    assert not is_match_clear(report)
    assert CaptureKind.DOCUMENT_FRONT in report.decision.unusable


def test_ones_own_card_is_no_front_to_a_stolen_passport(real_pipeline: Pipeline) -> None:
    thief = read("genuine_cn_card", "selfie")
    own_card, stolen = read("genuine_cn_card", "document_front"), read("genuine_td3_passport", "document_front")
    report = run(real_pipeline, own_card, stolen, selfie=thief)
    # The card was read and is its holder's: the passport on the back lends it nothing.
    assert report.document is not None
    assert report.document.mrz_lines == ()


def test_the_holder_is_found_wherever_the_card_lies(real_pipeline: Pipeline) -> None:
    card, holder = read("genuine_cn_card", "document_front"), read("genuine_cn_card", "selfie")
    plain = run(real_pipeline, card, selfie=holder)
    turned = run(real_pipeline, np.ascontiguousarray(np.rot90(card)), selfie=holder)
    assert is_match_clear(plain)
    assert is_match_clear(turned)
    assert replace(plain.decision, checks=()).unusable == frozenset()

"""The sample applicants' own pictures: mated ones are alike, strangers are not.

Portrait and selfie of one applicant come from one photograph, so this shows that the
parts work together; how often they err is measured by the evaluation commands.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kyc_service.domain.measurements import Score
from kyc_service.faces import portrait, selfie
from kyc_service.faces.compare import match, second_opinion
from kyc_service.imaging.decode import decode
from kyc_service.imaging.picture import Picture
from tests.faces.people import NOWHERE, engines

APPLICANTS = Path(__file__).parents[2] / "fixtures" / "applicants"
GENUINE = ("genuine_cn_card", "genuine_td3_passport")
STRANGERS = ("impostor_selfie", "portrait_swapped")

pytestmark = pytest.mark.models


def upload(applicant: str, capture: str) -> Picture:
    return decode((APPLICANTS / applicant / f"{capture}.jpg").read_bytes(), target_long_side_px=1600)


def scores_of(applicant: str) -> tuple[float, float]:
    """Similarity by the first model, distance by the second."""
    document = portrait.look(upload(applicant, "document_front").pixels, lambda _: NOWHERE, engines()).face
    person = selfie.look(upload(applicant, "selfie"), engines()).face
    assert document is not None
    assert person is not None
    (similarity,) = match(document, person, engines())
    assert isinstance(similarity, Score)
    return similarity.native, second_opinion(document, person, engines()).native


def test_both_models_tell_the_genuine_from_the_strangers() -> None:
    genuine = [scores_of(applicant) for applicant in GENUINE]
    strangers = [scores_of(applicant) for applicant in STRANGERS]
    assert min(similarity for similarity, _ in genuine) > max(similarity for similarity, _ in strangers) + 0.4
    assert max(distance for _, distance in genuine) < min(distance for _, distance in strangers) - 0.3


def test_a_card_without_a_portrait_has_none() -> None:
    assert portrait.look(upload("no_face_on_card", "document_front").pixels, lambda _: NOWHERE, engines()).face is None

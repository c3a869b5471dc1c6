from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Score
from kyc_service.faces import selfie
from kyc_service.inference.engines import FaceEngines, Pixels
from kyc_service.inference.null_engines import NullLiveness, null_face_engines
from kyc_service.liveness.passive import assess, crop_around
from tests.faces.people import PEOPLE, detected, engines, person, picture, shown_on_a_screen

GREY = np.full((240, 320, 3), 120, dtype=np.uint8)


def score_of(pixels: Pixels, models: FaceEngines) -> Score:
    upload = picture(pixels)
    face = selfie.look(upload, models).face
    assert face is not None
    return assess(upload, face, models)


def test_the_score_says_what_it_was_seen_on_and_by_what() -> None:
    models = null_face_engines((detected(100, 60),))
    score = score_of(GREY, models)
    assert (score.check, score.name, score.model_id) == (CheckName.LIVENESS_PASSIVE, "pad_score", "null_liveness")
    assert (score.native, score.mapped, score.captures) == (0.5, 50, {CaptureKind.SELFIE})
    assert [region.label for region in score.evidence.regions] == ["face"]


def test_the_model_gets_the_crop_it_was_trained_on() -> None:
    seen: list[tuple[int, ...]] = []

    class Recorder(NullLiveness):
        def bona_fide_probability(self, crop: Pixels) -> float:
            seen.append(crop.shape)
            return 1.0

    models = null_face_engines((detected(100, 60, 0.5),))
    score_of(GREY, replace(models, liveness=Recorder(crop_factor=2.0)))
    assert seen == [(96, 80, 3)]


@given(
    x=st.floats(-50, 300),
    y=st.floats(-50, 220),
    width=st.floats(5, 400),
    height=st.floats(5, 400),
    factor=st.floats(1, 4),
)
def test_a_crop_lies_inside_the_picture(x: float, y: float, width: float, height: float, factor: float) -> None:
    crop = crop_around(GREY, (x, y, width, height), factor)
    assert 1 <= crop.shape[0] <= GREY.shape[0]
    assert 1 <= crop.shape[1] <= GREY.shape[1]


@given(x=st.floats(-20, 280), y=st.floats(-20, 200))
def test_a_crop_that_fits_is_shifted_and_keeps_its_size(x: float, y: float) -> None:
    crop = crop_around(GREY, (x, y, 40, 60), 2.7)
    assert crop.shape == (162, 108, 3)


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
def test_a_photograph_outscores_the_same_photograph_on_a_screen(name: str) -> None:
    bona_fide = score_of(person(name), engines()).native
    attack = score_of(shown_on_a_screen(person(name)), engines()).native
    assert bona_fide > attack + 0.3


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
def test_a_selfie_on_its_side_scores_as_upright(name: str) -> None:
    upright = score_of(person(name), engines()).native
    on_its_side = score_of(np.ascontiguousarray(np.rot90(person(name))), engines()).native
    assert on_its_side == pytest.approx(upright, abs=0.05)

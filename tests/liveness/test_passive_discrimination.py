"""Real weights on presentations drawn by the specimens: bona fide outscores attacks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from kyc_service.faces import selfie
from kyc_service.faces.detect import find_faces
from kyc_service.liveness.passive import PadClassifier, assess, assess_clip, load_pad_classifier
from specimens.attack_protocol import Split
from specimens.presentations import FacePicture, Species, present, presentation_clip
from tests.faces.people import PEOPLE, engines, person, picture, shown_on_a_screen

CLASSIFIER = Path(__file__).parents[2] / "models" / "liveness" / "passive.json"
DRAWN = 5


@cache
def classifier() -> PadClassifier:
    return load_pad_classifier(CLASSIFIER)


@cache
def face(name: str) -> FacePicture:
    found = find_faces(person(name), engines().detector)[0]
    return FacePicture(person(name), found.box, found.landmarks)


def still_score(pixels: np.ndarray) -> float:
    upload = picture(np.asarray(pixels, np.uint8))
    looked = selfie.look(upload, engines()).face
    assert looked is not None
    return assess(upload, looked, engines(), classifier()).native


@cache
def drawn(name: str, species: Species) -> list[float]:
    return [still_score(present(face(name), species, Split.TEST, np.random.default_rng((7, i)))) for i in range(DRAWN)]


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
def test_a_photograph_outscores_the_same_photograph_on_a_screen(name: str) -> None:
    assert still_score(person(name)) > still_score(shown_on_a_screen(person(name))) + 0.3


@pytest.mark.models
@pytest.mark.parametrize("species", [Species.PRINT, Species.REPLAY_MONITOR, Species.CLOSE_UP_SCREEN])
def test_bona_fide_outscores_attacks_through_the_same_kind_of_camera(species: Species) -> None:
    honest = np.median([score for name in PEOPLE for score in drawn(name, Species.BONA_FIDE)])
    attacks = np.median([score for name in PEOPLE for score in drawn(name, species)])
    assert honest > attacks + 0.1


@pytest.mark.models
def test_a_clip_of_a_person_outscores_a_clip_of_a_print() -> None:
    def clip_score(species: Species) -> float:
        frames = presentation_clip(face("collins"), species, np.random.default_rng(11), 4, 2.0)
        found = [(pixels, find_faces(pixels, engines().detector)) for pixels in frames]
        return assess_clip([(pixels, faces[0]) for pixels, faces in found if faces], engines(), classifier()).native

    assert clip_score(Species.BONA_FIDE) > clip_score(Species.PRINT) + 0.1


@pytest.mark.models
def test_the_networks_own_answer_and_what_spoke_against_stand_in_the_evidence() -> None:
    upload = picture(shown_on_a_screen(person("hopper")))
    looked = selfie.look(upload, engines()).face
    assert looked is not None
    values = assess(upload, looked, engines(), classifier()).evidence.values
    assert values["model_score"] == pytest.approx(assess(upload, looked, engines()).native, abs=1e-6)
    assert values["spoke_against"]

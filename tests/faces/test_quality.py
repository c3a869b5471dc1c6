from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.faces.align import align
from kyc_service.faces.detect import find_faces
from kyc_service.faces.quality import FaceQuality, measure_face, yaw
from kyc_service.inference.engines import Pixels
from tests.faces.people import LANDMARKS, NOWHERE, PEOPLE, blurred, engines, exposed, person


def quality_of(pixels: Pixels) -> FaceQuality:
    face = align(pixels, find_faces(pixels, engines().detector)[0], NOWHERE)
    return measure_face(face.aligned, face.landmarks)


def turned(degrees: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Five points of a model head seen after a turn by ``degrees``, without perspective."""
    head = np.array([[-0.5, -0.5, 0], [0.5, -0.5, 0], [0, 0, 0.55], [-0.4, 0.6, 0], [0.4, 0.6, 0]])
    angle = np.radians(degrees)
    x = head[:, 0] * np.cos(angle) + head[:, 2] * np.sin(angle)
    return np.stack([x, head[:, 1]], axis=1).astype(np.float32) * 60 + 100


@given(st.floats(-60, 60))
def test_yaw_of_a_model_head_is_its_turn(degrees: float) -> None:
    assert yaw(turned(degrees)) == pytest.approx(degrees, abs=0.1)


@given(st.floats(-40, 40), st.floats(-3, 3))
def test_yaw_does_not_depend_on_roll(degrees: float, radians: float) -> None:
    turn = np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])
    assert yaw((turned(degrees) @ turn.T).astype(np.float32)) == pytest.approx(degrees, abs=0.1)


def test_a_grey_patch_has_no_sharpness_and_its_own_brightness() -> None:
    quality = measure_face(np.full((112, 112, 3), 77, dtype=np.uint8), LANDMARKS)
    assert quality == FaceQuality(yaw_deg=0.0, sharpness=0.0, brightness=77.0, overexposed_fraction=0.0)


def test_a_white_patch_is_overexposed() -> None:
    quality = measure_face(np.full((112, 112, 3), 255, dtype=np.uint8), LANDMARKS)
    assert quality.overexposed_fraction == 1.0


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
def test_each_fault_shows_in_its_own_number(name: str) -> None:
    good = quality_of(person(name))
    assert quality_of(blurred(person(name), 5)).sharpness < 0.5 * good.sharpness
    assert quality_of(exposed(person(name), 0.25)).brightness < 0.4 * good.brightness
    assert quality_of(exposed(person(name), 2.2)).overexposed_fraction > good.overexposed_fraction + 0.3


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
def test_sharpness_does_not_depend_on_exposure(name: str) -> None:
    darker = quality_of(exposed(person(name), 0.6))
    assert darker.sharpness == pytest.approx(quality_of(person(name)).sharpness, rel=0.1)

"""A photographed picture is the same picture; another person, or the same one from another side, is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Score
from kyc_service.faces.align import align
from kyc_service.faces.detect import find_faces
from kyc_service.faces.mesh import mesh_of
from kyc_service.faces.reuse import SAME_PICTURE, assess
from kyc_service.inference.engines import FaceEngines, Pixels
from kyc_service.inference.null_engines import null_face_engines
from tests.faces.people import NOWHERE, PEOPLE, blurred, detected, engines, exposed, person, resized, shown_on_a_screen


def compared(portrait: Pixels, selfie: Pixels, models: FaceEngines) -> Score:
    faces = [find_faces(pixels, models.detector)[0] for pixels in (portrait, selfie)]
    aligned = [align(pixels, face, NOWHERE) for pixels, face in zip((portrait, selfie), faces, strict=True)]
    meshes = [mesh_of(pixels, face, models) for pixels, face in zip((portrait, selfie), faces, strict=True)]
    return assess(aligned[0], meshes[0], aligned[1], meshes[1], models)


def printed(pixels: Pixels) -> Pixels:
    """A small, flat, screened print, photographed again."""
    small = resized(resized(pixels, 150 / pixels.shape[1]), 3)
    rows, columns = np.mgrid[0 : small.shape[0], 0 : small.shape[1]]
    dots = 22 * np.cos(rows * 2.1) * np.cos(columns * 2.1)
    return blurred(np.clip(small * 0.75 + 30 + dots[..., None], 0, 255).astype(np.uint8), 1.2)


def tilted(pixels: Pixels, by: float) -> Pixels:
    height, width = pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    moved = corners + np.array([[by, by], [-by / 2, 0], [-by, -by / 3], [0, -by / 2]], dtype=np.float32) * width
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return np.asarray(cv2.warpPerspective(pixels, matrix, (width, height)), dtype=np.uint8)


def bent(pixels: Pixels) -> Pixels:
    """The nose and mouth pulled aside as a turned head shows them: no homography does this."""
    height, width = pixels.shape[:2]
    face = find_faces(pixels, engines().detector)[0]
    x, y = np.mean(face.landmarks[2:], axis=0).tolist()
    eye = float(np.linalg.norm(face.landmarks[1] - face.landmarks[0]))
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    pull = 0.3 * eye * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * (0.45 * eye) ** 2))
    return np.asarray(cv2.remap(pixels, (columns - pull).astype(np.float32), rows, cv2.INTER_LINEAR), dtype=np.uint8)


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
def test_a_photograph_of_the_portrait_is_the_same_picture(name: str) -> None:
    portrait = printed(person(name))
    again = (
        tilted(portrait, 0.06),
        exposed(portrait, 1.3),
        shown_on_a_screen(person(name)),
        tilted(person(name), 0.08),
    )
    found = [compared(portrait, selfie, engines()).native for selfie in again]
    assert min(found) > 0.9


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
def test_another_face_or_a_turned_one_is_another_picture(name: str) -> None:
    portrait = printed(person(name))
    same = compared(portrait, tilted(person(name), 0.06), engines()).native
    other = compared(portrait, person(PEOPLE[1 - PEOPLE.index(name)]), engines()).native
    turned = compared(portrait, bent(person(name)), engines()).native
    assert other < 0.75
    assert turned < same - 0.04


@given(st.integers(0, 255), st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_whatever_is_compared_the_score_is_a_number(level: int, seed: int) -> None:
    models = null_face_engines((detected(100, 60),))
    flat = np.full((240, 320, 3), level, dtype=np.uint8)
    noise = np.random.default_rng(seed).integers(0, 256, (240, 320, 3), dtype=np.uint8)
    score = compared(flat, noise, models)
    assert (score.check, score.name, score.model_id) == (CheckName.PORTRAIT_REUSED, SAME_PICTURE, "null_mesher")
    assert score.captures == frozenset({CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE})
    assert -1 <= score.native <= 1
    assert 0 <= score.mapped <= 100

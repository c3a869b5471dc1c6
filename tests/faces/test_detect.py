from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kyc_service.faces.detect import area, find_faces, inter_eye, moved, quarter_turns
from kyc_service.inference.null_engines import NullDetector
from tests.faces.people import PEOPLE, detected, engines, person, resized

LANDMARK_TOLERANCE = 0.15
"""How far a landmark may wander between two sizes of one picture, in inter-eye distances."""

BLANK = np.zeros((200, 300, 3), dtype=np.uint8)


def test_the_large_and_central_face_comes_first() -> None:
    small, large = detected(100, 50, 0.5), detected(90, 40, 1.0, confidence=0.92)
    assert [face.box for face in find_faces(BLANK, NullDetector((small, large)))] == [large.box, small.box]


def test_of_two_alike_the_central_one_comes_first() -> None:
    aside, central = detected(-16, -12, 0.6), detected(120, 60, 0.6)
    assert [face.box for face in find_faces(BLANK, NullDetector((aside, central)))] == [central.box, aside.box]


def test_a_large_picture_is_searched_reduced_and_answered_in_its_own_pixels() -> None:
    wide = np.zeros((640, 1280, 3), dtype=np.uint8)
    (face,) = find_faces(wide, NullDetector((detected(100, 20, 1.0),)))
    assert inter_eye(face) == pytest.approx(4 * 36)
    assert face.box[0] == pytest.approx(4 * 116)


def test_a_picture_too_small_to_hold_a_face_has_none() -> None:
    assert find_faces(np.zeros((8, 300, 3), dtype=np.uint8), NullDetector((detected(),))) == ()


def test_an_unsure_face_is_searched_for_in_every_turn_and_mapped_back() -> None:
    (face,) = find_faces(BLANK, NullDetector((detected(20, 30, confidence=0.5),)))
    assert quarter_turns(face.landmarks) == 0


@pytest.mark.parametrize("turns", range(4))
def test_quarter_turns_tells_how_the_landmarks_lie(turns: int) -> None:
    landmarks = detected().landmarks
    for _ in range(turns):
        landmarks = np.stack([landmarks[:, 1], -landmarks[:, 0]], axis=1)
    assert quarter_turns(landmarks) == turns


def test_moved_scales_before_it_shifts() -> None:
    face = moved(detected(0, 0), 2, 10, 20)
    assert face.box == (42, 44, 160, 192)
    assert area(face) == pytest.approx(4 * area(detected()))
    np.testing.assert_allclose(face.landmarks[0], (86, 124))


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("factor", [0.5, 2.0, 4.0])
def test_the_landmarks_do_not_depend_on_the_pictures_size(name: str, factor: float) -> None:
    detector = engines().detector
    (one,) = find_faces(person(name), detector)
    (other,) = find_faces(resized(person(name), factor), detector)
    apart = np.linalg.norm(other.landmarks / factor - one.landmarks, axis=1).max()
    assert apart < LANDMARK_TOLERANCE * inter_eye(one)


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_face_on_its_side_is_found_where_it_is(name: str, turns: int) -> None:
    (face,) = find_faces(np.ascontiguousarray(np.rot90(person(name), turns)), engines().detector)
    assert quarter_turns(face.landmarks) == turns
    (upright,) = find_faces(person(name), engines().detector)
    assert inter_eye(face) == pytest.approx(inter_eye(upright), rel=0.05)


@pytest.mark.models
def test_a_face_that_fills_the_picture_is_found() -> None:
    (face,) = find_faces(person("hopper"), engines().detector)
    x, y, width, height = (int(value) for value in face.box)
    tight = np.ascontiguousarray(person("hopper")[y : y + height, x : x + width])
    assert find_faces(tight, engines().detector)


@pytest.mark.models
def test_a_small_face_in_a_large_scene_is_measured_from_nearby() -> None:
    scene = np.full((2400, 3200, 3), 120, dtype=np.uint8)
    head = resized(person("collins"), 1.5)
    scene[900 : 900 + head.shape[0], 1300 : 1300 + head.shape[1]] = head
    (near,) = find_faces(head, engines().detector)
    (far,) = find_faces(scene, engines().detector)
    apart = np.linalg.norm(far.landmarks - moved(near, 1, 1300, 900).landmarks, axis=1).max()
    assert apart < LANDMARK_TOLERANCE * inter_eye(near)


@pytest.mark.models
def test_noise_has_no_face() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    assert find_faces(noise, engines().detector) == ()


@pytest.mark.models
def test_threads_with_pictures_of_other_sizes_do_not_disturb_each_other() -> None:
    pictures = [resized(person(name), factor) for name in PEOPLE for factor in (0.4, 0.7, 1.0, 1.6)]
    alone = [find_faces(picture, engines().detector)[0].box for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda picture: find_faces(picture, engines().detector)[0].box, pictures * 3))
    assert together == alone * 3

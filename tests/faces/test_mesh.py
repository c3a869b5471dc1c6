"""The mesh lies on the face it was asked for, and its geometry says how the head is turned."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kyc_service.faces.detect import find_faces
from kyc_service.faces.mesh import FaceMesh, mesh_after, mesh_of
from kyc_service.faces.pose import eye_openness, head_pose, mouth_openness
from kyc_service.inference.engines import FaceEngines, Pixels
from tests.faces.people import engines, person


def _mesh(pixels: Pixels, models: FaceEngines) -> FaceMesh:
    return mesh_of(pixels, find_faces(pixels, models.detector)[0], models)


def test_eyes_and_mouth_lie_where_the_detector_sees_them() -> None:
    portrait, face_engines = person("collins"), engines()
    face = find_faces(portrait, face_engines.detector)[0]
    mesh = mesh_of(portrait, face, face_engines)
    eye = float(np.linalg.norm(face.landmarks[1] - face.landmarks[0]))
    irises = np.stack([mesh.left_eye[71], mesh.right_eye[71]])
    mouth = mesh.points[[61, 291], :2]
    assert mesh.presence > 0.9
    assert np.abs(irises - face.landmarks[:2]).max() < 0.15 * eye
    assert np.abs(mouth - face.landmarks[3:]).max() < 0.2 * eye


def test_a_mirrored_face_is_turned_the_other_way() -> None:
    portrait, face_engines = person("collins"), engines()
    straight = head_pose(_mesh(portrait, face_engines))
    mirrored = head_pose(_mesh(np.ascontiguousarray(portrait[:, ::-1]), face_engines))
    assert straight.yaw_deg == pytest.approx(-mirrored.yaw_deg, abs=3)
    assert straight.pitch_deg == pytest.approx(mirrored.pitch_deg, abs=3)
    assert straight.roll_deg == pytest.approx(-mirrored.roll_deg, abs=3)


def test_a_turned_picture_has_the_roll_it_was_given() -> None:
    portrait, face_engines = person("collins"), engines()
    before = head_pose(_mesh(portrait, face_engines))
    height, width = portrait.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -20, 1)
    turned = np.asarray(cv2.warpAffine(portrait, turn, (width, height)), dtype=np.uint8)
    after = head_pose(_mesh(turned, face_engines))
    assert after.roll_deg - before.roll_deg == pytest.approx(20, abs=6)
    assert after.yaw_deg == pytest.approx(before.yaw_deg, abs=6)


def test_a_face_is_followed_without_detecting_it_anew() -> None:
    portrait, face_engines = person("collins"), engines()
    first = _mesh(portrait, face_engines)
    shifted = np.roll(portrait, 12, axis=1)
    second = mesh_after(shifted, first, face_engines)
    assert np.abs(second.points[:, :2] - first.points[:, :2] - (12, 0)).max() < 6
    assert mesh_after(np.full_like(portrait, 90), first, face_engines).presence < 0.5


def test_covered_lids_are_less_open() -> None:
    portrait, face_engines = person("collins"), engines()
    mesh = _mesh(portrait, face_engines)
    painted = portrait.copy()
    for eye in (mesh.left_eye, mesh.right_eye):
        skin = painted[round(float(eye[58, 1])), round(float(eye[58, 0]))].tolist()
        middle = tuple(int(v) for v in eye[:16].mean(axis=0))
        width = float(np.linalg.norm(eye[8] - eye[0]))
        cv2.ellipse(painted, middle, (round(width * 0.62), round(width * 0.3)), 0, 0, 360, skin, -1)
        cv2.ellipse(painted, (middle[0], middle[1] + 2), (round(width * 0.5), 3), 0, 20, 160, (40, 40, 60), 1)
    closed = eye_openness(_mesh(painted, face_engines))
    opened = eye_openness(mesh)
    assert max(closed) < 0.6 * min(opened)
    assert mouth_openness(mesh) > 0.1  # she smiles with her teeth

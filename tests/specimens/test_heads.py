from __future__ import annotations

from dataclasses import replace

import numpy as np

from kyc_service.domain.challenge import Action
from specimens.heads.flat import Sheet, seen_sheet
from specimens.heads.head import Person, Pose, head_of, posed
from specimens.heads.motion import Deed, Motion
from specimens.heads.parts import Floats
from specimens.heads.raster import Surface, rasterise
from specimens.heads.recording import record
from specimens.heads.scene import Camera, Light, frame_of
from specimens.heads.setting import TEST_LIGHTS, TRAIN_LIGHTS, setting_of

SMALL = Camera(width=96, height=72)
WALL = np.full((72, 96, 3), 128, np.uint8)


def shown(person: Person, pose: Pose) -> Floats:
    return np.asarray(frame_of(head_of(person), pose, SMALL, Light(), WALL), np.float32)


def test_the_nearer_of_two_triangles_is_seen() -> None:
    corners = np.array([[0, 0], [0, 20], [20, 0], [0, 0], [0, 20], [20, 0]], np.float32)
    depth = np.array([5, 5, 5, 2, 2, 2], np.float32)
    triangles = np.array([[0, 1, 2], [3, 4, 5]], np.int32)
    surface = Surface(triangles, triangles, np.zeros((6, 2), np.float32), np.zeros((4, 4, 3), np.uint8))
    hits = rasterise(corners, depth, surface, 20, 20)
    assert set(hits.triangle.tolist()) == {1}
    assert np.allclose(hits.depth, 2)
    assert np.allclose(hits.weights.sum(axis=1), 1, atol=1e-4)
    assert len(np.unique(hits.pixel)) == len(hits.pixel) > 150


def test_what_faces_away_is_not_drawn() -> None:
    corners = np.array([[0, 0], [20, 0], [0, 20]], np.float32)
    triangles = np.array([[0, 1, 2]], np.int32)
    surface = Surface(triangles, triangles, np.zeros((3, 2), np.float32), np.zeros((4, 4, 3), np.uint8))
    depth = np.ones(3, np.float32)
    assert len(rasterise(corners, depth, surface, 20, 20).pixel) == 0
    assert len(rasterise(corners, depth, replace(surface, both_sides=True), 20, 20).pixel) > 0


def test_a_person_is_the_same_every_time_and_others_differ() -> None:
    first = shown(Person(1), Pose())
    assert np.array_equal(first, shown(Person(1), Pose()))
    assert np.abs(first - shown(Person(2), Pose())).mean() > 1


def test_a_head_that_turns_left_moves_its_nose_to_the_pictures_right() -> None:
    head = head_of(Person(1))
    front, turned = posed(head, Pose()), posed(head, Pose(yaw=30))
    tip = int(np.argmax(np.where(np.abs(front[:13380, 1] - 7.1) < 0.3, front[:13380, 2], -9)))
    assert turned[tip, 0] > front[tip, 0] + 0.3
    assert posed(head, Pose(pitch=20))[tip, 1] > front[tip, 1] + 0.2


def test_lids_and_mouth_move_and_nothing_else() -> None:
    still = shown(Person(1), Pose())
    for pose in (Pose(blink=1), Pose(mouth=1)):
        moved = np.abs(shown(Person(1), pose) - still).max(axis=2) > 4
        assert 0 < moved.mean() < 0.1


def test_splits_share_neither_light_nor_skin() -> None:
    assert not set(TRAIN_LIGHTS) & set(TEST_LIGHTS)
    train, test = (head_of(Person(1, split)).skin.texture for split in ("train", "test"))
    assert not np.array_equal(train, test)


def test_a_clip_has_the_rate_it_was_asked_for() -> None:
    setting = setting_of(1, "train", 10, 96)
    motion = Motion((Deed(Action.TURN_LEFT, 200, 300, 100, 300, 30),), (), 1)
    rng = np.random.default_rng(0)
    clip = record(seen_sheet(Person(1), motion, Sheet(1.5), setting), setting, 1000, rng)
    assert len(clip.frames) == 12
    assert clip.frames[0].at_ms == 0
    assert clip.frames[0].pixels.shape == (72, 96, 3)
    changes = [np.abs(f.pixels.astype(float) - clip.frames[0].pixels).mean() for f in clip.frames]
    assert max(changes[3:6]) > 2 * changes[1]

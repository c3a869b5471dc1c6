from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage.data import astronaut

from specimens.attack_protocol import Split
from specimens.presentations import ATTACKS, FacePicture, Species, present, presentation_clip
from specimens.presentations.camera import camera
from specimens.presentations.placing import Pose, onto_plane
from specimens.presentations.scenes import scene
from specimens.presentations.screens import Screen

FACE = FacePicture(
    np.asarray(cv2.cvtColor(astronaut()[:300, 74:374], cv2.COLOR_RGB2BGR), np.uint8),
    (108.0, 66.0, 84.0, 108.0),
    np.array([[131, 108], [169, 106], [152, 130], [135, 150], [168, 148]], np.float32),
)


@pytest.mark.parametrize("split", list(Split))
@pytest.mark.parametrize("species", list(Species))
def test_every_species_is_a_picture_of_the_cameras_size(species: Species, split: Split) -> None:
    pixels = present(FACE, species, split, np.random.default_rng(3))
    assert pixels.dtype == np.uint8
    assert pixels.shape[2] == 3
    assert 230 < min(pixels.shape[:2]) <= max(pixels.shape[:2]) < 780
    assert 15 < pixels.mean() < 240
    assert pixels.std() > 10


def test_the_same_seed_draws_the_same_picture_and_another_seed_another() -> None:
    first, again, other = (present(FACE, Species.PRINT, Split.TEST, np.random.default_rng(s)) for s in (5, 5, 6))
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_species_are_bona_fide_and_the_attacks() -> None:
    assert {*ATTACKS, Species.BONA_FIDE} == set(Species)


def test_frames_of_a_clip_have_one_size_and_move() -> None:
    clip = presentation_clip(FACE, Species.REPLAY_PHONE, np.random.default_rng(2), 3, 4.0)
    assert len({frame.shape for frame in clip}) == 1
    assert not np.array_equal(clip[0], clip[-1])


def test_splits_differ_in_grids() -> None:
    def layouts(split: Split) -> set[str]:
        drawn = (scene(FACE, Species.REPLAY_MONITOR, split, np.random.default_rng(seed)) for seed in range(12))
        return {one.instrument.layout for one in drawn if isinstance(one.instrument, Screen)}

    assert layouts(Split.TRAIN) - layouts(Split.TEST)
    assert layouts(Split.TEST) - layouts(Split.TRAIN)


def test_the_faces_middle_is_where_the_pose_puts_it() -> None:
    taken = camera(Split.TRAIN, np.random.default_rng(1))
    across, down = onto_plane(taken.sampled_px, Pose(0.4, 0.6, 0.5, 5.0, 15.0, -10.0))
    rows, columns = across.shape
    at = (int(0.6 * rows), int(0.4 * columns))
    assert abs(across[at]) < 0.02
    assert abs(down[at]) < 0.02

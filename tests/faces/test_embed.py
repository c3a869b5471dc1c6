from __future__ import annotations

import numpy as np
import pytest

from kyc_service.faces.align import align
from kyc_service.faces.compare import similarity
from kyc_service.faces.detect import find_faces
from kyc_service.faces.embed import averaged, embed_faces, template_of
from kyc_service.faces.views import SCALES, views
from kyc_service.inference.null_engines import NullMesher, null_face_engines
from tests.faces.people import NOWHERE, PEOPLE, blurred, detected, engines, exposed, person, resized, rolled


def test_a_face_is_looked_at_in_every_size_and_mirrored() -> None:
    face = align(np.random.default_rng(0).integers(0, 255, (160, 160, 3), dtype=np.uint8), detected(), NOWHERE)
    seen = views(face, NullMesher())
    assert [view.shape for view in seen] == [(112, 112, 3)] * 2 * len(SCALES)
    for plain, mirrored in zip(seen[::2], seen[1::2], strict=True):
        np.testing.assert_array_equal(plain, mirrored[:, ::-1])


def test_where_the_mesh_contradicts_the_detector_the_detector_stands() -> None:
    """All points of the mesh in one place: the first view is the aligned crop itself, but for sampling."""
    pixels = np.zeros((160, 160, 3), dtype=np.uint8)
    pixels[40:100, 50:80] = 200
    face = align(pixels, detected(), NOWHERE)
    assert np.abs(views(face, NullMesher())[0].astype(int) - face.aligned).mean() < 2


def test_averages_lie_between_and_have_length_one() -> None:
    one, two = np.array([1, 0, 0], np.float32), np.array([0, 1, 0], np.float32)
    assert averaged([one, two]) == pytest.approx([0.5**0.5, 0.5**0.5, 0])
    assert averaged([one, two], [1, 1e-9])[0] == pytest.approx(1)


@pytest.mark.parametrize("weights", [[1.0], [1.0, 0.0], [1.0, -1.0]])
def test_every_face_has_one_positive_weight(weights: list[float]) -> None:
    vector = np.array([1, 0], np.float32)
    with pytest.raises(ValueError, match="positive weight"):
        averaged([vector, vector], weights)


def test_no_face_gives_no_template() -> None:
    with pytest.raises(ValueError, match="at least one face"):
        template_of((), null_face_engines())


@pytest.mark.models
def test_several_pictures_of_a_person_describe_them_better_than_one() -> None:
    """A mated comparison gains, a non-mated one does not."""
    pixels = person(PEOPLE[0])
    frames = [blurred(resized(pixels, 0.5), 1.5), exposed(pixels, 0.4), rolled(pixels, 15)]
    faces = [align(frame, find_faces(frame, engines().detector)[0], NOWHERE) for frame in frames]
    mated, stranger = (
        embed_faces((align(found, find_faces(found, engines().detector)[0], NOWHERE),), engines())[0]
        for found in (pixels, person(PEOPLE[1]))
    )
    singles = embed_faces(faces, engines())
    together = template_of(faces, engines())
    assert similarity(together, mated) > np.mean([similarity(single, mated) for single in singles])
    assert similarity(together, stranger) < similarity(together, mated) - 0.4

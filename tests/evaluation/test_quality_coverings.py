"""Drawn coverings hide what they are meant to hide and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from kyc_service.evaluation.coverings import Covering, covered
from kyc_service.faces.detect import find_faces
from kyc_service.faces.mesh import mesh_of
from tests.faces.people import PEOPLE, engines, person

HIDDEN = {
    Covering.MASK: (14, 152),
    Covering.DARK_GLASSES: (159, 386),
    Covering.HAND_ON_MOUTH: (13,),
    Covering.MICROPHONE: (17,),
}


@pytest.mark.models
@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("covering", Covering)
def test_a_covering_changes_the_face_where_it_lies(name: str, covering: Covering) -> None:
    pixels = person(name)
    mesh = mesh_of(pixels, find_faces(pixels, engines().detector)[0], engines()).points[:, :2]
    drawn = covered(pixels, mesh, covering, np.random.default_rng(3))
    again = covered(pixels, mesh, covering, np.random.default_rng(3))
    change = np.abs(drawn.astype(int) - pixels).max(axis=2)
    assert np.array_equal(drawn, again)
    assert 0.002 < (change > 8).mean() < 0.3
    for point in HIDDEN.get(covering, ()):
        x, y = np.round(mesh[point]).astype(int)
        assert change[y - 2 : y + 3, x - 2 : x + 3].max() > 8

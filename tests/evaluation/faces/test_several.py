from __future__ import annotations

import numpy as np
import pytest

from kyc_service.evaluation.faces.scales import people_of
from kyc_service.evaluation.faces.several import several_at
from tests.evaluation.faces.drawn import crowd


def at_degrees(*angles: float) -> np.ndarray:
    turned = np.radians(angles)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def test_runs_of_pictures_counted_by_hand() -> None:
    """Five pictures at 0, 10, 20, 30 and 40 degrees, a stranger at 75; a match is 26 degrees or less.

    Alone: from 0 and from 40 two of four are missed, from 10 and 30 one, from 20 none: 6 of 20. Two
    together lie at 5, 15, 25, 35 and (0 with 40) at 20: missed are 1, 0, 0, 1 and 0 of three.
    """
    faces, people = at_degrees(0, 10, 20, 30, 40, 75), np.array([0, 0, 0, 0, 0, 1])
    threshold = float(np.cos(np.radians(26)))
    for count, missed in ((1, 6 / 20), (2, 2 / 15)):
        found = several_at(faces, people, count, threshold)
        assert found is not None
        fnmr, fmr = found
        assert fnmr.rate == pytest.approx(missed)
        assert (fnmr.n, fmr.rate) == (1, 0)


def test_more_pictures_miss_fewer_and_match_no_more_strangers() -> None:
    templates, listed = crowd(60, 6)
    faces, people = np.stack([templates[path] for path in listed.paths]), people_of(list(listed.paths))
    one, three = (several_at(faces, people, count, 0.6) for count in (1, 3))
    assert one is not None
    assert three is not None
    assert three[0].rate < one[0].rate / 2
    assert three[1].rate < one[1].rate + 0.001


def test_nobody_with_enough_pictures_says_nothing() -> None:
    assert several_at(at_degrees(0, 1, 2), np.zeros(3, np.int64), 2, 0.5) is None

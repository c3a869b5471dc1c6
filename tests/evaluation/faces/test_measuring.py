from __future__ import annotations

import math

import numpy as np
import pytest

from kyc_service.evaluation.faces.measuring import measure, point_at
from kyc_service.evaluation.faces.scales import COSINE, DISTANCE, comparisons_of
from kyc_service.evaluation.matching import fmr_ratio
from tests.evaluation.faces.drawn import crowd, listed, templates


def test_every_two_people_are_compared_and_only_the_listed_mated_pairs() -> None:
    comparisons = comparisons_of(COSINE, templates(), listed())
    assert sorted(comparisons.mated) == pytest.approx([math.cos(math.radians(40)), *[math.cos(math.radians(10))] * 2])
    assert len(comparisons.non_mated) == 12


def test_rates_at_a_threshold_counted_by_hand() -> None:
    """At cos 55 degrees: of 12 pairs of strangers only ann 10 and bea 60, 50 apart, match; no mated pair is missed.

    At cos 20 degrees no stranger matches and cho, 40 apart, is missed.
    """
    comparisons = comparisons_of(COSINE, templates(), listed())
    mild, strict = (point_at(comparisons, math.cos(math.radians(angle))) for angle in (55, 20))
    assert (mild.fmr.rate, mild.fnmr.rate) == (1 / 12, 0)
    assert mild.fmr_of_identity_pairs.rate == pytest.approx(1 / 4 / 3)
    assert strict.fmr.rate == 0
    assert strict.fnmr.rate == pytest.approx(1 / 3)


def test_a_distance_is_turned_round() -> None:
    comparisons = comparisons_of(DISTANCE, templates(), listed())
    assert max(comparisons.mated) == pytest.approx(-2 * math.sin(math.radians(5)), abs=1e-3)
    assert DISTANCE.threshold(-0.6) == 0.6


def test_pictures_without_a_template_take_their_pairs_with_them() -> None:
    some = {path: vector for path, vector in templates().items() if path != "/p/cho/1"}
    comparisons = comparisons_of(COSINE, some, listed())
    assert (len(comparisons.mated), len(comparisons.non_mated)) == (2, 8)


def test_a_group_is_measured_at_the_thresholds_of_all() -> None:
    found, everybody = crowd(60, 3)
    measured = measure(COSINE, found, everybody, [everybody])
    ((_, points),) = measured.groups
    for group, overall in zip(points, measured.points, strict=True):
        assert group.fmr == overall.fmr
        if group.ratio is not None:
            assert group.ratio[0] == 1
            assert group.ratio[1] <= 1 <= group.ratio[2]
    assert [point.fnmr.rate for point in measured.points] == sorted(point.fnmr.rate for point in measured.points)


def test_a_group_that_matches_falsely_more_often_has_a_ratio_above_one() -> None:
    found, everybody = crowd(60, 3)
    shared = np.zeros(32, np.float32)
    shared[0] = 1
    group = {path: (v + shared) / np.linalg.norm(v + shared) for path, v in crowd(40, 3, seed=1)[0].items()}
    one = comparisons_of(COSINE, group, crowd(40, 3, seed=1)[1])
    ratio = fmr_ratio(one, comparisons_of(COSINE, found, everybody), 0.5)
    assert ratio is not None
    assert ratio[0] > ratio[1] > 1


def test_nothing_to_compare_is_said() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        measure(COSINE, {"/p/ann/0": templates()["/p/ann/0"], "/p/ann/1": templates()["/p/ann/1"]}, listed(), [])

from __future__ import annotations

import itertools

import numpy as np
import pytest

from kyc_service.evaluation.faces.scales import COSINE, people_of
from kyc_service.evaluation.faces.searching import (
    Searches,
    extrapolated_threshold,
    fnir_at,
    fpir_at,
    searches_of,
    threshold_for,
)
from tests.evaluation.faces.drawn import crowd


def searches() -> Searches:
    """Two pictures against four others' first pictures; three searches for held people."""
    return Searches(np.array([[0.1, 0.2, 0.3, 0.9], [0.1, 0.1, 0.8, 0.9]]), np.array([0.5, 0.7, 0.95]))


def test_false_alarms_of_galleries_drawn_at_random_counted_by_hand() -> None:
    """At 0.5, one and two of four alarm. Of the six galleries of two, three hold the one, five one of the two."""
    found = fpir_at(searches(), 2, 0.5)
    assert found.rate == pytest.approx((3 / 6 + 5 / 6) / 2)
    assert found.n == 2
    assert fpir_at(searches(), 4, 0.85).rate == 1
    assert fpir_at(searches(), 1, 0.95).rate == 0


def test_the_formula_is_what_drawing_every_gallery_gives() -> None:
    row = searches().strangers[1]
    alarms = [max(drawn) >= 0.75 for drawn in itertools.combinations(row, 3)]
    assert fpir_at(Searches(row[np.newaxis], np.ones(1)), 3, 0.75).rate == pytest.approx(np.mean(alarms))


def test_held_people_below_the_threshold_are_missed() -> None:
    assert fnir_at(searches(), 0.6).rate == pytest.approx(1 / 3)


def test_a_gallery_larger_than_the_people_is_refused() -> None:
    with pytest.raises(ValueError, match="gallery of 5"):
        fpir_at(searches(), 5, 0.5)


def test_a_person_is_no_stranger_to_themselves() -> None:
    templates, listed = crowd(20, 3)
    stacked = np.stack([templates[path] for path in listed.paths])
    found = searches_of(COSINE.similarity(stacked), people_of(list(listed.paths)))
    assert found.strangers.shape == (60, 19)
    assert len(found.mated) == 40
    assert found.mated.min() > found.strangers.max(axis=1).mean()


@pytest.mark.parametrize("rate", [0.3, 0.1])
def test_the_threshold_is_the_mildest_that_keeps_the_rate(rate: float) -> None:
    templates, listed = crowd(60, 3)
    stacked = np.stack([templates[path] for path in listed.paths])
    found = searches_of(COSINE.similarity(stacked), people_of(list(listed.paths)))
    threshold = threshold_for(found, 40, rate)
    assert fpir_at(found, 40, threshold).rate <= rate < fpir_at(found, 40, threshold - 0.01).rate


def test_a_normal_tail_is_continued_to_where_it_goes() -> None:
    """Of normal scores a share of 1e-6 lies above 4.75 deviations; 1000 comparisons alarm with 1e-3 there."""
    scores = np.random.default_rng(2).normal(0, 0.1, 500_000)
    assert extrapolated_threshold(scores, 1000, 1e-3) == pytest.approx(0.475, abs=0.02)

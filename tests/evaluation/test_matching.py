from __future__ import annotations

import numpy as np
import pytest

from kyc_service.evaluation.matching import Comparisons, compare_all, fmr_at, fmr_of_identity_pairs_at, fnmr_at

IDENTITIES = np.array([0, 0, 1, 1, 2], dtype=np.int64)
SIMILARITY = np.array(
    [
        [1.0, 0.9, 0.6, 0.6, 0.1],
        [0.9, 1.0, 0.6, 0.6, 0.1],
        [0.6, 0.6, 1.0, 0.3, 0.1],
        [0.6, 0.6, 0.3, 1.0, 0.2],
        [0.1, 0.1, 0.1, 0.2, 1.0],
    ]
)


@pytest.fixture
def comparisons() -> Comparisons:
    return compare_all(SIMILARITY, IDENTITIES, np.array([[0, 1], [2, 3]]))


def test_strangers_are_compared_once_and_the_given_pairs_only(comparisons: Comparisons) -> None:
    assert sorted(comparisons.mated) == [0.3, 0.9]
    assert len(comparisons.non_mated) == 8
    assert comparisons.templates_of.tolist() == [2, 2, 1]


def test_rates_at_a_threshold(comparisons: Comparisons) -> None:
    assert (fmr_at(comparisons, 0.5).rate, fmr_at(comparisons, 0.5).n) == (0.5, 8)
    assert (fnmr_at(comparisons, 0.5).rate, fnmr_at(comparisons, 0.5).n) == (0.5, 2)


def test_two_much_photographed_people_count_as_one_pair(comparisons: Comparisons) -> None:
    rate = fmr_of_identity_pairs_at(comparisons, 0.5)
    assert (rate.rate, rate.n) == (pytest.approx(1 / 3), 3)


def test_intervals_know_that_comparisons_share_people() -> None:
    generator = np.random.default_rng(0)
    identities = np.repeat(np.arange(40), 10).astype(np.int64)
    kinship = generator.normal(0, 1, (40, 3))[identities]
    similarity = kinship @ kinship.T
    measured = fmr_at(compare_all(similarity, identities, np.array([[0, 1]])), 4.0)
    independent = 1.96 * np.sqrt(measured.rate * (1 - measured.rate) / measured.n)
    assert measured.ci_high - measured.ci_low > 4 * independent
    assert measured.ci_low <= measured.rate <= measured.ci_high


def test_the_same_comparisons_give_the_same_interval(comparisons: Comparisons) -> None:
    assert fmr_at(comparisons, 0.5) == fmr_at(comparisons, 0.5)


def test_without_errors_the_interval_is_not_empty(comparisons: Comparisons) -> None:
    assert fmr_at(comparisons, 0.99).rate == 0
    assert fmr_at(comparisons, 0.99).ci_high > 0.2

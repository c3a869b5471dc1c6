from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kyc_service.evaluation.rates import accepting_threshold, rejecting_threshold, wilson

SCORES = arrays(np.float64, st.integers(1, 60), elements=st.floats(-1, 1))
RATES = st.floats(0.0001, 0.5)


@given(SCORES, RATES)
def test_no_more_impostors_than_allowed_meet_the_threshold(scores: np.ndarray, rate: float) -> None:
    threshold = accepting_threshold(scores, rate)
    assert (scores >= threshold).sum() <= rate * len(scores)


@given(SCORES, RATES)
def test_a_milder_threshold_would_let_too_many_in(scores: np.ndarray, rate: float) -> None:
    milder = accepting_threshold(scores, rate) - 1.1e-6
    assert (scores >= milder).sum() > rate * len(scores) - 1


@given(SCORES, RATES)
def test_no_more_bona_fide_than_allowed_are_turned_away(scores: np.ndarray, rate: float) -> None:
    threshold = rejecting_threshold(scores, rate)
    assert (scores < threshold).sum() <= rate * len(scores)


@given(st.integers(0, 50), st.integers(1, 50))
def test_wilsons_interval_holds_the_rate(errors: int, more: int) -> None:
    rate = wilson("fnmr", errors, errors + more)
    assert 0 <= rate.ci_low <= rate.rate <= rate.ci_high <= 1


def test_without_trials_there_is_no_rate() -> None:
    with pytest.raises(ValueError, match="no trials"):
        wilson("apcer", 0, 0)


def test_wilsons_interval_as_published() -> None:
    """Newcombe (1998), table I: 81 of 263."""
    rate = wilson("fnmr", 81, 263)
    assert (round(rate.ci_low, 4), round(rate.ci_high, 4)) == (0.2553, 0.3662)

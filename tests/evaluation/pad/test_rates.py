"""Cases computed by hand, after ISO/IEC 30107-3."""

from __future__ import annotations

import numpy as np
import pytest

from kyc_service.evaluation.pad.rates import apcer, auc, auc_with_interval, bpcer, threshold_at_apcer

BONA_FIDE = np.array([0.9, 0.8, 0.7, 0.4])
PRINTS = np.array([0.1, 0.2, 0.75, 0.3])
SCREENS = np.array([0.05, 0.6])


def test_one_at_the_threshold_counts_as_bona_fide() -> None:
    assert apcer(PRINTS, 0.75)["count"] == 1
    assert bpcer(BONA_FIDE, 0.7)["count"] == 1


def test_apcer_is_of_one_species_and_bpcer_of_the_bona_fide() -> None:
    assert [apcer(found, 0.5)["rate"] for found in (PRINTS, SCREENS)] == [0.25, 0.5]
    assert bpcer(BONA_FIDE, 0.5)["rate"] == 0.25


def test_no_trials_give_no_rate() -> None:
    assert apcer(np.empty(0), 0.5)["rate"] is None


def test_the_threshold_keeps_every_species_below_the_wanted_apcer() -> None:
    # Of four prints one may pass (25 %): above 0.3. Of two screens none may: above 0.6.
    at = threshold_at_apcer({"print": PRINTS, "screen": SCREENS}, 0.25)
    assert 0.6 < at < 0.6001
    assert apcer(PRINTS, at)["count"] == 1
    assert apcer(SCREENS, at)["count"] == 0
    assert bpcer(BONA_FIDE, at)["rate"] == 0.25


def test_the_area_under_the_curve_counts_pairs() -> None:
    # 0.9 and 0.8 beat all four prints, 0.7 and 0.4 beat three: 14 of 16.
    assert auc(BONA_FIDE, PRINTS) == 14 / 16


def test_the_areas_interval_redraws_subjects() -> None:
    found = auc_with_interval(BONA_FIDE, list("abcd"), PRINTS, list("abcd"))
    assert found["auc"] == pytest.approx(14 / 16)
    low, high = found["ci_low"], found["ci_high"]
    assert low is not None
    assert high is not None
    assert 0 <= low <= 14 / 16 <= high <= 1


def test_no_attacks_have_no_area() -> None:
    assert auc_with_interval(BONA_FIDE, list("abcd"), np.empty(0), [])["auc"] is None

from __future__ import annotations

import pytest

from kyc_service.evaluation.intervals import error_rate, share, share_of


def test_a_share_has_wilsons_interval() -> None:
    """The classic worked example: 5 of 10 gives 0.237 to 0.763."""
    found = share(5, 10)
    assert (found["rate"], found["count"], found["n"]) == (0.5, 5, 10)
    assert found["ci_low"] == pytest.approx(0.2366, abs=1e-4)
    assert found["ci_high"] == pytest.approx(0.7634, abs=1e-4)


def test_nothing_wrong_of_few_is_not_proof() -> None:
    assert share(0, 10)["ci_high"] == pytest.approx(0.2775, abs=1e-4)
    assert share(0, 1000)["ci_high"] == pytest.approx(0.00383, abs=1e-5)


def test_of_no_trials_nothing_is_said() -> None:
    assert share_of([]) == {"count": 0, "n": 0, "rate": None, "ci_low": None, "ci_high": None}
    assert error_rate([])["rate"] is None


def test_character_errors_are_pooled_and_documents_are_what_is_redrawn() -> None:
    """By hand: (2 + 0 + 1) errors on (10 + 10 + 20) characters; only two documents, so the ends are theirs."""
    found = error_rate([("a", 2, 10), ("a", 0, 10), ("b", 1, 20)])
    assert (found["count"], found["n"], found["rate"]) == (3, 40, 0.075)
    assert (found["ci_low"], found["ci_high"]) == (0.05, 0.1)


def test_the_same_trials_give_the_same_interval() -> None:
    trials = [(number, number % 3, 18) for number in range(30)]
    assert error_rate(trials) == error_rate(trials)

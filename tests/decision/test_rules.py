"""Rules on single measurements."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kyc_service.decision.policy import Direction, Threshold
from kyc_service.decision.rules import consider_limit, judge, wants_second_opinion
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Score
from kyc_service.domain.outcome import Outcome
from kyc_service.domain.reasons import Reason
from tests.decision.policies import POLICY, finding, line, match


@pytest.mark.parametrize(
    ("direction", "score", "met"),
    [
        (Direction.HIGHER_IS_BETTER, 0.9999, False),
        (Direction.HIGHER_IS_BETTER, 1.0, True),
        (Direction.LOWER_IS_BETTER, 1.0, True),
        (Direction.LOWER_IS_BETTER, 1.0001, False),
    ],
)
def test_a_threshold_belongs_to_its_good_side(direction: Direction, score: float, *, met: bool) -> None:
    assert Threshold(1.0, direction, "x").is_met_by(score) is met


@pytest.mark.parametrize(
    ("similarity", "wanted"), [(0.39, False), (0.4, True), (0.49, True), (0.5, False), (0.05, False)]
)
def test_a_second_opinion_is_wanted_just_above_the_threshold(similarity: float, *, wanted: bool) -> None:
    assert wants_second_opinion(match(similarity), POLICY) is wanted


def test_no_second_opinion_on_a_score_without_a_rule() -> None:
    assert not wants_second_opinion(replace(match(0.45), name="unheard_of"), POLICY)
    near = Score(CheckName.FACE_QUALITY, "inter_eye_px", 41.0, 0.0, "yunet")
    assert not wants_second_opinion(near, POLICY)


def test_a_reason_is_raised_once_though_stage_and_list_agree() -> None:
    said = finding(CheckName.PHONE_LINE_TYPE, Reason.PHONE_LINE_UNUSUAL, values={"line_type": "voip"})
    assert judge(said, POLICY, [said]).reasons == (Reason.PHONE_LINE_UNUSUAL,)


def test_a_clear_finding_is_clear_and_keeps_its_thresholds_away() -> None:
    judged = judge(line("mobile"), POLICY, [])
    assert (judged.outcome, judged.reasons, judged.limits) == (Outcome.CLEAR, (), ())


def test_a_score_keeps_every_threshold_it_was_held_against() -> None:
    assert [limit.threshold.value for limit in judge(match(0.9), POLICY, []).limits] == [0.4, 0.1, 0.5]


def test_the_limit_of_a_score_is_known_to_who_must_hold_it_too() -> None:
    assert consider_limit(POLICY, CheckName.FACE_MATCH, "cosine_similarity") == 0.4
    assert consider_limit(POLICY, CheckName.FACE_QUALITY, "inter_eye_px") is None
    assert consider_limit(POLICY, CheckName.AGE, "age_years") is None


def test_a_threshold_is_held_to_the_digits_of_a_report() -> None:
    assert Threshold(0.4, Direction.HIGHER_IS_BETTER, "x").is_met_by(0.3999999)
    assert not Threshold(0.4, Direction.HIGHER_IS_BETTER, "x").is_met_by(0.399999)

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kyc_service.decision.policy import Direction, ScoreRule, Threshold
from kyc_service.domain.checks import CheckName
from kyc_service.domain.reasons import Reason
from kyc_service.evaluation.documents.attack_figures import detection_at, reason_figures, score_figures
from kyc_service.evaluation.documents.seen import PictureSeen, ScoreSeen, State
from tests.evaluation.documents.builders import labelled, policy, seen

CHECK = CheckName.ORIGINAL_DOCUMENT_PRESENT


def scored(values: list[float], attack: str = "none", first: int = 2) -> list[PictureSeen]:
    return [
        seen(labelled(first + i, attack=attack), scores=(ScoreSeen(CHECK, "moire", value),))
        for i, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("bona_fide", "wanted", "expected"),
    [
        # 100 distinct scores: at 1 % one of them may be refused, at 5 % five.
        (np.arange(100.0), 0.01, (1.0, 0.01, 0.5)),
        (np.arange(100.0), 0.05, (5.0, 0.05, 0.75)),
        # Ten times the same lowest score: refusing one means refusing ten, so none is refused.
        (np.repeat(np.arange(10.0), 10), 0.05, (0.0, 0.0, 0.25)),
        # 20 pictures hold no 1 %: nothing may be refused.
        (np.arange(20.0), 0.01, (0.0, 0.0, 0.25)),
    ],
)
def test_no_more_than_the_wanted_share_of_bona_fide_pictures_is_refused(
    bona_fide: np.ndarray, wanted: float, expected: tuple[float, float, float]
) -> None:
    assert detection_at(bona_fide, np.array([-1.0, 0.5, 4.0, 200.0]), wanted) == pytest.approx(expected)


def test_each_attack_has_its_detection_and_its_curve() -> None:
    (figure,) = score_figures([*scored([5, 6, 7, 8]), *scored([1, 2, 6], "photocopy", 10)], policy())
    assert figure["direction"] == "higher_is_better"
    assert figure["bona_fide"] == {"pictures": 4, "scored": 4}
    (attack,) = figure["attacks"]
    assert (attack["attack"], attack["scored"]) == ("photocopy", 3)
    assert [(d["count"], d["n"]) for d in attack["detected"]] == [(2, 3), (2, 3)]
    assert attack["detected"][0]["ci_low"] < 2 / 3 < attack["detected"][0]["ci_high"]
    assert attack["det"][0] == [0.0, 1.0]


def test_a_score_that_is_better_when_lower_is_turned_round() -> None:
    limit = Threshold(3.0, Direction.LOWER_IS_BETTER, "share")
    rule = ScoreRule(CHECK, "moire", limit, Reason.DOCUMENT_RECAPTURE_POSSIBLE)
    with_rule = replace(policy(), scores=(rule,))
    (figure,) = score_figures([*scored([1, 2, 3]), *scored([2, 9], "photocopy", 10)], with_rule)
    assert figure["direction"] == "lower_is_better"
    assert figure["thresholds"][0]["threshold"] == 3
    assert figure["attacks"][0]["detected"][0]["count"] == 1


def test_without_bona_fide_pictures_there_is_no_threshold() -> None:
    assert score_figures(scored([1, 2], "photocopy"), policy()) == []


def test_reasons_are_counted_once_a_picture_and_by_attack() -> None:
    twice = ((CHECK.value, Reason.DOCUMENT_RECAPTURED.value),) * 2
    pictures = [
        seen(labelled(2, attack="screen_phone"), reasons=twice),
        seen(labelled(3, attack="screen_phone")),
        seen(labelled(4, attack="screen_phone"), state=State.SENT_BACK),
        seen(labelled(5, attack="screen_phone"), state=State.CRASHED),
        seen(labelled(6)),
    ]
    figures = reason_figures(pictures)
    assert list(figures) == ["none", "screen_phone"]
    assert (figures["screen_phone"]["n"], figures["screen_phone"]["sent_back"]) == (3, 1)
    (raised,) = figures["screen_phone"]["raised"]
    assert (raised["reason"], raised["count"]) == ("document_recaptured", 1)

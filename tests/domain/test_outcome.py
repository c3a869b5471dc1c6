from __future__ import annotations

from enum import StrEnum
from itertools import pairwise

import pytest

from kyc_service.domain.outcome import Action, Outcome, Verdict, worst_action, worst_outcome


@pytest.mark.parametrize(
    ("scale", "order"),
    [
        (Outcome, ["not_applicable", "clear", "consider", "not_assessed", "rejected"]),
        (Action, ["none", "review", "decline"]),
        (Verdict, ["approve", "retake", "review", "decline"]),
    ],
)
def test_each_scale_runs_from_mild_to_grave(scale: type[Outcome | Action | Verdict], order: list[str]) -> None:
    members = sorted(scale, key=lambda member: member.rank)
    assert [member.value for member in members] == order
    assert all(mild.rank < grave.rank for mild, grave in pairwise(members))


def test_nothing_known_is_not_assessed_and_asks_nothing() -> None:
    assert worst_outcome([]) is Outcome.NOT_ASSESSED
    assert worst_action([]) is Action.NONE


def test_an_unanswered_question_is_graver_than_a_doubt_and_milder_than_a_refusal() -> None:
    assert worst_outcome([Outcome.CLEAR, Outcome.NOT_ASSESSED, Outcome.CONSIDER]) is Outcome.NOT_ASSESSED
    assert worst_outcome([Outcome.NOT_ASSESSED, Outcome.REJECTED]) is Outcome.REJECTED


@pytest.mark.parametrize("grave", Outcome)
@pytest.mark.parametrize("mild", Outcome)
def test_the_gravest_outcome_wins_in_any_order(mild: Outcome, grave: Outcome) -> None:
    assert worst_outcome([mild, grave]) is worst_outcome([grave, mild])
    assert worst_outcome([mild, grave]).rank == max(mild.rank, grave.rank)


def test_the_gravest_action_wins() -> None:
    assert worst_action([Action.REVIEW, Action.DECLINE, Action.NONE]) is Action.DECLINE


@pytest.mark.parametrize("scale", [Outcome, Action, Verdict])
def test_scales_travel_as_plain_strings(scale: type[StrEnum]) -> None:
    assert all(scale(str(member)) is member for member in scale)

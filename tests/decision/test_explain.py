"""Why a verdict, and what would have given another: held against the decision itself, which explain never repeats."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_service.decision.explain import Explanation, explain
from kyc_service.decision.hitting_sets import smallest_sets
from kyc_service.decision.otherwise import alternatives, measured, with_changes
from kyc_service.decision.policy import Policy, ScoreRule, Threshold, ValueRule
from kyc_service.decision.signals import AtLeast, Combination
from kyc_service.decision.verdict import decide
from kyc_service.decision.wording import sentences
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Measurement, Score
from kyc_service.domain.outcome import Action, Verdict
from kyc_service.domain.reasons import Reason
from tests.decision.policies import HIGHER, LOWER, POLICY, SELFIE, dlib, finding, line, match, question, unassessed

GOOD = (match(0.7), line("mobile"))
SIGNALS = (Reason.PHONE_REGION_DIFFERS, Reason.FAR_FROM_IP, Reason.TIME_ZONE_DIFFERS)
RING = Combination("ring", "Many things at once look like a ring.", Action.DECLINE, AtLeast(2, SIGNALS))
COMBINED = replace(POLICY, combinations=(RING,))
THREE = (
    finding(CheckName.PHONE_REGION_CONSISTENCY, Reason.PHONE_REGION_DIFFERS),
    finding(CheckName.DISTANCE_IP, Reason.FAR_FROM_IP),
    finding(CheckName.TIME_ZONE, Reason.TIME_ZONE_DIFFERS),
)


def explained(*measurements: Measurement, policy: Policy = POLICY, attempt: int = 1) -> Explanation:
    return explain(measurements, policy, question(attempt=attempt))


def eyes(px: float) -> Score:
    return Score(CheckName.FACE_QUALITY, "inter_eye_px", px, 0.0, "m", SELFIE)


def test_an_approval_has_no_cause_and_says_what_it_rests_on() -> None:
    found = explained(*GOOD)
    assert (found.verdict, found.causes, found.milder) == (Verdict.APPROVE, (), ())
    assert found.graver is not None
    assert (found.graver.score, found.graver.limit.value, found.graver.verdict) == (
        "cosine_similarity",
        0.4,
        Verdict.REVIEW,
    )
    assert found.graver.share == pytest.approx(0.75)
    assert found.unanswered == (CheckName.FACE_MATCH, CheckName.PHONE_LINE_TYPE)
    assert "0.3 away" in "\n".join(sentences(found))


def test_a_score_says_by_how_much_it_misses_and_moves_no_further_than_it_has_to() -> None:
    found = explained(match(0.05), line("mobile"))
    (cause,) = found.causes
    assert (cause.reason, cause.action) == (Reason.FACE_MISMATCH, Action.DECLINE)
    nearest, approval = found.milder
    ((change,),) = (way.changes for way in nearest.ways)
    assert (change.reason, change.missed_by) == (Reason.FACE_MISMATCH, pytest.approx(0.05))
    assert nearest.ways[0].verdict is Verdict.REVIEW
    # Between its own limit and where no second opinion is wanted, the score would still be for people.
    assert [change.limit.value for change in approval.ways[0].changes if change.limit] == [0.5]
    told = "\n".join(sentences(found))
    assert "it misses by 0.05" in told
    assert "fmr 0.0001" in told


def test_of_two_declines_both_have_to_go() -> None:
    nearest = explained(match(0.05), line("premium_rate")).milder[0]
    assert nearest.is_complete
    assert [{change.reason for change in way.changes} for way in nearest.ways] == [
        {Reason.FACE_MISMATCH, Reason.PHONE_LINE_NOT_ACCEPTED}
    ]


def test_of_a_combination_of_two_out_of_three_any_two_have_to_go() -> None:
    found = explained(*GOOD, *THREE, policy=COMBINED)
    (cause,) = found.causes
    assert (cause.combination, cause.because) == ("ring", RING.because)
    nearest = found.milder[0]
    assert {frozenset(change.reason for change in way.changes) for way in nearest.ways} == {
        frozenset(pair) for pair in combinations(SIGNALS, 2)
    }
    told = "\n".join(sentences(found))
    assert "together, signals of ring" in told
    assert "Or, for review, all of these together:" in told


def test_only_the_combinations_that_lead_are_told() -> None:
    milder = Combination("pair", "Two places.", Action.REVIEW, AtLeast(1, (Reason.FAR_FROM_IP,)))
    policy = replace(COMBINED, combinations=(RING, milder))
    assert [c.combination for c in explained(*GOOD, *THREE, policy=policy).causes] == ["ring"]


def test_what_nobody_answered_is_to_be_answered() -> None:
    for measurements in ([match(0.7)], [match(0.7), unassessed(CheckName.PHONE_LINE_TYPE, Reason.NOT_PROVIDED)]):
        found = explained(*measurements)
        assert found.verdict is Verdict.REVIEW
        assert [change.check for way in found.milder[0].ways for change in way.changes] == [CheckName.PHONE_LINE_TYPE]
        assert "answered, and clear: phone.line_type" in "\n".join(sentences(found))


def test_a_retake_asks_for_a_better_capture_and_for_what_is_behind_it() -> None:
    found = explained(match(0.05), line("mobile"), eyes(30))
    assert found.verdict is Verdict.RETAKE
    assert [cause.reason for cause in found.causes] == [Reason.FACE_TOO_SMALL]
    (way,) = found.milder[0].ways
    assert {change.score for change in way.changes} == {"inter_eye_px", "cosine_similarity"}
    told = "\n".join(sentences(found))
    assert "asks for a new capture" in told
    assert "(a rule of the policy)" in told


def test_exhausted_attempts_are_explained_by_the_capture() -> None:
    found = explained(*GOOD, eyes(30), attempt=3)
    assert found.verdict is Verdict.REVIEW
    assert [cause.reason for cause in found.causes] == [Reason.FACE_TOO_SMALL]


def test_a_missing_second_opinion_is_told_by_where_none_is_wanted() -> None:
    found = explained(match(0.45), line("mobile"))
    (cause,) = found.causes
    assert cause.missed is not None
    assert cause.missed.missed_by == pytest.approx(0.05)
    assert explained(match(0.45), dlib(0.5), line("mobile")).verdict is Verdict.APPROVE


def test_where_a_list_accepts_nothing_no_change_helps() -> None:
    nothing = ValueRule(CheckName.PHONE_LINE_TYPE, "line_type", {}, Reason.PHONE_LINE_NOT_ACCEPTED)
    found = explained(*GOOD, policy=replace(POLICY, values=(nothing,)))
    assert found.milder[0].ways == ()
    assert "No change of what was measured would give" in "\n".join(sentences(found))
    missing = explained(match(0.7), finding(CheckName.PHONE_LINE_TYPE), policy=replace(POLICY, values=(nothing,)))
    assert missing.milder[0].ways == ()


def test_where_a_list_accepts_whatever_it_does_not_name_another_value_helps() -> None:
    others = ValueRule(CheckName.PHONE_LINE_TYPE, "line_type", {"premium_rate": Reason.PHONE_LINE_NOT_ACCEPTED}, None)
    policy = replace(POLICY, values=(others,))
    found = explained(match(0.7), line("premium_rate"), policy=policy)
    assert found.milder[0].ways[0].verdict is Verdict.APPROVE
    unsaid = explained(match(0.7), finding(CheckName.PHONE_LINE_TYPE), policy=policy)
    assert [way.verdict for way in unsaid.milder[0].ways] == [Verdict.APPROVE]


def test_a_reason_a_stage_gave_can_go_even_where_a_list_accepts_nothing() -> None:
    nothing = ValueRule(CheckName.PHONE_LINE_TYPE, "line_type", {}, Reason.PHONE_LINE_UNUSUAL)
    said = finding(CheckName.PHONE_LINE_TYPE, Reason.PHONE_LINE_NOT_ACCEPTED, values={"line_type": "x"})
    found = explained(match(0.7), said, policy=replace(POLICY, values=(nothing,)))
    assert [way.verdict for way in found.milder[0].ways] == [Verdict.REVIEW]


def test_a_score_on_its_own_without_a_rule_wants_an_answer_beside_it() -> None:
    lonely = Score(CheckName.PHONE_LINE_TYPE, "guess", 1.0, 0.0, "m")
    found = explained(match(0.7), lonely)
    assert [change.check for change in found.milder[0].ways[0].changes] == [CheckName.PHONE_LINE_TYPE]
    assert found.causes[0].missed is None


def test_a_rule_that_stands_twice_is_met_only_by_the_harder_limit() -> None:
    rules = (
        *POLICY.scores,
        ScoreRule(
            CheckName.DISTANCE_DOCUMENT_REGION,
            "distance_km",
            Threshold(0, LOWER, "km"),
            Reason.FAR_FROM_DOCUMENT_REGION,
        ),
        ScoreRule(CheckName.FACE_MATCH, "cosine_similarity", Threshold(0.6, HIGHER, "x"), Reason.FACE_MATCH_UNCERTAIN),
    )
    policy = replace(
        POLICY,
        scores=rules,
        actions={**POLICY.actions, Reason.FAR_FROM_DOCUMENT_REGION: Action.REVIEW},
        combinations=(),
    )
    far = Score(CheckName.DISTANCE_DOCUMENT_REGION, "distance_km", 2000.0, 0.0, "m")
    found = explained(match(0.3), line("mobile"), far, policy=policy)
    limits = {change.limit.value for change in found.milder[0].ways[0].changes if change.limit}
    assert limits == {0.6, 0}
    at_zero = Score(CheckName.DISTANCE_DOCUMENT_REGION, "distance_km", 0.0, 0.0, "m")
    step = explained(match(0.9), line("mobile"), at_zero, policy=policy).graver
    assert step is not None
    assert (step.limit.value, step.share) == (0, 0.0)


def test_many_unanswered_checks_are_named_in_short() -> None:
    many = {name for name in CheckName if name.value.startswith("geolocation")}
    tiers = {key: replace(tier, always=tier.always | many) for key, tier in POLICY.tiers.items()}
    told = sentences(explained(*GOOD, policy=replace(POLICY, tiers=tiers)))
    assert any(" more" in one and "answered, and clear" in one for one in told)


def test_large_numbers_are_told_whole() -> None:
    far = Score(CheckName.DISTANCE_DOCUMENT_REGION, "distance_km", 2000.4, 0.0, "m")
    actions = {**POLICY.actions, Reason.FAR_FROM_DOCUMENT_REGION: Action.REVIEW}
    assert "distance_km is 2000, and must be at most 1500 km" in "\n".join(
        sentences(explained(*GOOD, far, policy=replace(POLICY, actions=actions)))
    )


MEASURED = st.lists(
    st.sampled_from(
        (
            *THREE,
            match(0.05),
            match(0.3),
            match(0.45),
            match(0.7),
            dlib(0.7),
            eyes(30),
            eyes(90),
            line("mobile"),
            line("voip"),
            line("premium_rate"),
            unassessed(CheckName.PHONE_LINE_TYPE, Reason.STAGE_FAILED),
        )
    ),
    unique_by=repr,
    max_size=7,
)


@settings(deadline=None, max_examples=80)
@given(MEASURED, st.integers(1, 3))
def test_every_way_leads_where_it_says_and_none_can_be_shortened(measurements: list[Measurement], attempt: int) -> None:
    asked = question(attempt=attempt)
    decision = decide(measurements, COMBINED, asked)
    before = measured(decision)
    for ways in explain(measurements, COMBINED, asked).milder:
        for way in ways.ways:
            after = decide(with_changes(before, way.changes, COMBINED), COMBINED, asked)
            assert after.verdict is way.verdict
            assert after.verdict.rank <= ways.wanted.rank
            for left_out in way.changes:
                rest = [change for change in way.changes if change is not left_out]
                assert decide(with_changes(before, rest, COMBINED), COMBINED, asked).verdict.rank > ways.wanted.rank


@settings(deadline=None, max_examples=60)
@given(st.lists(st.frozensets(st.integers(0, 6), min_size=1, max_size=3), max_size=5))
def test_the_smallest_sets_are_those_that_trying_everything_finds(conflicts: list[frozenset[int]]) -> None:
    def hits(chosen: frozenset[int]) -> bool:
        return all(chosen & conflict for conflict in conflicts)

    every = [frozenset(c) for size in range(8) for c in combinations(range(7), size)]
    hitting = [one for one in every if hits(one)]
    minimal = {one for one in hitting if not any(other < one for other in hitting)}
    found = smallest_sets(range(7), hits, most=1000)
    assert found.is_complete
    assert set(found.sets) == minimal
    assert [len(one) for one in found.sets] == sorted(len(one) for one in found.sets)


def test_a_search_that_is_cut_off_still_gives_a_set_of_which_none_can_be_left_out() -> None:
    def half(chosen: frozenset[int]) -> bool:
        return len(chosen) >= 6

    found = smallest_sets(range(12), half, budget=20)
    assert not found.is_complete
    assert [len(one) for one in found.sets] == [6]
    assert not smallest_sets(range(12), half, most=1).is_complete
    assert smallest_sets(range(3), lambda _: False).sets == ()


def test_alternatives_are_each_named_once() -> None:
    decision = decide([match(0.05), match(0.05), line("voip")], POLICY, question())
    found = alternatives(decision, POLICY)
    assert len(found) == len(set(found))


def test_a_cut_off_search_is_told_as_such() -> None:
    found = explained(match(0.3), line("mobile"))
    cut = replace(found, milder=tuple(replace(ways, is_complete=False) for ways in found.milder))
    assert "perhaps not the smallest" in "\n".join(sentences(cut))

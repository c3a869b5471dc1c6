"""What holds of every policy and everything measured.

"Worse" is exact here: a score that meets no limit it did not meet before; a finding with
more reasons; a clear answer replaced by none. "At fixed captures": the same reasons to
retake, from the same measurements. A measurement taken away is not worse in this sense (a
rejected one that is gone rejects nothing), but a required check that loses its last one is
never approved.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import assume, event, given
from hypothesis import strategies as st

from kyc_service.decision.gate import Gate
from kyc_service.decision.order import by_check
from kyc_service.decision.policy import Direction, Policy
from kyc_service.decision.report import report_to_json
from kyc_service.decision.report_reading import decide_again
from kyc_service.decision.rules import judge
from kyc_service.decision.verdict import Decision, Question, decide
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.measurements import Evidence, Finding, Measurement, NotAssessed, Score
from kyc_service.domain.outcome import Action, Outcome, Verdict
from kyc_service.domain.reasons import Reason
from kyc_service.domain.verification import UseCase
from kyc_service.policies.calibration import read_calibrations
from kyc_service.policies.load import DEFAULT_POLICY, load_policy
from kyc_service.verification.models_in_use import models_in_use
from tests.decision.policies import FRONT, SELFIE, question
from tests.decision.random_measurements import OTHERS, RETAKES, SETS
from tests.decision.random_policies import POLICIES
from tests.decision.test_report import sample

ROOT = Path(__file__).parents[2]
SHIPPED = load_policy(
    DEFAULT_POLICY, read_calibrations(ROOT / "models" / "calibration", models_in_use(ROOT / "models").values())
)
EVERY_POLICY = st.one_of(st.just(SHIPPED), POLICIES)
QUESTIONS = st.builds(question, st.sampled_from([None, *DocumentType]), st.integers(1, 10))
Set = tuple[Measurement, ...]
GOOD = {"line_type": "mobile", "country": "CHN"}


def clear_answers(policy: Policy, asked: Question) -> Set:
    """An answer to every check that ``policy`` requires, with nothing wrong in any."""
    tier = policy.tiers[asked.use_case, asked.tier]
    counted = () if tier.cross_checks is None else tier.cross_checks.of
    wanted = sorted({*tier.required(asked.document_type), *counted})
    return tuple(Finding(check, evidence=Evidence(values=GOOD)) for check in wanted)


def with_answers(data: st.DataObject, measurements: Set, policy: Policy, asked: Question) -> Set:
    """``measurements``, and mostly few of them beside clear answers to all that is required."""
    if data.draw(st.sampled_from([True, True, False])):
        return (*clear_answers(policy, asked), *measurements[: data.draw(st.integers(0, 2))])
    return measurements


def as_text(decision: Decision, policy: Policy) -> str:
    body = report_to_json(replace(sample(), decision=decision, policy=policy))
    return json.dumps([body[key] for key in ("verdict", "reasons", "unusable_captures", "checks")])


def gate_of(measurements: Sequence[Measurement], policy: Policy) -> list[tuple[CheckName, frozenset[CaptureKind]]]:
    """Which checks found which captures unusable, each as often as it was said."""
    judged = [judge(m, policy, mine) for mine in by_check(measurements).values() for m in mine]
    return sorted(((j.measurement.check, j.measurement.captures) for j in judged if j.says_retake), key=str)


@given(SETS, EVERY_POLICY, QUESTIONS)
def test_every_set_of_measurements_has_a_verdict_and_always_the_same(
    measurements: Set, policy: Policy, asked: Question
) -> None:
    decision = decide(measurements, policy, asked)
    assert decision.verdict in Verdict
    assert [check.name for check in decision.checks] == list(CheckName)
    assert (decision.verdict is Verdict.APPROVE) == (decision.reasons == ())
    assert decide(measurements, policy, asked) == decision


@given(SETS, EVERY_POLICY, QUESTIONS, st.data())
def test_the_order_of_measurements_does_not_matter(
    measurements: Set, policy: Policy, asked: Question, data: st.DataObject
) -> None:
    other = data.draw(st.permutations(measurements))
    assert as_text(decide(other, policy, asked), policy) == as_text(decide(measurements, policy, asked), policy)


@given(SETS, EVERY_POLICY, QUESTIONS)
def test_a_report_is_decided_again_to_the_byte(measurements: Set, policy: Policy, asked: Question) -> None:
    decision = decide(measurements, policy, asked)
    report = replace(sample(), question=asked, decision=decision, policy=policy)
    text = json.dumps(report_to_json(report), ensure_ascii=False, allow_nan=False)
    assert as_text(decide_again(json.loads(text), policy), policy) == as_text(decision, policy)


@st.composite
def worse(draw: st.DrawFn, measurements: Set, policy: Policy, asked: Question) -> Set:
    """``measurements`` with one of them worse."""
    place = draw(st.integers(0, len(measurements) - 1))
    return (*measurements[:place], _worse_one(draw, measurements, place, policy, asked), *measurements[place + 1 :])


def _worse_one(draw: st.DrawFn, measurements: Set, place: int, policy: Policy, asked: Question) -> Measurement:
    one = measurements[place]
    mine = by_check(measurements)[one.check]
    if judge(one, policy, mine).outcome is Outcome.CLEAR and draw(st.booleans()):
        event("unanswered")
        return NotAssessed(one.check, draw(st.sampled_from(OTHERS)), "", one.captures, one.evidence)
    if isinstance(one, Finding):
        event("one more reason")
        return replace(one, reasons=(*one.reasons, draw(st.sampled_from(Reason))))
    if isinstance(one, Score):
        return _worse_score(draw, one, policy)
    return one


def _worse_score(draw: st.DrawFn, score: Score, policy: Policy) -> Score:
    opinions = [o.until for o in policy.second_opinions if (o.check, o.score) == (score.check, score.name)]
    rules = [rule for rule in policy.scores if (rule.check, rule.score) == (score.check, score.name)]
    limits = [*opinions, *(limit for rule in rules for limit in (rule.consider, rule.reject) if limit is not None)]
    lower = any(limit.direction is Direction.HIGHER_IS_BETTER for limit in limits)
    by = draw(st.one_of(st.floats(0, 1), st.floats(0, 1e4)))
    native = score.native - by if lower else score.native + by
    # A score with limits on both sides has no worse direction: what met a limit must not meet it anew.
    assume(all(limit.is_met_by(score.native) or not limit.is_met_by(native) for limit in limits))
    event("a worse score")
    return replace(score, native=native)


@given(SETS.filter(bool), EVERY_POLICY, QUESTIONS, st.data())
def test_worse_evidence_from_the_same_captures_never_gives_a_milder_verdict(
    measurements: Set, policy: Policy, asked: Question, data: st.DataObject
) -> None:
    measurements = with_answers(data, measurements, policy, asked)
    assume(measurements)
    spoilt = data.draw(worse(measurements, policy, asked))
    assume(gate_of(spoilt, policy) == gate_of(measurements, policy))
    before, after = decide(measurements, policy, asked), decide(spoilt, policy, asked)
    event(f"from {before.verdict} to {after.verdict}")
    assert after.verdict.rank >= before.verdict.rank
    assert matched(after) >= matched(before)


def matched(decision: Decision) -> int:
    """How many combinations match."""
    (check,) = (c for c in decision.checks if c.name is CheckName.COMBINATIONS)
    return sum(Reason.SIGNALS_COMBINED in judged.reasons for judged in check.judged)


@given(SETS, EVERY_POLICY, QUESTIONS, st.sampled_from(RETAKES), st.sampled_from([FRONT, SELFIE, frozenset()]))
def test_no_degraded_capture_leads_to_approval(
    measurements: Set, policy: Policy, asked: Question, reason: Reason, captures: frozenset[CaptureKind]
) -> None:
    degraded = (*clear_answers(policy, asked), *measurements, Finding(CheckName.CAPTURE_QUALITY, (reason,), captures))
    assert decide(degraded, policy, asked).verdict is not Verdict.APPROVE


@given(SETS, EVERY_POLICY, QUESTIONS, st.data())
def test_a_required_check_that_nobody_answered_is_never_approved(
    measurements: Set, policy: Policy, asked: Question, data: st.DataObject
) -> None:
    tier = policy.tiers[asked.use_case, asked.tier]
    required = sorted(tier.required(asked.document_type))
    assume(required)
    gone = data.draw(st.sampled_from(required))
    without = [m for m in with_answers(data, measurements, policy, asked) if m.check is not gone]
    assert decide(without, policy, asked).verdict is not Verdict.APPROVE
    unanswered = [*without, NotAssessed(gone, data.draw(st.sampled_from(OTHERS)))]
    assert decide(unanswered, policy, asked).verdict is not Verdict.APPROVE


@given(SETS, EVERY_POLICY, QUESTIONS, st.data())
def test_approval_means_that_everything_required_is_answered_and_nothing_asks_for_more(
    measurements: Set, policy: Policy, asked: Question, data: st.DataObject
) -> None:
    decision = decide(with_answers(data, measurements, policy, asked), policy, asked)
    event(decision.verdict)
    if decision.verdict is Verdict.APPROVE:
        assert not decision.unusable
        for check in decision.checks:
            assert check.action is Action.NONE
            assert not check.is_required or check.outcome in (Outcome.CLEAR, Outcome.CONSIDER)


@given(EVERY_POLICY, QUESTIONS)
def test_clear_answers_to_all_that_is_asked_are_approved(policy: Policy, asked: Question) -> None:
    assert decide(clear_answers(policy, asked), policy, asked).verdict is Verdict.APPROVE


@given(SETS, EVERY_POLICY, st.integers(1, 10))
def test_combinations_do_not_see_what_the_gate_took_away(measurements: Set, policy: Policy, attempt: int) -> None:
    decision = decide(measurements, policy, question(attempt=attempt))
    gated = [m for m in measurements if m.captures & decision.unusable]
    checks = Gate.of(judge(m, policy, mine) for mine in by_check(measurements).values() for m in mine).checks
    rest = [m for m in measurements if m not in gated or m.check in checks]
    same_gate = decide([*rest, *(replace_with_nothing(m) for m in gated if m.check not in checks)], policy, question())
    assert matched(same_gate) == matched(decision)


def replace_with_nothing(measurement: Measurement) -> NotAssessed:
    return NotAssessed(measurement.check, Reason.CAPTURE_UNUSABLE, "", measurement.captures)


def test_the_shipped_policy_answers_for_every_use_case() -> None:
    for use_case, tier in SHIPPED.tiers:
        decision = decide((), SHIPPED, Question(use_case, tier, None, 1))
        assert decision.verdict is Verdict.REVIEW
    assert {use_case for use_case, _ in SHIPPED.tiers} == set(UseCase)

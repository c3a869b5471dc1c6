"""Signals together, and outside registers counted: one row per edge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kyc_service.decision.policy import CrossChecks, Policy, ScoreRule, Threshold
from kyc_service.decision.report import report_to_json
from kyc_service.decision.rules import Origin
from kyc_service.decision.signals import AtLeast, Combination, Raised, Signal, matched
from kyc_service.decision.verdict import Check, Decision, decide
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.outcome import Action, Outcome, Verdict
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.domain.verification import UseCase
from tests.decision.policies import FRONT, HIGHER, LOWER, POLICY, finding, line, match, question, unassessed
from tests.decision.test_report import sample

GOOD: tuple[Measurement, ...] = (match(0.9), line("mobile"))
FAR, IP, PHONE = Reason.FAR_FROM_DOCUMENT_REGION, Reason.FAR_FROM_IP, Reason.PHONE_REGION_DIFFERS
QUIET = dict.fromkeys((FAR, IP, PHONE, Reason.TIME_ZONE_DIFFERS), Action.NONE)
far = finding(CheckName.DISTANCE_DOCUMENT_REGION, FAR)
ip = finding(CheckName.DISTANCE_IP, IP)
phone = finding(CheckName.PHONE_REGION_CONSISTENCY, PHONE)


def combining(when: Signal, action: Action = Action.REVIEW) -> Policy:
    because = "Together they say something."
    actions = {**POLICY.actions, **QUIET}
    return replace(POLICY, actions=actions, combinations=(Combination("apart", because, action, when),))


def check_of(decision: Decision, name: CheckName = CheckName.COMBINATIONS) -> Check:
    return next(check for check in decision.checks if check.name is name)


@pytest.mark.parametrize(
    ("when", "seen", "names"),
    [
        (AtLeast(2, (FAR, IP)), (far, ip), ["far_from_document_region", "far_from_ip"]),
        (AtLeast(2, (FAR, IP)), (far,), None),
        (AtLeast(1, (FAR, IP)), (ip,), ["far_from_ip"]),
        (AtLeast(2, (FAR, IP, PHONE)), (far, phone), ["far_from_document_region", "phone_region_differs"]),
        (AtLeast(2, (PHONE, AtLeast(1, (FAR, IP)))), (ip, phone), ["phone_region_differs", "far_from_ip"]),
        (AtLeast(2, (PHONE, AtLeast(1, (FAR, IP)))), (far, ip), None),
        (AtLeast(2, (FAR, CheckName.DISTANCE_IP)), (far, ip), [FAR, CheckName.DISTANCE_IP]),
        (CheckName.AGE, (unassessed(CheckName.AGE, Reason.NOT_PROVIDED),), ["document.data_validation.age"]),
        (CheckName.AGE, (finding(CheckName.AGE),), None),
        (CheckName.AGE, (), None),
    ],
)
def test_what_matches_and_by_what(when: Signal, seen: tuple[Measurement, ...], names: list[str] | None) -> None:
    decision = decide((*GOOD, *seen), combining(when), question())
    check = check_of(decision)
    assert decision.verdict is (Verdict.APPROVE if names is None else Verdict.REVIEW)
    assert decision.reasons == (() if names is None else (Reason.SIGNALS_COMBINED,))
    found = [judged.measurement.evidence.values.get("matched") for judged in check.judged]
    assert found == [names]
    assert check.outcome is (Outcome.CLEAR if names is None else Outcome.CONSIDER)


@pytest.mark.parametrize(
    ("action", "verdict"),
    [(Action.NONE, Verdict.APPROVE), (Action.REVIEW, Verdict.REVIEW), (Action.DECLINE, Verdict.DECLINE)],
)
def test_the_action_is_the_combinations_own(action: Action, verdict: Verdict) -> None:
    policy = combining(AtLeast(2, (FAR, IP)), action)
    decision = decide((*GOOD, far, ip), policy, question())
    assert decision.verdict is verdict
    (judged,) = check_of(decision).judged
    assert judged.origin is Origin.POLICY
    assert judged.measurement.evidence.values == {
        "combination": "apart",
        "because": "Together they say something.",
        "matched": ["far_from_document_region", "far_from_ip"],
        "action": action.value,
    }


def test_every_combination_that_matches_is_told_and_the_gravest_counts() -> None:
    mild = Combination("mild", "A.", Action.REVIEW, AtLeast(2, (FAR, IP)))
    grave = Combination("grave", "B.", Action.DECLINE, AtLeast(2, (FAR, PHONE)))
    policy = replace(combining(FAR), combinations=(mild, grave))
    decision = decide((*GOOD, far, ip, phone), policy, question())
    assert decision.verdict is Verdict.DECLINE
    names = [judged.measurement.evidence.values["combination"] for judged in check_of(decision).judged]
    assert names == ["mild", "grave"]
    assert decide((*GOOD, far, ip), policy, question()).verdict is Verdict.REVIEW


def test_without_combinations_nobody_was_asked() -> None:
    assert check_of(decide(GOOD, POLICY, question())).outcome is Outcome.NOT_APPLICABLE


def graded(consider: Action, reject: Action) -> Policy:
    rule = ScoreRule(
        CheckName.DISTANCE_IP, "distance_km", Threshold(500, LOWER, "km"), IP, Threshold(5000, LOWER, "km"),
        Reason.IP_COUNTRY_DIFFERS,
    )  # fmt: skip
    policy = combining(AtLeast(2, (FAR, IP)))
    actions = {**policy.actions, IP: consider, Reason.IP_COUNTRY_DIFFERS: reject}
    return replace(policy, scores=(*policy.scores, rule), actions=actions)


def distance(km: float) -> Score:
    return Score(CheckName.DISTANCE_IP, "distance_km", km, 0.0, "geodesic")


@pytest.mark.parametrize(("km", "verdict"), [(500, Verdict.APPROVE), (501, Verdict.REVIEW), (5001, Verdict.REVIEW)])
def test_a_graver_reason_stands_for_the_milder_one_of_its_rule(km: float, verdict: Verdict) -> None:
    policy = graded(Action.NONE, Action.NONE)
    assert decide((*GOOD, far, distance(km)), policy, question()).verdict is verdict


def test_a_graver_reason_never_costs_less() -> None:
    policy = graded(Action.DECLINE, Action.NONE)
    assert decide((*GOOD, distance(501)), policy, question()).verdict is Verdict.DECLINE
    beyond = decide((*GOOD, distance(5001)), policy, question())
    assert (beyond.verdict, beyond.reasons) == (Verdict.DECLINE, (Reason.IP_COUNTRY_DIFFERS,))


def test_a_missing_second_opinion_stays_missing_when_the_first_falls() -> None:
    lenient = replace(POLICY, actions={**POLICY.actions, Reason.FACE_MATCH_UNCERTAIN: Action.NONE})
    assert decide([match(0.45), line("mobile")], lenient, question()).verdict is Verdict.REVIEW
    assert decide([match(0.3), line("mobile")], lenient, question()).verdict is Verdict.REVIEW


def test_a_reason_to_retake_stands_for_nothing() -> None:
    rule = ScoreRule(
        CheckName.FACE_QUALITY, "sharpness", Threshold(0.5, HIGHER, "ratio"), IP, Threshold(0.2, HIGHER, "ratio"),
        Reason.FACE_BLURRED,
    )  # fmt: skip
    policy = combining(AtLeast(2, (FAR, IP)), Action.DECLINE)
    policy = replace(policy, scores=(*policy.scores, rule))
    dull = Score(CheckName.FACE_QUALITY, "sharpness", 0.4, 0.0, "x")
    assert decide((*GOOD, far, dull), policy, question()).verdict is Verdict.DECLINE
    assert decide((*GOOD, far, replace(dull, native=0.1)), policy, question()).verdict is Verdict.RETAKE


def test_what_rests_on_an_unusable_capture_is_no_signal() -> None:
    policy = combining(AtLeast(2, (FAR, CheckName.AGE)), Action.DECLINE)
    read = finding(CheckName.AGE, Reason.IMPLAUSIBLE_AGE, captures=FRONT)
    assert decide((*GOOD, far, read), policy, question()).verdict is Verdict.DECLINE
    blurred = finding(CheckName.CAPTURE_QUALITY, Reason.DOCUMENT_BLURRED, captures=FRONT)
    assert decide((*GOOD, far, read, blurred), policy, question()).verdict is Verdict.RETAKE


REGISTERS = (CheckName.AUTHORITY_CARRIER, CheckName.AUTHORITY_TAX, CheckName.AUTHORITY_BANK_CARD)


def counting(at_least: int) -> Policy:
    key = (UseCase.ONBOARDING, "standard")
    return replace(POLICY, tiers={key: replace(POLICY.tiers[key], cross_checks=CrossChecks(at_least, REGISTERS))})


@pytest.mark.parametrize(("at_least", "verdict"), [(1, Verdict.APPROVE), (2, Verdict.REVIEW)])
def test_only_clear_registers_count(at_least: int, verdict: Verdict) -> None:
    answers = (
        finding(CheckName.AUTHORITY_CARRIER),
        NotAssessed(CheckName.AUTHORITY_TAX, Reason.NOT_PROVIDED),
    )
    decision = decide((*GOOD, *answers), counting(at_least), question())
    check = check_of(decision, CheckName.CROSS_CHECKS)
    assert decision.verdict is verdict
    assert check.is_required
    assert check.judged[0].measurement.evidence.values == {
        "clear": ["authority.carrier"],
        "at_least": at_least,
        "of": [name.value for name in REGISTERS],
    }
    assert decision.reasons == (() if verdict is Verdict.APPROVE else (Reason.CROSS_CHECKS_TOO_FEW,))


def test_too_few_registers_are_never_waved_through_and_are_a_signal() -> None:
    lax = replace(counting(3), actions=dict.fromkeys(POLICY.actions, Action.NONE))
    assert decide(GOOD, lax, question()).verdict is Verdict.REVIEW
    strict = replace(lax, combinations=(Combination("x", "X.", Action.DECLINE, CheckName.CROSS_CHECKS),))
    assert decide(GOOD, strict, question()).verdict is Verdict.DECLINE


def test_staff_read_the_combination_in_the_report() -> None:
    decision = decide((*GOOD, far, ip), combining(AtLeast(2, (FAR, IP))), question())
    body = report_to_json(replace(sample(), decision=decision))
    (check,) = (c for c in body["checks"] if c["name"] == "policy.combinations")  # type: ignore[union-attr, index, call-overload]
    (measured,) = check["measurements"]  # type: ignore[index, call-overload, misc]
    assert (measured["origin"], measured["own_reasons"]) == ("policy", ["signals_combined"])  # type: ignore[index, call-overload]
    assert measured["evidence"]["values"]["because"] == "Together they say something."  # type: ignore[index, call-overload]


def test_a_policy_older_than_a_reason_takes_the_catalogues_action() -> None:
    silent = replace(POLICY, actions={})
    voip = Finding(CheckName.PHONE_LINE_TYPE, (Reason.PHONE_LINE_VOIP,), evidence=line("mobile").evidence)
    decision = decide((match(0.9), voip), silent, question())
    (raised,) = check_of(decision, CheckName.PHONE_LINE_TYPE).reasons
    assert raised.action is CATALOGUE[Reason.PHONE_LINE_VOIP].default_action


@pytest.mark.parametrize("count", [0, -1, 3])
def test_what_can_never_or_always_match_is_no_signal(count: int) -> None:
    with pytest.raises(ValueError, match="can never be"):
        AtLeast(count, (FAR, IP))


def test_a_name_is_told_once() -> None:
    assert matched(AtLeast(2, (FAR, AtLeast(1, (FAR, IP)))), Raised({FAR}, set())) == (FAR,)

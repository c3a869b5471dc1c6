"""Decision tables: one row per rule edge; properties: fail closed, never milder for worse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.decision.verdict import Question, UnknownTier, decide
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.outcome import Action, Outcome, Verdict
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.domain.verification import UseCase
from tests.decision.policies import (
    FRONT,
    POLICY,
    SELFIE,
    dlib,
    finding,
    line,
    match,
    question,
    unassessed,
)

GOOD: tuple[Measurement, ...] = (match(0.9), line("mobile"))
RETAKES = [reason for reason, entry in CATALOGUE.items() if entry.retake]
OTHERS = [reason for reason, entry in CATALOGUE.items() if not entry.retake]


def outcome_of(measurements: tuple[Measurement, ...], check: CheckName) -> Outcome:
    checks = decide(measurements, POLICY, question()).checks
    return next(c.outcome for c in checks if c.name is check)


@pytest.mark.parametrize(
    ("similarity", "second", "verdict", "reason"),
    [
        (0.9, None, Verdict.APPROVE, None),
        (0.5, None, Verdict.APPROVE, None),
        (0.4999, None, Verdict.REVIEW, Reason.NOT_MEASURED),
        (0.4999, 0.6, Verdict.APPROVE, None),
        (0.4999, 0.6001, Verdict.REVIEW, Reason.FACE_SECOND_OPINION_DISAGREES),
        (0.4, 0.5, Verdict.APPROVE, None),
        (0.3999, None, Verdict.REVIEW, Reason.FACE_MATCH_UNCERTAIN),
        (0.1, None, Verdict.REVIEW, Reason.FACE_MATCH_UNCERTAIN),
        (0.0999, None, Verdict.DECLINE, Reason.FACE_MISMATCH),
        (-1.0, 0.1, Verdict.DECLINE, Reason.FACE_MISMATCH),
    ],
)
def test_two_thresholds_and_a_second_opinion(
    similarity: float, second: float | None, verdict: Verdict, reason: Reason | None
) -> None:
    measurements = [match(similarity), line("mobile")] + ([dlib(second)] if second is not None else [])
    decision = decide(measurements, POLICY, question())
    assert decision.verdict is verdict
    assert decision.reasons == (() if reason is None else (reason,))


@pytest.mark.parametrize(
    ("line_type", "verdict"),
    [("mobile", Verdict.APPROVE), ("premium_rate", Verdict.DECLINE), ("voip", Verdict.REVIEW)],
)
def test_values_are_looked_up_in_lists(line_type: str, verdict: Verdict) -> None:
    assert decide([match(0.9), line(line_type)], POLICY, question()).verdict is verdict


def test_a_list_cannot_answer_what_was_not_seen() -> None:
    decision = decide([match(0.9), finding(CheckName.PHONE_LINE_TYPE)], POLICY, question())
    assert (decision.verdict, decision.reasons) == (Verdict.REVIEW, (Reason.NOT_MEASURED,))


def test_a_required_check_without_an_answer_is_review() -> None:
    decision = decide([line("mobile")], POLICY, question())
    assert (decision.verdict, decision.reasons) == (Verdict.REVIEW, (Reason.NOT_MEASURED,))


def test_a_score_without_a_rule_clears_nothing() -> None:
    stray = Score(CheckName.FACE_MATCH, "other_similarity", 1.0, 100.0, "other")
    assert decide([stray, line("mobile")], POLICY, question()).verdict is Verdict.REVIEW
    assert decide([stray, stray, line("mobile")], POLICY, question()).verdict is Verdict.REVIEW
    assert decide([stray, *GOOD], POLICY, question()).verdict is Verdict.APPROVE
    seen = finding(CheckName.FACE_MATCH)
    assert decide([stray, seen, line("mobile")], POLICY, question()).verdict is Verdict.APPROVE


def test_the_document_decides_which_checks_are_asked() -> None:
    assert decide(GOOD, POLICY, question(DocumentType.PASSPORT)).verdict is Verdict.REVIEW
    with_mrz = (*GOOD, finding(CheckName.MRZ, captures=FRONT))
    assert decide(with_mrz, POLICY, question(DocumentType.PASSPORT)).verdict is Verdict.APPROVE
    assert decide(GOOD, POLICY, question(None)).verdict is Verdict.APPROVE


def test_an_unasked_check_is_not_applicable_and_an_unanswered_one_costs_nothing() -> None:
    assert outcome_of(GOOD, CheckName.AGE) is Outcome.NOT_APPLICABLE
    more = (*GOOD, unassessed(CheckName.AGE, Reason.NOT_PROVIDED))
    assert decide(more, POLICY, question()).verdict is Verdict.APPROVE
    assert outcome_of(more, CheckName.AGE) is Outcome.NOT_ASSESSED


def test_a_reason_keeps_its_action_beside_one_that_was_not_assessed() -> None:
    both = finding(CheckName.AGE, Reason.IMPLAUSIBLE_AGE, Reason.NOT_MEASURED)
    decision = decide((*GOOD, both), POLICY, question())
    assert (decision.verdict, decision.reasons) == (Verdict.REVIEW, (Reason.IMPLAUSIBLE_AGE,))


def test_a_reason_without_action_is_noted_and_no_more() -> None:
    far = Score(CheckName.DISTANCE_DOCUMENT_REGION, "distance_km", 1500.1, 0.0, "geodesic")
    assert decide((*GOOD, far), POLICY, question()).verdict is Verdict.APPROVE
    assert outcome_of((*GOOD, far), CheckName.DISTANCE_DOCUMENT_REGION) is Outcome.CONSIDER


def test_an_unusable_capture_asks_for_a_retake_and_then_for_people() -> None:
    blurred = (line("mobile"), match(0.0), finding(CheckName.CAPTURE_QUALITY, Reason.DOCUMENT_BLURRED, captures=FRONT))
    first = decide(blurred, POLICY, question(attempt=1))
    assert (first.verdict, first.reasons, first.unusable) == (Verdict.RETAKE, (Reason.DOCUMENT_BLURRED,), FRONT)
    assert decide(blurred, POLICY, question(attempt=2)).verdict is Verdict.RETAKE
    last = decide(blurred, POLICY, question(attempt=3))
    assert last.verdict is Verdict.REVIEW
    assert last.reasons == (Reason.ATTEMPTS_EXHAUSTED, Reason.DOCUMENT_BLURRED)


def test_what_was_read_from_an_unusable_capture_says_nothing() -> None:
    blurred = (line("mobile"), match(0.0), finding(CheckName.CAPTURE_QUALITY, Reason.DOCUMENT_BLURRED, captures=FRONT))
    check = next(c for c in decide(blurred, POLICY, question()).checks if c.name is CheckName.FACE_MATCH)
    assert (check.outcome, check.action) == (Outcome.NOT_ASSESSED, Action.NONE)
    assert [r.code for r in check.reasons] == [Reason.CAPTURE_UNUSABLE]


def test_a_score_can_shut_the_gate_too() -> None:
    small = Score(CheckName.FACE_QUALITY, "inter_eye_px", 39.9, 0.0, "yunet", SELFIE)
    enough = replace(small, native=40.0)
    assert decide((*GOOD, small), POLICY, question()).verdict is Verdict.RETAKE
    assert decide((*GOOD, enough), POLICY, question()).verdict is Verdict.APPROVE


def test_a_decline_from_other_evidence_overrides_a_retake() -> None:
    blurred = finding(CheckName.CAPTURE_QUALITY, Reason.DOCUMENT_BLURRED, captures=FRONT)
    decision = decide([match(0.9), line("premium_rate"), blurred], POLICY, question())
    assert (decision.verdict, decision.reasons) == (Verdict.DECLINE, (Reason.PHONE_LINE_NOT_ACCEPTED,))


def test_capture_unusable_without_a_retake_reason_is_a_contradiction_for_people() -> None:
    odd = (unassessed(CheckName.FACE_MATCH, Reason.CAPTURE_UNUSABLE, FRONT), line("mobile"))
    assert decide(odd, POLICY, question()).verdict is Verdict.REVIEW


def test_no_policy_can_wave_an_unanswered_required_check_through() -> None:
    lax = replace(POLICY, actions=dict.fromkeys(OTHERS, Action.NONE))
    failed = (unassessed(CheckName.FACE_MATCH, Reason.STAGE_FAILED), line("mobile"))
    assert decide(failed, lax, question()).verdict is Verdict.REVIEW
    assert decide([], lax, question()).verdict is Verdict.REVIEW
    faceless = (unassessed(CheckName.FACE_MATCH, Reason.PORTRAIT_NOT_FOUND), line("mobile"))
    assert decide(faceless, lax, question()).verdict is Verdict.REVIEW


def test_an_unknown_tier_is_an_error_not_an_approval() -> None:
    with pytest.raises(UnknownTier, match="it has: none"):
        decide(GOOD, POLICY, Question(UseCase.AUTHENTICATION, "standard", None, 1))


CAPTURES = st.sampled_from([frozenset(), FRONT, SELFIE, FRONT | SELFIE])
MEASUREMENTS = st.one_of(
    st.builds(match, st.floats(-1, 1)),
    st.builds(dlib, st.floats(0, 2)),
    st.builds(line, st.sampled_from(["mobile", "voip", "premium_rate"])),
    st.builds(
        lambda check, reasons, captures: Finding(check, tuple(reasons), captures),
        st.sampled_from(CheckName),
        st.lists(st.sampled_from(Reason), max_size=2),
        CAPTURES,
    ),
    st.builds(
        lambda check, reason, captures: NotAssessed(check, reason, "", captures),
        st.sampled_from(CheckName),
        st.sampled_from(OTHERS),
        CAPTURES,
    ),
)
SETS = st.lists(MEASUREMENTS, max_size=8).map(tuple)


@given(SETS, st.integers(1, 4))
def test_the_same_measurements_give_the_same_decision(measurements: tuple[Measurement, ...], attempt: int) -> None:
    assert decide(measurements, POLICY, question(attempt=attempt)) == decide(
        measurements, POLICY, question(attempt=attempt)
    )


@given(SETS)
def test_approval_means_that_every_required_check_is_clear_or_waved_by_name(
    measurements: tuple[Measurement, ...],
) -> None:
    decision = decide(measurements, POLICY, question())
    if decision.verdict is Verdict.APPROVE:
        assert not decision.unusable
        for check in decision.checks:
            assert not check.is_required or check.outcome in (Outcome.CLEAR, Outcome.CONSIDER)
            assert check.action is Action.NONE


@given(SETS, st.sampled_from(OTHERS), st.sampled_from(CheckName), st.integers(1, 4))
def test_one_more_reason_never_gives_a_milder_verdict(
    measurements: tuple[Measurement, ...], reason: Reason, check: CheckName, attempt: int
) -> None:
    before = decide(measurements, POLICY, question(attempt=attempt)).verdict
    worse = (*measurements, Finding(check, (reason,)))
    assert decide(worse, POLICY, question(attempt=attempt)).verdict.rank >= before.rank


@given(SETS, st.floats(-1, 1), st.floats(-1, 1))
def test_a_lower_similarity_never_gives_a_milder_verdict(
    measurements: tuple[Measurement, ...], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    # The second opinion is present in both: without it "just clear" is review, and stays above no one.
    rest = (*measurements, dlib(0.1))
    better = decide((*rest, match(high)), POLICY, question()).verdict
    worse = decide((*rest, match(low)), POLICY, question()).verdict
    assert worse.rank >= better.rank


@given(SETS, st.sampled_from(RETAKES), st.sampled_from([FRONT, SELFIE, frozenset()]), st.integers(1, 4))
def test_no_degraded_capture_leads_to_approval(
    measurements: tuple[Measurement, ...], reason: Reason, captures: frozenset[object], attempt: int
) -> None:
    degraded = (*measurements, Finding(CheckName.CAPTURE_QUALITY, (reason,), captures))  # type: ignore[arg-type]
    assert decide(degraded, POLICY, question(attempt=attempt)).verdict is not Verdict.APPROVE


def test_a_crashed_stage_is_for_people_though_nobody_asked_for_its_check() -> None:
    crashed = unassessed(CheckName.ORIGINAL_DOCUMENT_PRESENT, Reason.STAGE_FAILED, FRONT)
    assert decide((*GOOD, crashed), POLICY, question()).verdict is Verdict.REVIEW
    without = unassessed(CheckName.ORIGINAL_DOCUMENT_PRESENT, Reason.NOT_MEASURED, FRONT)
    assert decide((*GOOD, without), POLICY, question()).verdict is Verdict.APPROVE

"""The default policy on the scenario table: no fraud approved, honest people let through, worse never milder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.scenarios.decided import Scenario, decide_on, scenario_of
from fixtures.scenarios.form import Kind, Row
from fixtures.scenarios.page import page
from fixtures.scenarios.policy import default_policy
from fixtures.scenarios.table import rows
from fixtures.scenarios.worse import REASONS, UNANSWERED, worsened
from kyc_service.decision.verdict import decide
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import Reason

ROOT = Path(__file__).parents[2]
POLICY = default_policy()
GENUINE = [row for row in rows() if row.kind is Kind.GENUINE]
FRAUD = [row for row in rows() if row.kind is Kind.FRAUD]
LEAST_APPROVED = 0.85


@cache
def read(row_id: str) -> Scenario:
    return scenario_of(next(row for row in rows() if row.id == row_id))


def verdict_on(row: Row) -> Verdict:
    return decide_on(read(row.id), POLICY).verdict


@pytest.mark.parametrize("row", FRAUD, ids=lambda row: row.id)
def test_no_fraud_is_approved(row: Row) -> None:
    assert verdict_on(row) is not Verdict.APPROVE


def test_most_honest_applicants_are_approved_without_review() -> None:
    verdicts = {row.id: verdict_on(row) for row in GENUINE}
    held_up = sorted(row_id for row_id, verdict in verdicts.items() if verdict is not Verdict.APPROVE)
    share = 1 - len(held_up) / len(GENUINE)
    print(f"{share:.1%} of {len(GENUINE)} honest applicants are approved; not: {', '.join(held_up)}")  # noqa: T201
    assert share >= LEAST_APPROVED


def test_no_honest_applicant_is_declined() -> None:
    assert [row.id for row in GENUINE if verdict_on(row) is Verdict.DECLINE] == []


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
@settings(max_examples=6, deadline=None)
@given(data=st.data(), by=st.floats(0, 3), reason=st.sampled_from(REASONS), unanswered=st.sampled_from(UNANSWERED))
def test_one_measurement_made_worse_never_gives_a_milder_verdict(
    row: Row, data: st.DataObject, by: float, reason: Reason, unanswered: Reason
) -> None:
    scenario = read(row.id)
    before = decide_on(scenario, POLICY).verdict
    place = data.draw(st.integers(0, len(scenario.measurements) - 1), "place")
    for worse in worsened(scenario.measurements[place], by, reason, unanswered, POLICY, scenario.measurements):
        changed = (*scenario.measurements[:place], worse, *scenario.measurements[place + 1 :])
        assert decide(changed, POLICY, scenario.question).verdict.rank >= before.rank, worse


def test_the_page_says_what_the_policy_says() -> None:
    written = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    assert written == page(POLICY), "python -m fixtures.scenarios --markdown > docs/scenarios.md"

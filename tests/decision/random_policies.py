"""Random policies, combinations and cross-checks among them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from kyc_service.decision.policy import CrossChecks, Policy, ScoreRule, Threshold, Tier
from kyc_service.decision.signals import AtLeast, Combination, Signal
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.outcome import Action, Outcome
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.domain.verification import UseCase
from tests.decision.policies import POLICY
from tests.decision.random_measurements import OTHERS

ASKED = [name for name in CheckName if name.parent != "policy"]
REGISTERS = [name for name in CheckName if name.parent == "authority"]
REJECTING = frozenset(r for r in OTHERS if CATALOGUE[r].outcome is Outcome.REJECTED)

LEAVES: st.SearchStrategy[Signal] = st.one_of(
    st.sampled_from(OTHERS), st.sampled_from([name for name in CheckName if name is not CheckName.COMBINATIONS])
)


@st.composite
def _group(draw: st.DrawFn, of: st.SearchStrategy[Signal]) -> AtLeast:
    parts = draw(st.lists(of, min_size=1, max_size=3))
    return AtLeast(draw(st.integers(1, len(parts))), tuple(parts))


SIGNALS: st.SearchStrategy[Signal] = st.recursive(LEAVES, _group, max_leaves=5)
COMBINATIONS = st.lists(
    st.builds(Combination, st.just("random"), st.just("Because."), st.sampled_from(Action), _group(SIGNALS)), max_size=3
).map(tuple)


def _no_rejecting_reason_is_ignored(actions: dict[Reason, Action]) -> dict[Reason, Action]:
    return {r: Action.REVIEW if a is Action.NONE and r in REJECTING else a for r, a in actions.items()}


ACTIONS = st.dictionaries(st.sampled_from(OTHERS), st.sampled_from(Action), max_size=12).map(
    _no_rejecting_reason_is_ignored
)
TIERS = st.builds(
    Tier,
    st.frozensets(st.sampled_from(ASKED), max_size=4),
    st.just({DocumentType.PASSPORT: frozenset({CheckName.MRZ})}),
    st.one_of(
        st.none(),
        st.builds(
            CrossChecks, st.integers(1, 2), st.lists(st.sampled_from(REGISTERS), min_size=2, unique=True).map(tuple)
        ),
    ),
)


@st.composite
def _rule(draw: st.DrawFn, rule: ScoreRule) -> ScoreRule:
    """``rule`` with reasons, and sometimes a graver limit, of its own."""
    limit = rule.consider or rule.reject
    assert limit is not None
    graver = Threshold(limit.value, limit.direction, limit.unit)
    return replace(
        rule,
        consider=limit,
        consider_reason=draw(st.sampled_from(OTHERS)),
        reject=draw(st.sampled_from([None, rule.reject or graver])),
        reject_reason=draw(st.sampled_from(Reason)),
    )


@st.composite
def _policy(draw: st.DrawFn) -> Policy:
    return replace(
        POLICY,
        tiers={(UseCase.ONBOARDING, "standard"): draw(TIERS)},
        scores=tuple(draw(_rule(rule)) for rule in POLICY.scores),
        actions=draw(ACTIONS),
        combinations=draw(COMBINATIONS),
    )


POLICIES = st.one_of(st.just(POLICY), _policy())

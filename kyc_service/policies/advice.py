"""What an author should know of a policy that can be used: what it leaves open, what never has an effect.

None of this stops a policy. It is told when one is checked, and again before it is activated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kyc_service.decision.known_scores import KNOWN_SCORES
from kyc_service.decision.policy import Policy, ScoreRule
from kyc_service.decision.signals import AtLeast, Combination, Signal
from kyc_service.domain.checks import CheckName
from kyc_service.domain.outcome import Action, Outcome
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.policies.problems import unknown_word

_OF_MODELS: Final = ("face.", "liveness.", "document.visual_authenticity.")
_WEAK: Final = (
    Reason.PHONE_REGION_DIFFERS,
    Reason.PHONE_COUNTRY_DIFFERS,
    Reason.FAR_FROM_DOCUMENT_REGION,
    Reason.FAR_FROM_PHONE_REGION,
    Reason.FAR_FROM_PRINTED_ADDRESS,
    Reason.FAR_FROM_STATED_ADDRESS,
    Reason.FAR_FROM_IP,
    Reason.FAR_FROM_PHOTO,
    Reason.IP_COUNTRY_DIFFERS,
    Reason.ADDRESS_DIFFERS,
    Reason.TIME_ZONE_DIFFERS,
)


@dataclass(frozen=True, slots=True)
class PolicyWarning:
    """One thing worth a second look. ``about`` is the part of the policy it is about."""

    about: str
    message: str

    def __str__(self) -> str:
        """The part and what is said of it."""
        return f"{self.about}: {self.message}"


def policy_warnings(policy: Policy) -> list[PolicyWarning]:
    """Everything in ``policy`` that works and may not be meant."""
    return [
        *_of_actions(policy),
        *(warning for rule in policy.scores for warning in _of_score(rule, policy)),
        *(warning for combination in policy.combinations for warning in _of_combination(combination, policy)),
    ]


def _of_actions(policy: Policy) -> Iterator[PolicyWarning]:
    silent = [r for r, entry in CATALOGUE.items() if not entry.retake and r not in policy.actions]
    left = [f"{r} ({CATALOGUE[r].default_action})" for r in silent if r is not Reason.SIGNALS_COMBINED]
    if left:
        yield PolicyWarning("actions", "left to the catalogue: " + ", ".join(left))
    if Reason.SIGNALS_COMBINED in policy.actions:
        yield PolicyWarning("actions.signals_combined", "has no effect: each combination has its own action")
    for reason in _WEAK:
        if policy.action_of(reason) is Action.DECLINE:
            message = "declines alone, and it is weak: people move, travel and keep numbers; use a combination"
            yield PolicyWarning(f"actions.{reason}", message)


def _of_score(rule: ScoreRule, policy: Policy) -> Iterator[PolicyWarning]:
    about = f"scores, {rule.check}/{rule.score}"
    known = sorted(KNOWN_SCORES.get(rule.check, ()))
    if rule.score not in known:
        yield PolicyWarning(about, f"no stage makes this score, so the rule never judges: {_known(rule.score, known)}")
    limits = (("consider", rule.consider), ("reject", rule.reject))
    for name, threshold in limits:
        if threshold is not None and threshold.operating_point is None and rule.check.startswith(_OF_MODELS):
            message = f"the limit {threshold.value:g} under {name} is typed in: no error rate is known for it"
            yield PolicyWarning(about, message)
    milder, graver = rule.consider_reason, rule.reject_reason
    if milder and graver and policy.action_of(graver).rank < policy.action_of(milder).rank:
        message = f"{graver} asks for less than {milder}, so it asks for {policy.action_of(milder)} all the same"
        yield PolicyWarning(about, message)


def _known(score: str, known: list[str]) -> str:
    return unknown_word(score, known) if known else "this check has none"


def _of_combination(combination: Combination, policy: Policy) -> Iterator[PolicyWarning]:
    about = f"combinations, {combination.name}"
    if combination.action.rank <= _least_action(combination.when, policy).rank:
        message = f"changes no verdict: what it is made of asks for {combination.action} by itself"
        yield PolicyWarning(about, message)
    if _least_signals(combination.when) == 1:
        yield PolicyWarning(about, "one signal is enough for it: give that an action of its own")


def _least_action(signal: Signal, policy: Policy) -> Action:
    """What is asked for in any case where ``signal`` matches."""
    match signal:
        case Reason():
            is_answer = CATALOGUE[signal].outcome is not Outcome.NOT_ASSESSED
            return policy.action_of(signal) if is_answer else Action.NONE
        case CheckName():
            return Action.NONE
        case _:
            mildest_first = sorted((_least_action(part, policy) for part in signal.of), key=lambda a: a.rank)
            return mildest_first[signal.count - 1]


def _least_signals(signal: Signal) -> int:
    if isinstance(signal, AtLeast):
        return sum(sorted(_least_signals(part) for part in signal.of)[: signal.count])
    return 1

"""One measurement and the policy's rules for it -> reasons and an outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kyc_service.decision.plain import plain
from kyc_service.decision.policy import Policy, ScoreRule, SecondOpinionRule, Threshold, ValueRule
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.outcome import Action, Outcome, worst_outcome
from kyc_service.domain.reasons import CATALOGUE, Reason, is_retake


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold a score was held against, and the reason raised where it is not met.

    Without a reason, the threshold ends the band in which a second opinion is wanted.
    """

    threshold: Threshold
    raises: Reason | None


@dataclass(frozen=True, slots=True)
class Implied:
    """A reason that holds too, because the graver ``by`` stands for it.

    A score beyond the graver threshold has passed the milder one as well: it must not get
    away with less, nor leave a combination that the milder reason is part of.
    """

    reason: Reason
    by: Reason


class Origin(StrEnum):
    """Where a judged measurement comes from.

    ``MEASURED`` by a stage; ``MISSING``: a required check that nobody answered; ``GATED``: it
    replaces one that rests on an unusable capture; ``POLICY``: the policy itself says it of
    the others.
    """

    MEASURED = "measured"
    MISSING = "missing"
    GATED = "gated"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Judged:
    """A measurement with what the policy makes of it.

    ``instead_of`` is the measurement that the capture gate replaced; ``action`` is set where
    it is not the reasons that say what follows, but a combination.
    """

    measurement: Measurement
    outcome: Outcome
    reasons: tuple[Reason, ...]
    limits: tuple[Limit, ...] = ()
    implied: tuple[Implied, ...] = ()
    origin: Origin = Origin.MEASURED
    instead_of: Measurement | None = None
    action: Action | None = None

    @property
    def says_retake(self) -> bool:
        """Whether it says that the captures it was seen on are unusable."""
        return any(is_retake(reason) for reason in self.reasons)


def judge(measurement: Measurement, policy: Policy, beside: Sequence[Measurement]) -> Judged:
    """What ``policy`` makes of ``measurement``; ``beside`` are all of the same check's.

    A score without a rule is kept as evidence beside the other answers to its check; on its
    own it cannot clear anything, so there it counts as not assessed.
    """
    match measurement:
        case NotAssessed():
            return Judged(measurement, Outcome.NOT_ASSESSED, (measurement.reason,))
        case Score():
            return _judge_score(measurement, policy, beside)
        case _:
            return _judge_finding(measurement, policy)


def _judge_score(score: Score, policy: Policy, beside: Sequence[Measurement]) -> Judged:
    rules = policy.rules_of(score.check, score.name)
    if not rules:
        is_alone = not any(m.check is score.check and _can_answer(m, policy) for m in beside)
        return (
            Judged(score, Outcome.NOT_ASSESSED, (Reason.NOT_MEASURED,))
            if is_alone
            else Judged(score, Outcome.CLEAR, ())
        )
    reasons = [reason for rule in rules for reason in _reasons_of(rule, score.native)]
    implied = [found for rule in rules for found in _implied_by(rule, score.native)]
    opinions = [o for o in policy.second_opinions if o.check is score.check and o.score == score.name]
    if any(_is_opinion_missing(o, score, beside) for o in opinions):
        implied += [Implied(Reason.NOT_MEASURED, by) for by in reasons if not is_retake(by)]
        reasons = reasons or [Reason.NOT_MEASURED]
    limits = [limit for rule in rules for limit in _limits(rule)] + [Limit(o.until, None) for o in opinions]
    return Judged(score, _outcome(reasons), _once(reasons), tuple(limits), tuple(implied))


def _once(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))


def _can_answer(measurement: Measurement, policy: Policy) -> bool:
    return not isinstance(measurement, Score) or bool(policy.rules_of(measurement.check, measurement.name))


def _limits(rule: ScoreRule) -> tuple[Limit, ...]:
    pairs = ((rule.consider, rule.consider_reason), (rule.reject, rule.reject_reason))
    return tuple(Limit(threshold, reason) for threshold, reason in pairs if threshold is not None)


def _reasons_of(rule: ScoreRule, native: float) -> tuple[Reason, ...]:
    if rule.reject is not None and rule.reject_reason is not None and not rule.reject.is_met_by(native):
        return (rule.reject_reason,)
    if rule.consider is not None and rule.consider_reason is not None and not rule.consider.is_met_by(native):
        return (rule.consider_reason,)
    return ()


def _implied_by(rule: ScoreRule, native: float) -> Iterator[Implied]:
    milder = rule.consider_reason
    for reason in _reasons_of(rule, native):
        # A retake reason says that the capture is unusable and nothing of the person: it stands for nothing else.
        if milder is not None and milder is not reason and not is_retake(reason):
            yield Implied(milder, reason)


def consider_limit(policy: Policy, check: CheckName, score: str) -> float | None:
    """The value from which ``score`` is clear by ``policy``; ``None`` where it has no such rule."""
    found = [rule.consider.value for rule in policy.rules_of(check, score) if rule.consider is not None]
    return found[0] if found else None


def wants_second_opinion(score: Score, policy: Policy) -> bool:
    """Whether ``score`` is clear but so near its threshold that the policy wants another beside it."""
    rules = policy.rules_of(score.check, score.name)
    if not rules or any(_reasons_of(rule, score.native) for rule in rules):
        return False
    return any(_is_near(o, score) for o in policy.second_opinions)


def _is_near(rule: SecondOpinionRule, score: Score) -> bool:
    return rule.check is score.check and rule.score == score.name and not rule.until.is_met_by(score.native)


def _is_opinion_missing(rule: SecondOpinionRule, score: Score, beside: Sequence[Measurement]) -> bool:
    asked = _is_near(rule, score)
    return asked and not any(isinstance(m, Score) and m.check is rule.check and m.name == rule.needs for m in beside)


def _judge_finding(finding: Finding, policy: Policy) -> Judged:
    looked_up = [
        reason for rule in policy.values if rule.check is finding.check for reason in _reasons_of_value(rule, finding)
    ]
    reasons = _once((*finding.reasons, *looked_up))
    return Judged(finding, _outcome(reasons), reasons)


def _reasons_of_value(rule: ValueRule, finding: Finding) -> tuple[Reason, ...]:
    if rule.value not in finding.evidence.values:
        # The stage looked but did not say what it saw: the list cannot answer.
        return (Reason.NOT_MEASURED,)
    reason = rule.listed.get(str(plain(finding.evidence.values[rule.value])), rule.otherwise)
    return () if reason is None else (reason,)


def _outcome(reasons: Sequence[Reason]) -> Outcome:
    return worst_outcome([Outcome.CLEAR, *(CATALOGUE[reason].outcome for reason in reasons)])

"""All measurements of one attempt + a policy -> checks and a verdict.

The order is the product's promise. First the capture gate: a capture that carries a
retake reason is unusable, and whatever was read from it says nothing either way. Then
every check gets the worst outcome of its remaining measurements, every reason its
action; then the policy counts the tier's outside cross-checks and looks for combinations
of signals; and the worst action is the verdict. A required check nobody answered is never
milder than review; only a decline from other evidence overrides a retake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kyc_service.decision.checks import Check, RaisedReason, answer, raised_in
from kyc_service.decision.gate import Gate
from kyc_service.decision.joint import combine, count_cross_checks
from kyc_service.decision.order import by_check
from kyc_service.decision.policy import Policy, Tier
from kyc_service.decision.rules import Judged, judge
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.measurements import Measurement
from kyc_service.domain.outcome import Action, Verdict, worst_action
from kyc_service.domain.reasons import Reason, is_retake
from kyc_service.domain.verification import UseCase
from kyc_service.errors import InvalidInput

__all__ = ["Check", "Decision", "Question", "RaisedReason", "UnknownTier", "decide"]


class UnknownTier(InvalidInput):
    """The policy has no such tier for this use case."""

    code = "unknown_tier"

    @classmethod
    def among(cls, tiers: Iterable[tuple[UseCase, str]], use_case: UseCase) -> UnknownTier:
        """The refusal that lists the tiers that ``use_case`` has.

        >>> UnknownTier.among([(UseCase.ONBOARDING, "standard")], UseCase.ONBOARDING).message
        'The policy has no such tier for the use case onboarding; it has: standard.'
        """
        names = ", ".join(sorted(name for case, name in tiers if case is use_case)) or "none"
        return cls(f"The policy has no such tier for the use case {use_case}; it has: {names}.")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the policy. ``attempt`` counts submissions from 1."""

    use_case: UseCase
    tier: str
    document_type: DocumentType | None
    attempt: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, every check behind it, and the captures that are to be taken again."""

    verdict: Verdict
    checks: tuple[Check, ...]
    unusable: frozenset[CaptureKind]
    reasons: tuple[Reason, ...]


def decide(measurements: Iterable[Measurement], policy: Policy, question: Question) -> Decision:
    """The verdict of ``policy`` on ``measurements``, whatever their order.

    Raises:
        UnknownTier: the policy has no tier of that name for the use case.
    """
    tier = _tier_of(policy.tiers, question)
    judged = {check: [judge(m, policy, mine) for m in mine] for check, mine in by_check(measurements).items()}
    gate = Gate.of(j for mine in judged.values() for j in mine)
    past_gate = {check: [gate.past(j) for j in mine] for check, mine in judged.items()}
    checks = _answers(past_gate, gate, policy, tier, question)
    verdict = _verdict(checks, gate, policy, question.attempt)
    return Decision(verdict, checks, gate.unusable, _leading_reasons(checks, verdict))


def _tier_of(tiers: Mapping[tuple[UseCase, str], Tier], question: Question) -> Tier:
    tier = tiers.get((question.use_case, question.tier))
    if tier is None:
        raise UnknownTier.among(tiers, question.use_case)
    return tier


def _answers(
    judged: Mapping[CheckName, list[Judged]], gate: Gate, policy: Policy, tier: Tier, question: Question
) -> tuple[Check, ...]:
    """Every check of the tree, in its order; the policy's own last, for they rest on the others."""
    required = tier.required(question.document_type)
    wanted = tier.cross_checks

    def answered(name: CheckName, more: Sequence[Judged] = (), *, is_required: bool = False) -> Check:
        mine = (*judged.get(name, ()), *more)
        return answer(name, mine, gate, policy, is_required=is_required or name in required)

    seen = [answered(name) for name in CheckName if name not in (CheckName.CROSS_CHECKS, CheckName.COMBINATIONS)]
    counted = () if wanted is None else (count_cross_checks(wanted, seen),)
    seen.append(answered(CheckName.CROSS_CHECKS, counted, is_required=wanted is not None))
    seen.append(answered(CheckName.COMBINATIONS, combine(policy.combinations, raised_in(seen, gate))))
    return tuple(seen)


def _verdict(checks: Sequence[Check], gate: Gate, policy: Policy, attempt: int) -> Verdict:
    action = worst_action([check.action for check in checks])
    if action is Action.DECLINE:
        return Verdict.DECLINE
    if gate.is_shut:
        return Verdict.RETAKE if attempt < policy.max_attempts else Verdict.REVIEW
    return Verdict.REVIEW if action is Action.REVIEW else Verdict.APPROVE


def _leading_reasons(checks: Sequence[Check], verdict: Verdict) -> tuple[Reason, ...]:
    """The reasons that led to ``verdict``: those whose action is as grave, or that want a retake."""
    raised = [reason for check in checks for reason in check.reasons]
    retake = [r.code for r in raised if is_retake(r.code)]
    match verdict:
        case Verdict.APPROVE | Verdict.RETAKE:
            leading = retake
        case Verdict.DECLINE:
            leading = [r.code for r in raised if r.action is Action.DECLINE]
        case _:
            exhausted = [Reason.ATTEMPTS_EXHAUSTED] if retake else []
            leading = [*exhausted, *retake, *(r.code for r in raised if r.action is Action.REVIEW)]
    return tuple(dict.fromkeys(leading))

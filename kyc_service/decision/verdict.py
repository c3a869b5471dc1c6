"""All measurements of one attempt + a policy -> checks and a verdict.

The order is the product's promise. First the capture gate: a capture that carries a
retake reason is unusable, and whatever was read from it says nothing either way. Then
every check gets the worst outcome of its remaining measurements, every reason its
action, and the worst action is the verdict. A required check nobody answered is never
milder than review; only a decline from other evidence overrides a retake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kyc_service.decision.policy import Policy, Tier
from kyc_service.decision.rules import Judged, judge
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.measurements import Measurement, NotAssessed
from kyc_service.domain.outcome import Action, Outcome, Verdict, worst_action, worst_outcome
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.domain.verification import UseCase
from kyc_service.errors import InvalidInput


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
class RaisedReason:
    """A reason in a check, with the action the policy ties to it here."""

    code: Reason
    action: Action


@dataclass(frozen=True, slots=True)
class Check:
    """One question with its answer. ``judged`` keeps the rules' working for the report."""

    name: CheckName
    outcome: Outcome
    is_required: bool
    reasons: tuple[RaisedReason, ...]
    judged: tuple[Judged, ...]

    @property
    def action(self) -> Action:
        """What this check asks of the verdict."""
        return worst_action([reason.action for reason in self.reasons])


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, every check behind it, and the captures that are to be taken again."""

    verdict: Verdict
    checks: tuple[Check, ...]
    unusable: frozenset[CaptureKind]
    reasons: tuple[Reason, ...]


def decide(measurements: Sequence[Measurement], policy: Policy, question: Question) -> Decision:
    """The verdict of ``policy`` on ``measurements``.

    Raises:
        UnknownTier: the policy has no tier of that name for the use case.
    """
    tier = _tier_of(policy.tiers, question)
    required = tier.required(question.document_type)
    judged = [judge(measurement, policy, measurements) for measurement in measurements]
    gate = [j for j in judged if j.says_retake]
    unusable = frozenset(kind for j in gate for kind in j.measurement.captures)
    past_gate = [_past_gate(j, unusable, {g.measurement.check for g in gate}) for j in judged]
    checks = tuple(_check(name, past_gate, unusable, policy, is_required=name in required) for name in CheckName)
    verdict = _verdict(checks, question.attempt, policy, is_retake_wanted=bool(gate))
    return Decision(verdict, checks, unusable, _leading_reasons(checks, verdict))


def _tier_of(tiers: Mapping[tuple[UseCase, str], Tier], question: Question) -> Tier:
    tier = tiers.get((question.use_case, question.tier))
    if tier is None:
        raise UnknownTier.among(tiers, question.use_case)
    return tier


def _check(
    name: CheckName, judged: Sequence[Judged], unusable: frozenset[CaptureKind], policy: Policy, *, is_required: bool
) -> Check:
    mine = tuple(j for j in judged if j.measurement.check is name)
    if not mine and not is_required:
        return Check(name, Outcome.NOT_APPLICABLE, is_required=False, reasons=(), judged=())
    if not mine:
        mine = (_unanswered(name, Reason.NOT_MEASURED),)
    reasons = _raised(mine, unusable, policy, is_required=is_required)
    return Check(name, worst_outcome([j.outcome for j in mine]), is_required, reasons, mine)


def _raised(
    mine: Sequence[Judged], unusable: frozenset[CaptureKind], policy: Policy, *, is_required: bool
) -> tuple[RaisedReason, ...]:
    actions: dict[Reason, list[Action]] = {}
    for judged in mine:
        is_gated = bool(judged.measurement.captures & unusable)
        for reason in judged.reasons:
            if CATALOGUE[reason].retake or (is_gated and reason is Reason.CAPTURE_UNUSABLE):
                action = Action.NONE
            elif isinstance(judged.measurement, NotAssessed) or CATALOGUE[reason].outcome is Outcome.NOT_ASSESSED:
                # Fail closed: whatever the policy says, a required check without an answer is for people, and so is
                # any whose stage crashed: a picture made to crash it must not be spared what it would have said.
                is_for_people = is_required or reason is Reason.STAGE_FAILED
                action = worst_action([Action.REVIEW, policy.actions[reason]]) if is_for_people else Action.NONE
            else:
                action = policy.actions[reason]
            actions.setdefault(reason, []).append(action)
    return tuple(RaisedReason(code, worst_action(found)) for code, found in actions.items())


def _past_gate(judged: Judged, unusable: frozenset[CaptureKind], gate: AbstractSet[CheckName]) -> Judged:
    """``judged`` itself, or "capture unusable" where it rests on a capture that is to be taken again.

    The checks that found it unusable keep all they saw.
    """
    measurement = judged.measurement
    if measurement.check in gate or not measurement.captures & unusable:
        return judged
    return _unanswered(measurement.check, Reason.CAPTURE_UNUSABLE, measurement.captures)


def _unanswered(name: CheckName, reason: Reason, captures: frozenset[CaptureKind] = frozenset()) -> Judged:
    return Judged(NotAssessed(name, reason, captures=captures), Outcome.NOT_ASSESSED, (reason,))


def _verdict(checks: Sequence[Check], attempt: int, policy: Policy, *, is_retake_wanted: bool) -> Verdict:
    action = worst_action([check.action for check in checks])
    if action is Action.DECLINE:
        return Verdict.DECLINE
    if is_retake_wanted:
        return Verdict.RETAKE if attempt < policy.max_attempts else Verdict.REVIEW
    return Verdict.REVIEW if action is Action.REVIEW else Verdict.APPROVE


def _leading_reasons(checks: Sequence[Check], verdict: Verdict) -> tuple[Reason, ...]:
    """The reasons that led to ``verdict``: those whose action is as grave, or that want a retake."""
    raised = [reason for check in checks for reason in check.reasons]
    retake = [r.code for r in raised if CATALOGUE[r.code].retake]
    match verdict:
        case Verdict.APPROVE | Verdict.RETAKE:
            leading = retake
        case Verdict.DECLINE:
            leading = [r.code for r in raised if r.action is Action.DECLINE]
        case _:
            exhausted = [Reason.ATTEMPTS_EXHAUSTED] if retake else []
            leading = [*exhausted, *retake, *(r.code for r in raised if r.action is Action.REVIEW)]
    return tuple(dict.fromkeys(leading))

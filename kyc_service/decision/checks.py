"""All judged measurements of one question -> its answer, and what each reason asks of the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kyc_service.decision.gate import Gate
from kyc_service.decision.policy import Policy
from kyc_service.decision.rules import Judged, Origin
from kyc_service.decision.signals import Raised
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import NotAssessed
from kyc_service.domain.outcome import Action, Outcome, worst_action, worst_outcome
from kyc_service.domain.reasons import CATALOGUE, Reason


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


def answer(name: CheckName, mine: Sequence[Judged], gate: Gate, policy: Policy, *, is_required: bool) -> Check:
    """The answer to ``name`` that its judged measurements, past the gate, give."""
    if not mine and not is_required:
        return Check(name, Outcome.NOT_APPLICABLE, is_required=False, reasons=(), judged=())
    judged = tuple(mine) or (_missing(name),)
    actions: dict[Reason, list[Action]] = {}
    for one in judged:
        for reason in one.reasons:
            actions.setdefault(reason, []).append(_action(reason, one, gate, policy, is_required=is_required))
    reasons = tuple(RaisedReason(code, worst_action(found)) for code, found in actions.items())
    return Check(name, worst_outcome([j.outcome for j in judged]), is_required, reasons, judged)


def raised_in(checks: Iterable[Check], gate: Gate) -> Raised:
    """Everything in ``checks`` that is a signal for combinations; what only asks for a better capture is none."""
    reasons: set[Reason] = set()
    unclear: set[CheckName] = set()
    for check in checks:
        found = {reason for judged in check.judged for reason in _holding(judged, gate)}
        reasons |= found
        if found:
            unclear.add(check.name)
    return Raised(reasons, unclear)


def _holding(judged: Judged, gate: Gate) -> set[Reason]:
    raised = {reason for reason in judged.reasons if not gate.waives(reason, judged.measurement)}
    return raised | {implied.reason for implied in judged.implied}


def _missing(name: CheckName) -> Judged:
    reason = Reason.NOT_MEASURED
    return Judged(NotAssessed(name, reason), Outcome.NOT_ASSESSED, (reason,), origin=Origin.MISSING)


def _action(reason: Reason, judged: Judged, gate: Gate, policy: Policy, *, is_required: bool) -> Action:
    if judged.action is not None:
        return judged.action
    if gate.waives(reason, judged.measurement):
        return Action.NONE
    stands_for = [implied.reason for implied in judged.implied if implied.by is reason]
    is_unanswered = isinstance(judged.measurement, NotAssessed)
    return worst_action(
        [
            _own_action(code, policy, is_required=is_required)
            if is_unanswered or CATALOGUE[code].outcome is Outcome.NOT_ASSESSED
            else policy.action_of(code)
            for code in (reason, *stands_for)
        ]
    )


def _own_action(reason: Reason, policy: Policy, *, is_required: bool) -> Action:
    # Fail closed: whatever the policy says, a required check without an answer is for people, and so is
    # any whose stage crashed: a picture made to crash it must not be spared what it would have said.
    if is_required or reason is Reason.STAGE_FAILED:
        return worst_action([Action.REVIEW, policy.action_of(reason)])
    return Action.NONE

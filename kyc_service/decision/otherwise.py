"""What was measured, as it would have had to be: one reason less, one score at its limit, one question answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kyc_service.decision.plain import plain
from kyc_service.decision.policy import Direction, Policy, Threshold, ValueRule
from kyc_service.decision.rules import Origin, judge
from kyc_service.decision.verdict import Decision
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, EvidenceValue, Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

LEAST_STEP: Final = 1e-6
"""Scores are compared to as many digits: the least by which one misses a limit."""
_ANY_OTHER: Final = "any_other"


@dataclass(frozen=True, slots=True)
class Otherwise:
    """That ``reason`` were not raised in ``check``.

    Of a score: that ``score``, which is ``native``, had reached ``limit``. Without ``score``, that
    what was found were not, or that what nobody answered were answered and clear.
    """

    check: CheckName
    reason: Reason
    score: str | None = None
    native: float = 0.0
    limit: Threshold | None = None

    @property
    def missed_by(self) -> float:
        """How far the score is from its limit, in the limit's unit."""
        return 0.0 if self.limit is None else abs(self.native - self.limit.value)


def measured(decision: Decision) -> list[Measurement]:
    """Everything that was measured, also what rests on captures that are to be taken again."""
    found: list[Measurement] = []
    for check in decision.checks:
        for judged in check.judged:
            if judged.origin is Origin.MEASURED:
                found.append(judged.measurement)
            elif judged.origin is Origin.GATED and judged.instead_of is not None:
                found.append(judged.instead_of)
    return found


def missing(decision: Decision) -> list[CheckName]:
    """The required checks that no stage said anything of."""
    return [check.name for check in decision.checks if any(j.origin is Origin.MISSING for j in check.judged)]


def alternatives(decision: Decision, policy: Policy) -> list[Otherwise]:
    """Everything that could be otherwise and would leave one reason less."""
    measurements = measured(decision)
    found: list[Otherwise] = [Otherwise(check, Reason.NOT_MEASURED) for check in missing(decision)]
    for measurement in measurements:
        beside = [m for m in measurements if m.check is measurement.check]
        match measurement:
            case Score():
                found += _of_score(measurement, policy, beside)
            case _:
                judged = judge(measurement, policy, beside)
                found += [Otherwise(measurement.check, reason) for reason in judged.reasons]
    return list(dict.fromkeys(one for one in found if _can_be(one, measurements, policy)))


def with_changes(
    measurements: Sequence[Measurement], changes: Iterable[Otherwise], policy: Policy
) -> list[Measurement]:
    """``measurements`` as they would be with all ``changes``."""
    wanted: dict[CheckName, list[Otherwise]] = {}
    for change in changes:
        wanted.setdefault(change.check, []).append(change)
    found = [_changed(m, wanted[m.check], policy) if m.check in wanted else m for m in measurements]
    answered = {m.check for m in found if not isinstance(m, Score)}
    for check, mine in wanted.items():
        if check not in answered and any(one.score is None for one in mine):
            found.append(_clear(check, policy))
    return found


def _of_score(score: Score, policy: Policy, beside: Sequence[Measurement]) -> Iterator[Otherwise]:
    judged = judge(score, policy, beside)
    for reason in dict.fromkeys((*judged.reasons, *(implied.reason for implied in judged.implied))):
        missed = [
            limit.threshold
            for limit in judged.limits
            if (limit.raises or Reason.NOT_MEASURED) is reason and not limit.threshold.is_met_by(score.native)
        ]
        if missed:
            yield Otherwise(score.check, reason, score.name, score.native, _hardest(missed))
        else:
            yield Otherwise(score.check, reason)


def _hardest(limits: Sequence[Threshold]) -> Threshold:
    is_higher = limits[0].direction is Direction.HIGHER_IS_BETTER
    return max(limits, key=lambda t: t.value) if is_higher else min(limits, key=lambda t: t.value)


def _can_be(change: Otherwise, measurements: Sequence[Measurement], policy: Policy) -> bool:
    """Whether anything is accepted in its place: a list of values may accept none."""
    if any(isinstance(m, Finding) and m.check is change.check and change.reason in m.reasons for m in measurements):
        return True
    return all(_accepted(rule) is not None for rule in policy.values if rule.check is change.check)


def _changed(measurement: Measurement, changes: Sequence[Otherwise], policy: Policy) -> Measurement:
    match measurement:
        case Score():
            limits = [c.limit for c in changes if c.score == measurement.name and c.limit is not None]
            return replace(measurement, native=_hardest(limits).value) if limits else measurement
        case NotAssessed():
            is_meant = any(c.reason is measurement.reason and c.score is None for c in changes)
            return _clear(measurement.check, policy, measurement) if is_meant else measurement
        case _:
            return _without(measurement, {c.reason for c in changes if c.score is None}, policy)


def _without(finding: Finding, reasons: set[Reason], policy: Policy) -> Finding:
    kept = tuple(reason for reason in finding.reasons if reason not in reasons)
    values = dict(finding.evidence.values)
    for rule in policy.values:
        if rule.check is finding.check and _raised_by(rule, values) in reasons:
            values |= _accepted(rule) or {}
    return replace(finding, reasons=kept, evidence=replace(finding.evidence, values=values))


def _raised_by(rule: ValueRule, values: dict[str, EvidenceValue]) -> Reason | None:
    if rule.value not in values:
        return Reason.NOT_MEASURED
    return rule.listed.get(str(plain(values[rule.value])), rule.otherwise)


def _accepted(rule: ValueRule) -> dict[str, EvidenceValue] | None:
    listed = [value for value, reason in rule.listed.items() if reason is None]
    if listed:
        return {rule.value: listed[0]}
    return {rule.value: _ANY_OTHER} if rule.otherwise is None and _ANY_OTHER not in rule.listed else None


def _clear(check: CheckName, policy: Policy, instead_of: NotAssessed | None = None) -> Finding:
    values: dict[str, EvidenceValue] = {}
    for rule in policy.values:
        if rule.check is check:
            values |= _accepted(rule) or {}
    captures = frozenset() if instead_of is None else instead_of.captures
    return Finding(check, captures=captures, evidence=Evidence(values=values))

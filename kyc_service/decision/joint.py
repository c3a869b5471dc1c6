"""What the policy itself says of the checks: too few outside cross-checks, signals that occur together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kyc_service.decision.checks import Check
from kyc_service.decision.policy import CrossChecks
from kyc_service.decision.rules import Judged, Origin
from kyc_service.decision.signals import Combination, Raised, matched
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, EvidenceValue, Finding, NotAssessed
from kyc_service.domain.outcome import Outcome
from kyc_service.domain.reasons import CATALOGUE, Reason


def count_cross_checks(wanted: CrossChecks, checks: Iterable[Check]) -> Judged:
    """Whether enough of ``wanted`` are clear; a check that was not asked is not."""
    clear = {check.name for check in checks if check.outcome is Outcome.CLEAR}
    of: list[str | int | float | bool | None] = [name.value for name in wanted.of]
    found: list[str | int | float | bool | None] = [name.value for name in wanted.of if name in clear]
    values: Mapping[str, EvidenceValue] = {"clear": found, "at_least": wanted.at_least, "of": of}
    evidence = Evidence(values=values)
    if len(found) >= wanted.at_least:
        return Judged(Finding(CheckName.CROSS_CHECKS, evidence=evidence), Outcome.CLEAR, (), origin=Origin.POLICY)
    reason = Reason.CROSS_CHECKS_TOO_FEW
    too_few = NotAssessed(CheckName.CROSS_CHECKS, reason, evidence=evidence)
    return Judged(too_few, Outcome.NOT_ASSESSED, (reason,), origin=Origin.POLICY)


def combine(combinations: Sequence[Combination], raised: Raised) -> list[Judged]:
    """One judged finding for each of ``combinations`` that matches, in the policy's order.

    Where the policy has combinations and none matches, one finding without reasons says so.
    """
    found = [judged for combination in combinations if (judged := _combined(combination, raised)) is not None]
    if combinations and not found:
        looked = Evidence(values={"combinations": len(combinations)})
        return [Judged(Finding(CheckName.COMBINATIONS, evidence=looked), Outcome.CLEAR, (), origin=Origin.POLICY)]
    return found


def _combined(combination: Combination, raised: Raised) -> Judged | None:
    names = matched(combination.when, raised)
    if names is None:
        return None
    reason = Reason.SIGNALS_COMBINED
    evidence = Evidence(
        values={
            "combination": combination.name,
            "because": combination.because,
            "matched": list(names),
            "action": combination.action.value,
        }
    )
    finding = Finding(CheckName.COMBINATIONS, (reason,), evidence=evidence)
    outcome = CATALOGUE[reason].outcome
    return Judged(finding, outcome, (reason,), origin=Origin.POLICY, action=combination.action)

"""A policy, resolved: every threshold a number that carries where it came from.

Policies are written as YAML that names operating points; ``policies`` reads them and
resolves the names in calibration files. What arrives here is complete: a value for every
threshold, and for every reason an action, its own or the catalogue's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kyc_service.decision.plain import reported
from kyc_service.decision.signals import Combination
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.outcome import Action
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.domain.verification import UseCase


class Direction(StrEnum):
    """Which way a score is good."""

    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """An error rate, and the measurement that tied it to a threshold.

    ``kind`` is the rate's name (``fmr``, ``bpcer``), ``rate`` its wanted value,
    ``ci_low`` and ``ci_high`` the 95 % interval of the rate measured at the threshold,
    ``n`` the number of comparisons or presentations behind it.
    """

    kind: str
    rate: float
    ci_low: float
    ci_high: float
    n: int
    data_set: str
    model_sha256: str
    measured_on: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit on a score. Without an operating point it is a rule of the bank, not a calibration."""

    value: float
    direction: Direction
    unit: str
    operating_point: OperatingPoint | None = None

    def is_met_by(self, score: float) -> bool:
        """Whether ``score`` is at the threshold or on its good side, both to the digits that a report holds.

        >>> Threshold(18, Direction.HIGHER_IS_BETTER, "years").is_met_by(18)
        True
        >>> Threshold(500, Direction.LOWER_IS_BETTER, "km").is_met_by(501)
        False
        """
        if self.direction is Direction.HIGHER_IS_BETTER:
            return reported(score) >= reported(self.value)
        return reported(score) <= reported(self.value)


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """What a score means: clear when both thresholds are met, ``reject`` beyond the graver one.

    Either threshold may be absent. The reasons are those raised when it is not met.
    """

    check: CheckName
    score: str
    consider: Threshold | None = None
    consider_reason: Reason | None = None
    reject: Threshold | None = None
    reject_reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class ValueRule:
    """What a looked-up value means: listed values raise their reason, all others ``otherwise``.

    A value mapped to ``None`` is accepted.
    """

    check: CheckName
    value: str
    listed: Mapping[str, Reason | None]
    otherwise: Reason | None


@dataclass(frozen=True, slots=True)
class SecondOpinionRule:
    """A score just good enough to be clear wants a second score beside it.

    Where ``score`` meets its own thresholds but not ``until``, ``needs`` must have been
    measured on the same check; its own rule says what it means.
    """

    check: CheckName
    score: str
    until: Threshold
    needs: str


@dataclass(frozen=True, slots=True)
class CrossChecks:
    """Independent outside checks, of which at least ``at_least`` must be clear."""

    at_least: int
    of: tuple[CheckName, ...]


@dataclass(frozen=True, slots=True)
class Tier:
    """The checks that must be clear before an account of this tier is approved."""

    always: frozenset[CheckName]
    by_document: Mapping[DocumentType, frozenset[CheckName]]
    cross_checks: CrossChecks | None = None

    def required(self, document_type: DocumentType | None) -> frozenset[CheckName]:
        """All checks required for a verification with this document."""
        if document_type is None:
            return self.always
        return self.always | self.by_document.get(document_type, frozenset())


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the bank's rules. ``sha256`` covers the file and its calibrations.

    ``time_zone`` (an IANA name) is whose calendar days count: a card that becomes valid
    today is valid at seven in the morning, whatever day it is in Greenwich.
    """

    name: str
    version: str
    sha256: str
    time_zone: str
    max_attempts: int
    tiers: Mapping[tuple[UseCase, str], Tier]
    scores: tuple[ScoreRule, ...]
    values: tuple[ValueRule, ...]
    second_opinions: tuple[SecondOpinionRule, ...]
    actions: Mapping[Reason, Action]
    combinations: tuple[Combination, ...] = ()
    _rules: Mapping[tuple[CheckName, str], tuple[ScoreRule, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the score rules by what they judge: a simulation asks for them millions of times."""
        rules: dict[tuple[CheckName, str], tuple[ScoreRule, ...]] = {}
        for rule in self.scores:
            rules[rule.check, rule.score] = (*rules.get((rule.check, rule.score), ()), rule)
        object.__setattr__(self, "_rules", rules)

    def rules_of(self, check: CheckName, score: str) -> tuple[ScoreRule, ...]:
        """The rules for ``score`` of ``check``, in the order of the file."""
        return self._rules.get((check, score), ())

    def action_of(self, reason: Reason) -> Action:
        """What ``reason`` asks of the verdict; where the policy is silent, what the catalogue says.

        A policy older than a reason stays usable when the service learns that reason.
        """
        return self.actions.get(reason, CATALOGUE[reason].default_action)

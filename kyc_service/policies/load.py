"""Read a policy file and resolve its operating points into thresholds.

A policy is refused, with the place and the reason, unless it is complete and fails
closed: every reason has an action, no reason that rejects a check is ignored, every tier
asks for an active liveness challenge, every looked-up value is judged by a list, and
every operating point it names was measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal
from zoneinfo import available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kyc_service.decision.policy import (
    Direction,
    Policy,
    ScoreRule,
    SecondOpinionRule,
    Threshold,
    Tier,
    ValueRule,
)
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.outcome import Action, Outcome
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.domain.verification import UseCase
from kyc_service.errors import InvalidInput
from kyc_service.policies.calibration import CalibrationMissing, Calibrations

_RATES: Final = ("fmr", "bpcer", "bona_fide_rejection")
_LOOKED_UP: Final = frozenset({CheckName.COUNTRY_ALLOWED, CheckName.PHONE_LINE_TYPE})
DEFAULT_POLICY: Final = Path(__file__).with_name("default.yaml")


class PolicyInvalid(InvalidInput):
    """The policy cannot be used."""

    code = "policy_invalid"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Tier(_Strict):
    use_cases: list[UseCase] = Field(min_length=1)
    name: str = Field(min_length=1)
    always: list[CheckName] = Field(min_length=1)
    by_document: dict[DocumentType, list[CheckName]] = {}

    @model_validator(mode="after")
    def _asks_for_presence(self) -> _Tier:
        if CheckName.LIVENESS_CHALLENGE not in self.always:
            raise ValueError("nothing is approved from stills: every tier requires liveness.challenge, always")
        return self


class _SearchRate(_Strict):
    """False alarms of a search among ``gallery`` faces."""

    rate: float = Field(gt=0, lt=1)
    gallery: int = Field(gt=0)


class _Limit(_Strict):
    """Either a ``limit``, or one error rate."""

    limit: float | None = Field(default=None, allow_inf_nan=False)
    fmr: float | None = Field(default=None, gt=0, lt=1)
    bpcer: float | None = Field(default=None, gt=0, lt=1)
    bona_fide_rejection: float | None = Field(default=None, gt=0, lt=1)
    fpir: _SearchRate | None = None

    @property
    def rates(self) -> dict[str, float]:
        """The error rates named here."""
        searched = {} if self.fpir is None else {f"fpir_at_{self.fpir.gallery}": self.fpir.rate}
        return {kind: rate for kind in _RATES if (rate := getattr(self, kind)) is not None} | searched

    @model_validator(mode="after")
    def _is_one_thing(self) -> _Limit:
        if len(self.rates) + (self.limit is not None) != 1:
            raise ValueError("give either a limit or one error rate")
        return self


class _RaisingLimit(_Limit):
    reason: Reason


class _Score(_Strict):
    check: CheckName
    score: str
    calibrated_as: str | None = None
    direction: Direction
    unit: str
    consider: _RaisingLimit | None = None
    reject: _RaisingLimit | None = None


class _Values(_Strict):
    check: CheckName
    value: str
    listed: dict[str, Reason | Literal["accepted"]]
    otherwise: Reason | Literal["accepted"]


class _SecondOpinion(_Strict):
    check: CheckName
    score: str
    until: _Limit
    needs: str


class _Document(_Strict):
    name: str = Field(pattern=r"^[a-z0-9_-]{1,64}$")
    version: str = Field(pattern=r"^[\w.-]{1,64}$")
    time_zone: str
    max_attempts: int = Field(ge=1, le=100)
    tiers: list[_Tier] = Field(min_length=1)
    scores: list[_Score]
    values: list[_Values]
    second_opinions: list[_SecondOpinion]
    actions: dict[Reason, Action]

    @field_validator("time_zone")
    @classmethod
    def _is_a_time_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name} is no IANA time zone")
        return name

    @model_validator(mode="after")
    def _judges_what_is_looked_up(self) -> _Document:
        unjudged = sorted(_LOOKED_UP - {rule.check for rule in self.values})
        if unjudged:
            # A value that no list judges would count as clear.
            raise ValueError("no list of values for: " + ", ".join(unjudged))
        return self

    @model_validator(mode="after")
    def _is_complete(self) -> _Document:
        wanted = {reason for reason, entry in CATALOGUE.items() if not entry.retake}
        missing = sorted(wanted - self.actions.keys())
        if missing:
            raise ValueError("no action for: " + ", ".join(missing))
        idle = sorted(r for r in wanted if CATALOGUE[r].outcome is Outcome.REJECTED and self.actions[r] is Action.NONE)
        if idle:
            raise ValueError("reasons that reject a check need an action: " + ", ".join(idle))
        gates = sorted(self.actions.keys() - wanted)
        if gates:
            raise ValueError("retake reasons open the capture gate and take no action: " + ", ".join(gates))
        return self


def load_policy(path: Path, calibrations: Calibrations) -> Policy:
    """The policy in ``path``, every threshold resolved in ``calibrations``.

    Raises:
        PolicyInvalid: unreadable, incomplete, unknown names, or an operating point that
            no calibration holds.
    """
    try:
        text = path.read_bytes()
        document = _Document.model_validate(yaml.safe_load(text))
        return _resolve(document, hashlib.sha256(text + calibrations.sha256.encode()).hexdigest(), calibrations)
    except (OSError, yaml.YAMLError, ValueError, CalibrationMissing) as error:
        raise PolicyInvalid(f"policy {path.name} cannot be used: {error}") from error


def _resolve(document: _Document, sha256: str, calibrations: Calibrations) -> Policy:
    return Policy(
        name=document.name,
        version=document.version,
        time_zone=document.time_zone,
        sha256=sha256,
        max_attempts=document.max_attempts,
        tiers=_tiers(document.tiers),
        scores=tuple(_score(s, calibrations) for s in document.scores),
        values=tuple(_values(v) for v in document.values),
        second_opinions=tuple(_second_opinion(o, document.scores, calibrations) for o in document.second_opinions),
        actions=dict(document.actions),
    )


def _tiers(tiers: list[_Tier]) -> Mapping[tuple[UseCase, str], Tier]:
    resolved: dict[tuple[UseCase, str], Tier] = {}
    for tier in tiers:
        by_document = {kind: frozenset(checks) for kind, checks in tier.by_document.items()}
        for use_case in tier.use_cases:
            if (use_case, tier.name) in resolved:
                raise ValueError(f"tier {tier.name} of {use_case} stands twice")
            resolved[use_case, tier.name] = Tier(frozenset(tier.always), by_document)
    return resolved


def _score(score: _Score, calibrations: Calibrations) -> ScoreRule:
    def threshold(limit: _RaisingLimit | None) -> Threshold | None:
        return None if limit is None else _threshold(score, limit, calibrations)

    rule = ScoreRule(
        check=score.check,
        score=score.score,
        consider=threshold(score.consider),
        consider_reason=score.consider.reason if score.consider else None,
        reject=threshold(score.reject),
        reject_reason=score.reject.reason if score.reject else None,
    )
    if rule.consider is None and rule.reject is None:
        raise ValueError(f"{score.check}/{score.score} has no threshold")
    if rule.consider and rule.reject and not rule.reject.is_met_by(rule.consider.value):
        raise ValueError(f"{score.check}/{score.score} rejects before it considers")
    return rule


def _threshold(score: _Score, limit: _Limit, calibrations: Calibrations) -> Threshold:
    if limit.limit is not None:
        return Threshold(limit.limit, score.direction, score.unit)
    ((kind, rate),) = limit.rates.items()
    point = calibrations.point(score.check, score.calibrated_as or score.score, kind, rate)
    if point.direction is not score.direction:
        raise ValueError(f"{score.check}/{score.score}: calibrated {point.direction}, the policy says otherwise")
    return Threshold(point.threshold, score.direction, score.unit, point.operating_point)


def _values(rule: _Values) -> ValueRule:
    def reason(value: Reason | Literal["accepted"]) -> Reason | None:
        return None if value == "accepted" else Reason(value)

    return ValueRule(rule.check, rule.value, {k: reason(v) for k, v in rule.listed.items()}, reason(rule.otherwise))


def _second_opinion(opinion: _SecondOpinion, scores: list[_Score], calibrations: Calibrations) -> SecondOpinionRule:
    first = next((s for s in scores if (s.check, s.score) == (opinion.check, opinion.score)), None)
    if first is None or not any((s.check, s.score) == (opinion.check, opinion.needs) for s in scores):
        raise ValueError(f"second opinion on {opinion.check}: both scores need a rule")
    return SecondOpinionRule(
        opinion.check, opinion.score, _threshold(first, opinion.until, calibrations), opinion.needs
    )

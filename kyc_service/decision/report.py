"""The report: everything that led to one verdict, as immutable, versioned JSON.

Staff get whole numbers and names; masking is a matter of views. Pictures are not in it:
captures are named by their SHA-256. Two reports of the same captures, claims and policy
differ in ids, times and timings only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from kyc_service.decision.policy import Policy
from kyc_service.decision.rules import Judged, Limit
from kyc_service.decision.verdict import Check, Decision, Question, RaisedReason
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Finding, Score
from kyc_service.domain.outcome import Verdict
from kyc_service.domain.reasons import CATALOGUE, Reason

SCHEMA_VERSION: Final = "1"

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class CaptureRecord:
    """What is kept of one capture. ``metadata`` is what the file says of itself: evidence, never trusted."""

    kind: CaptureKind
    sha256: str
    media_type: str
    width: int
    height: int
    byte_size: int
    metadata: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Traces:
    """By what this attempt is known again later; kept beside the report, never in it.

    ``face`` is the face's template as little-endian float32, of the embedding model
    ``face_model_id``; ``number`` the document's; ``fingerprints`` are of each capture's look.
    """

    face: bytes | None = None
    face_model_id: str = ""
    number: str | None = None
    fingerprints: Mapping[CaptureKind, bytes] = field(default_factory=dict)


NO_TRACES: Final = Traces()


@dataclass(frozen=True, slots=True)
class ShadowVerdict:
    """What a policy that is only tried out said of the same measurements; kept beside the report, never in it.

    Without ``verdict`` it could not answer.
    """

    name: str
    version: str
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Report:
    """One attempt, from captures to verdict."""

    id: str
    verification_id: str
    created_at: datetime
    service_version: str
    question: Question
    decision: Decision
    policy: Policy
    captures: tuple[CaptureRecord, ...]
    claims: Claims
    document: DocumentReading | None
    facts: Facts
    models: Mapping[str, str]
    timings_ms: Mapping[str, float]
    traces: Traces = NO_TRACES
    shadow: ShadowVerdict | None = None

    @property
    def verdict(self) -> Verdict:
        """What the machine says."""
        return self.decision.verdict

    @property
    def policy_version(self) -> str:
        """The version of the policy that was asked."""
        return self.policy.version

    @property
    def schema_version(self) -> str:
        """The version of the JSON form."""
        return SCHEMA_VERSION


def report_to_json(report: Report) -> dict[str, Json]:
    """``report`` as JSON-ready values, keys in reading order."""
    question = report.question
    return {
        "schema_version": SCHEMA_VERSION,
        "id": report.id,
        "verification_id": report.verification_id,
        "created_at": plain(report.created_at),
        "service_version": report.service_version,
        "use_case": question.use_case.value,
        "tier": question.tier,
        "attempt": question.attempt,
        "verdict": report.verdict.value,
        "reasons": [reason_to_json(code) for code in report.decision.reasons],
        "unusable_captures": plain(report.decision.unusable),
        "checks": [_check_to_json(check) for check in report.decision.checks],
        "document": plain(report.document),
        "claims": plain(report.claims),
        "facts": plain(report.facts),
        "captures": [plain(capture) for capture in report.captures],
        "policy": {
            "name": report.policy.name,
            "version": report.policy.version,
            "sha256": report.policy.sha256,
        },
        "models": plain(dict(sorted(report.models.items()))),
        "timings_ms": {stage: round(ms, 1) for stage, ms in sorted(report.timings_ms.items())},
    }


def reason_to_json(code: Reason) -> dict[str, Json]:
    """A reason with its sentences."""
    entry = CATALOGUE[code]
    return {"code": code.value, "staff": entry.staff, "applicant": entry.applicant}


def _check_to_json(check: Check) -> dict[str, Json]:
    return {
        "name": check.name.value,
        "outcome": check.outcome.value,
        "is_required": check.is_required,
        "action": check.action.value,
        "reasons": [_raised_to_json(reason) for reason in check.reasons],
        "measurements": [_judged_to_json(judged) for judged in check.judged],
    }


def _raised_to_json(reason: RaisedReason) -> dict[str, Json]:
    return {**reason_to_json(reason.code), "action": reason.action.value}


def _judged_to_json(judged: Judged) -> dict[str, Json]:
    measurement = judged.measurement
    common: dict[str, Json] = {
        "outcome": judged.outcome.value,
        "reasons": [reason.value for reason in judged.reasons],
        "captures": plain(measurement.captures),
        "evidence": plain(measurement.evidence),
    }
    match measurement:
        case Score():
            return {
                "kind": "score",
                "name": measurement.name,
                "native": _rounded(measurement.native),
                "mapped": _rounded(measurement.mapped),
                "model_id": measurement.model_id,
                "thresholds": [_limit_to_json(limit) for limit in judged.limits],
                **common,
            }
        case Finding():
            return {"kind": "finding", **common}
        case _:
            return {"kind": "not_assessed", "cause": measurement.cause, **common}


def _limit_to_json(limit: Limit) -> dict[str, Json]:
    threshold = limit.threshold
    return {
        "value": _rounded(threshold.value),
        "direction": threshold.direction.value,
        "unit": threshold.unit,
        "raises": None if limit.raises is None else limit.raises.value,
        "operating_point": plain(threshold.operating_point),
    }


def _rounded(value: float) -> float:
    # Beyond six digits, two runs of one network on two machines differ.
    return round(value, 6)


def plain(value: object) -> Json:
    """``value`` as JSON: dataclasses as objects, sets sorted, times as RFC 3339 in UTC.

    Raises:
        TypeError: for anything a report should not hold.

    >>> plain({"a": (1, 2.5)})
    {'a': [1, 2.5]}
    """
    match value:
        case frozenset() | set():
            return sorted((plain(item) for item in value), key=str)
        case list() | tuple():
            return [plain(item) for item in value]
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case _ if is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return _plain_scalar(value)


def _plain_scalar(value: object) -> Json:
    match value:
        case float() if not math.isfinite(value):
            # A file's metadata may claim anything; JSON has no word for this.
            return str(value)
        case None | bool() | int() | float():
            return value
        case StrEnum():
            return value.value
        case str():
            return value
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case _:
            raise TypeError(f"a report cannot hold {type(value).__name__}")

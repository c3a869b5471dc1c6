"""The report: everything that led to one verdict, as immutable, versioned JSON.

Staff get whole numbers and names; masking is a matter of views. Pictures are not in it:
captures are named by their SHA-256. Two reports of the same captures, claims and policy
differ in ids, times and timings only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from kyc_service.decision.plain import Json, plain
from kyc_service.decision.policy import Policy
from kyc_service.decision.report_checks import check_to_json, reason_to_json
from kyc_service.decision.verdict import Decision, Question
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.facts import Facts
from kyc_service.domain.outcome import Verdict

__all__ = ["NO_TRACES", "SCHEMA_VERSION", "CaptureRecord", "Json", "Report", "Traces", "plain", "report_to_json"]

SCHEMA_VERSION: Final = "2"


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
        "document_type": plain(question.document_type),
        "verdict": report.verdict.value,
        "reasons": [reason_to_json(code) for code in report.decision.reasons],
        "unusable_captures": plain(report.decision.unusable),
        "checks": [check_to_json(check) for check in report.decision.checks],
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

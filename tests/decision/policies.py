"""A small policy for decision tables, and short ways to write measurements."""

from __future__ import annotations

from collections.abc import Mapping

from kyc_service.decision.policy import (
    Direction,
    OperatingPoint,
    Policy,
    ScoreRule,
    SecondOpinionRule,
    Threshold,
    Tier,
    ValueRule,
)
from kyc_service.decision.verdict import Question
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.measurements import Evidence, EvidenceValue, Finding, NotAssessed, Score
from kyc_service.domain.outcome import Action, Outcome
from kyc_service.domain.reasons import CATALOGUE, Reason
from kyc_service.domain.verification import UseCase

FRONT = frozenset({CaptureKind.DOCUMENT_FRONT})
SELFIE = frozenset({CaptureKind.SELFIE})
BOTH = FRONT | SELFIE
HIGHER = Direction.HIGHER_IS_BETTER
LOWER = Direction.LOWER_IS_BETTER
POINT = OperatingPoint("fmr", 1e-4, 0.5e-4, 2e-4, 100_000, "a data set", "0" * 64, "2026-01-01")


def actions(overrides: Mapping[Reason, Action] | None = None) -> dict[Reason, Action]:
    """Decline what rejects, review the rest."""
    plain = {
        reason: Action.DECLINE if entry.outcome is Outcome.REJECTED else Action.REVIEW
        for reason, entry in CATALOGUE.items()
        if not entry.retake
    }
    return plain | dict(overrides or {})


POLICY = Policy(
    name="table",
    version="1",
    sha256="f" * 64,
    time_zone="Asia/Shanghai",
    max_attempts=3,
    tiers={
        (UseCase.ONBOARDING, "standard"): Tier(
            always=frozenset({CheckName.FACE_MATCH, CheckName.PHONE_LINE_TYPE}),
            by_document={DocumentType.PASSPORT: frozenset({CheckName.MRZ})},
        )
    },
    scores=(
        ScoreRule(
            CheckName.FACE_MATCH,
            "cosine_similarity",
            Threshold(0.4, HIGHER, "cosine", POINT),
            Reason.FACE_MATCH_UNCERTAIN,
            Threshold(0.1, HIGHER, "cosine", POINT),
            Reason.FACE_MISMATCH,
        ),
        ScoreRule(
            CheckName.FACE_MATCH,
            "dlib_distance",
            Threshold(0.6, LOWER, "distance"),
            Reason.FACE_SECOND_OPINION_DISAGREES,
        ),
        ScoreRule(
            CheckName.FACE_QUALITY,
            "inter_eye_px",
            reject=Threshold(40, HIGHER, "px"),
            reject_reason=Reason.FACE_TOO_SMALL,
        ),
        ScoreRule(
            CheckName.DISTANCE_DOCUMENT_REGION,
            "distance_km",
            Threshold(1500, LOWER, "km"),
            Reason.FAR_FROM_DOCUMENT_REGION,
        ),
    ),
    values=(
        ValueRule(
            CheckName.PHONE_LINE_TYPE,
            "line_type",
            {"mobile": None, "premium_rate": Reason.PHONE_LINE_NOT_ACCEPTED},
            Reason.PHONE_LINE_UNUSUAL,
        ),
    ),
    second_opinions=(
        SecondOpinionRule(
            CheckName.FACE_MATCH, "cosine_similarity", Threshold(0.5, HIGHER, "cosine", POINT), "dlib_distance"
        ),
    ),
    actions=actions({Reason.FAR_FROM_DOCUMENT_REGION: Action.NONE}),
)


def question(document: DocumentType | None = DocumentType.CN_RESIDENT_IDENTITY_CARD, attempt: int = 1) -> Question:
    """The standard question."""
    return Question(UseCase.ONBOARDING, "standard", document, attempt)


def match(similarity: float) -> Score:
    """A face comparison."""
    return Score(CheckName.FACE_MATCH, "cosine_similarity", similarity, 100 * max(similarity, 0.0), "sface", BOTH)


def dlib(distance: float) -> Score:
    """A second opinion."""
    return Score(CheckName.FACE_MATCH, "dlib_distance", distance, 0.0, "dlib", BOTH)


def line(line_type: str) -> Finding:
    """A looked-up line type."""
    return finding(CheckName.PHONE_LINE_TYPE, values={"line_type": line_type})


def finding(
    check: CheckName,
    *reasons: Reason,
    captures: frozenset[CaptureKind] = frozenset(),
    values: Mapping[str, EvidenceValue] | None = None,
) -> Finding:
    """A finding with reasons."""
    return Finding(check, reasons, captures, Evidence(values=values or {}))


def unassessed(check: CheckName, reason: Reason, captures: frozenset[CaptureKind] = frozenset()) -> NotAssessed:
    """An unanswered question."""
    return NotAssessed(check, reason, "", captures)

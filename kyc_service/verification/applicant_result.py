"""What the applicant is told: where the verification stands and what to do next. No scores, no reasons for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.clients import Caller
from kyc_service.domain.reasons import CATALOGUE, Reason, is_retake
from kyc_service.domain.verification import VerificationStatus
from kyc_service.storage.records import CaptureRecord, VerificationRecord
from kyc_service.verification.consent import ConsentMissing, check_consent, is_consent_required
from kyc_service.verification.ownership import owned
from kyc_service.verification.service import VerificationService
from kyc_service.verification.use_cases import REQUIRED_CAPTURES

_S = VerificationStatus


class Language(StrEnum):
    """What the catalogue's sentences are written in."""

    ENGLISH = "en"
    CHINESE = "zh"


class NextStep(StrEnum):
    """What the applicant is to do."""

    GIVE_CONSENT = "give_consent"
    TAKE_CAPTURES = "take_captures"
    SUBMIT = "submit"
    WAIT = "wait"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ApplicantResult:
    """``captures`` are to be taken (again); ``messages`` say how to do better, in the applicant's language."""

    verification_id: str
    status: VerificationStatus
    next_step: NextStep
    captures: tuple[CaptureKind, ...]
    messages: tuple[str, ...]


def read_result(
    service: VerificationService, verification_id: str, caller: Caller, language: Language
) -> ApplicantResult:
    """What may be shown to the applicant.

    Raises:
        VerificationNotFound: the caller has none of that id.
    """
    with service.database.transaction() as tx:
        record = owned(tx.verifications.get(verification_id), caller)
        captures = tx.captures.latest(verification_id)
    step = _next_step(record, captures, consent_required=is_consent_required(service, caller))
    if step is not NextStep.TAKE_CAPTURES:
        return ApplicantResult(record.id, record.status, step, (), ())
    wanted = _captures_wanted(record, captures)
    return ApplicantResult(record.id, record.status, step, wanted, _messages(record, language))


def _next_step(
    record: VerificationRecord, captures: Mapping[CaptureKind, CaptureRecord], *, consent_required: bool
) -> NextStep:
    match record.status:
        case _S.REQUIRES_INPUT:
            try:
                check_consent(record, consent_required)
            except ConsentMissing:
                return NextStep.GIVE_CONSENT
            return NextStep.TAKE_CAPTURES if _captures_wanted(record, captures) else NextStep.SUBMIT
        case _S.PROCESSING | _S.IN_REVIEW:
            return NextStep.WAIT
        case _S.VERIFIED | _S.DECLINED | _S.CANCELED | _S.EXPIRED:
            return NextStep.NONE
        case _ as other:
            assert_never(other)


def _captures_wanted(
    record: VerificationRecord, captures: Mapping[CaptureKind, CaptureRecord]
) -> tuple[CaptureKind, ...]:
    """Required ones that are not there, and unusable ones that were not taken again since."""
    unusable = [CaptureKind(kind) for kind in (record.last_error or {}).get("captures", ())]
    again = {kind for kind in unusable if kind not in captures or captures[kind].attempt <= record.attempt}
    return tuple(sorted(again | (REQUIRED_CAPTURES - captures.keys())))


def _messages(record: VerificationRecord, language: Language) -> tuple[str, ...]:
    reasons = [Reason(code) for code in (record.last_error or {}).get("reasons", ())]
    said = [_SENTENCE[language](reason) for reason in reasons if is_retake(reason)]
    return tuple(dict.fromkeys(sentence for sentence in said if sentence))


_SENTENCE: Final = {
    Language.ENGLISH: lambda reason: CATALOGUE[reason].applicant,
    Language.CHINESE: lambda reason: CATALOGUE[reason].applicant_zh,
}

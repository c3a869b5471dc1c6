"""Verification: one set of attempts to verify one applicant, and the states it passes through."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kyc_service.domain.outcome import Verdict
from kyc_service.errors import Conflict


class UseCase(StrEnum):
    """What the verification is for."""

    ONBOARDING = "onboarding"
    REVERIFICATION = "reverification"
    AUTHENTICATION = "authentication"


class VerificationStatus(StrEnum):
    """Where a verification stands."""

    REQUIRES_INPUT = "requires_input"
    PROCESSING = "processing"
    VERIFIED = "verified"
    DECLINED = "declined"
    IN_REVIEW = "in_review"
    CANCELED = "canceled"
    EXPIRED = "expired"


class TransitionNotAllowed(Conflict):
    """The verification is in a state that does not allow this."""

    code = "transition_not_allowed"


_S = VerificationStatus

# Verified and declined lead back to review only: a decided case can be reopened, never
# silently turned. Processing leads to itself: an interrupted submission is taken up again.
TRANSITIONS: Final = MappingProxyType(
    {
        _S.REQUIRES_INPUT: frozenset({_S.PROCESSING, _S.CANCELED, _S.EXPIRED}),
        _S.PROCESSING: frozenset({_S.PROCESSING, _S.VERIFIED, _S.DECLINED, _S.IN_REVIEW, _S.REQUIRES_INPUT}),
        _S.IN_REVIEW: frozenset({_S.VERIFIED, _S.DECLINED, _S.REQUIRES_INPUT}),
        _S.VERIFIED: frozenset({_S.IN_REVIEW}),
        _S.DECLINED: frozenset({_S.IN_REVIEW}),
        _S.CANCELED: frozenset[VerificationStatus](),
        _S.EXPIRED: frozenset[VerificationStatus](),
    }
)

_STATUS_AFTER: Final = MappingProxyType(
    {
        Verdict.APPROVE: _S.VERIFIED,
        Verdict.DECLINE: _S.DECLINED,
        Verdict.REVIEW: _S.IN_REVIEW,
        Verdict.RETAKE: _S.REQUIRES_INPUT,
    }
)


def next_status(verdict: Verdict) -> VerificationStatus:
    """The status a verdict leads to.

    >>> next_status(Verdict.APPROVE), next_status(Verdict.RETAKE)
    (<VerificationStatus.VERIFIED: 'verified'>, <VerificationStatus.REQUIRES_INPUT: 'requires_input'>)
    """
    return _STATUS_AFTER[verdict]


def check_transition(current: VerificationStatus, wanted: VerificationStatus) -> None:
    """Refuse a change of state that the table does not hold.

    >>> check_transition(VerificationStatus.REQUIRES_INPUT, VerificationStatus.PROCESSING)
    >>> check_transition(VerificationStatus.EXPIRED, VerificationStatus.PROCESSING)
    Traceback (most recent call last):
        ...
    kyc_service.domain.verification.TransitionNotAllowed: A verification that is expired cannot become processing.

    Raises:
        TransitionNotAllowed: the table has no such step.
    """
    if wanted not in TRANSITIONS[current]:
        message = f"A verification that is {current} cannot become {wanted}."
        raise TransitionNotAllowed(message)

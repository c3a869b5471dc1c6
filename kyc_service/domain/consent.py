"""Consent: what the applicant agreed to, in which words, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kyc_service.domain.claims import ClaimSource
from kyc_service.domain.verification import UseCase


class ConsentPurpose(StrEnum):
    """What consent is given to: this verification, keeping the face to know the person again, verifying again later."""

    VERIFICATION = "verification"
    ENROLMENT = "enrolment"
    REVERIFICATION = "reverification"


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent as it was given.

    ``text_version`` names the words that were shown, in the language ``locale`` (BCP 47). ``said_by`` is who tells
    of it. ``given_at`` is when the applicant agreed, as far as that was said; ``received_at`` the service's own time.
    """

    text_version: str
    locale: str
    purposes: frozenset[ConsentPurpose]
    said_by: ClaimSource
    received_at: datetime
    given_at: datetime | None = None

    def covers(self, purpose: ConsentPurpose) -> bool:
        """Whether ``purpose`` was agreed to.

        >>> from datetime import UTC
        >>> to_verify = frozenset({ConsentPurpose.VERIFICATION})
        >>> consent = Consent("2026-01", "zh-CN", to_verify, ClaimSource.CLIENT, datetime(2026, 1, 1, tzinfo=UTC))
        >>> consent.covers(ConsentPurpose.VERIFICATION), consent.covers(ConsentPurpose.ENROLMENT)
        (True, False)
        """
        return purpose in self.purposes

    def allows(self, use_case: UseCase) -> bool:
        """Whether a verification for ``use_case`` may be decided; to verify again, either purpose is enough."""
        if self.covers(ConsentPurpose.VERIFICATION):
            return True
        return use_case is UseCase.REVERIFICATION and self.covers(ConsentPurpose.REVERIFICATION)

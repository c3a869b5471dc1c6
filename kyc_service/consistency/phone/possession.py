"""Whether the applicant has shown that they hold the number, and how long ago.

A code that was repeated to the service counts, and so does what the client itself saw;
an applicant's own word that they hold a number does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from kyc_service.consistency.evidence import backed_by, claimed_by
from kyc_service.consistency.scales import CLOCK_SKEW, DAY_S, mapped
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims, ClaimSource
from kyc_service.domain.facts import PhoneFact
from kyc_service.domain.history import PhonePossession
from kyc_service.domain.measurements import NotAssessed, Score
from kyc_service.domain.reasons import Reason

_CODE: Final = "one_time_code"
_CLIENT: Final = "client"
# A code is repeated in one sitting; what the client saw may be of another day.
_SCORES: Final = {_CODE: "code_age_s", _CLIENT: "confirmation_age_s"}


def measure(claims: Claims, phone: PhoneFact, possession: PhonePossession | None, now: datetime) -> Score | NotAssessed:
    """``phone.possession``: seconds since the latest confirmation of the claimed number."""
    check = CheckName.PHONE_POSSESSION
    # What lies ahead of the service's clock has not happened.
    shown = [(at, by) for at, by in _confirmations(claims, phone, possession) if at <= now + CLOCK_SKEW]
    if not shown:
        return NotAssessed(check, Reason.PHONE_NOT_CONFIRMED, "no confirmation of this number counts")
    at, by = max(shown)
    seconds = max((now - at).total_seconds(), 0.0)
    evidence = backed_by(claimed_by(claims, "phone_number"), by=by, confirmed_at=at.isoformat(), e164=phone.e164)
    return Score(check, _SCORES[by], seconds, mapped(seconds, DAY_S), "clock", evidence=evidence)


def _confirmations(
    claims: Claims, phone: PhoneFact, possession: PhonePossession | None
) -> Iterator[tuple[datetime, str]]:
    """When the claimed number was confirmed, and by whom; that of another number counts for nothing."""
    if possession is not None and possession.e164 == phone.e164:
        yield possession.confirmed_at, _CODE
    if claims.phone_confirmed_at is not None and ClaimSource.APPLICANT not in _tellers(claims):
        yield claims.phone_confirmed_at, _CLIENT


def _tellers(claims: Claims) -> set[ClaimSource]:
    """Who said the number, and who said that it was confirmed: the same unless it is said apart."""
    number = claims.source_of("phone_number")
    return {number, claims.sources.get("phone_confirmed_at", number)}

"""The country of the position. Which countries will do is the policy's list."""

from __future__ import annotations

from kyc_service.consistency.evidence import backed_by, claimed_by
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason


def measure(claims: Claims, facts: Facts) -> Measurement:
    """``geolocation.country_allowed``: the country, and those that the position's radius also touches."""
    check, position = CheckName.COUNTRY_ALLOWED, facts.position
    if claims.device_location is None:
        return NotAssessed(check, Reason.NOT_PROVIDED, "no position was claimed")
    if position is None or position.country is None:
        return NotAssessed(check, Reason.FACT_UNKNOWN, "the position lies in no known country")
    evidence = backed_by(
        claimed_by(claims, "device_location"),
        country=position.country,
        countries_in_reach=list(position.countries_in_reach),
        nearest_place=position.nearest_place,
    )
    return Finding(check, evidence=evidence)

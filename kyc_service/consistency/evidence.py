"""Who said what a measurement rests on."""

from __future__ import annotations

from kyc_service.domain.claims import Claims
from kyc_service.domain.measurements import Evidence, EvidenceValue

SOURCE = "source"
"""The key under which a measurement names who made the claim that it rests on."""


def claimed_by(claims: Claims, claim: str, *others: str) -> dict[str, EvidenceValue]:
    """``source``: who made ``claim``; where it is compared with ``others``, who made those, by their names.

    >>> claimed_by(Claims(), "device_location", "phone_number")
    {'source': 'applicant', 'phone_number_source': 'applicant'}
    """
    told: dict[str, EvidenceValue] = {f"{other}_{SOURCE}": claims.source_of(other).value for other in others}
    return {SOURCE: claims.source_of(claim).value, **told}


def backed_by(values: dict[str, EvidenceValue], **more: EvidenceValue) -> Evidence:
    """Evidence of plain values, those of the claim's source among them."""
    return Evidence(values={**values, **more})

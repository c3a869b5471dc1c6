"""The device's position: plausible, in which country, how far from elsewhere, by whose clock, and reachable in time."""

from __future__ import annotations

from datetime import datetime

from kyc_service.consistency.place import clocks, country, distances, plausibility, travel
from kyc_service.domain.background import Background
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Measurement


def measure(
    document: DocumentReading | None, claims: Claims, facts: Facts, now: datetime, background: Background
) -> tuple[Measurement, ...]:
    """``geolocation``: every check of it that applies."""
    return (
        *plausibility.measure(claims, facts, now),
        country.measure(claims, facts),
        *distances.measure(document, claims, facts),
        *clocks.measure(claims, facts),
        travel.measure(claims, facts, now, background.history),
    )

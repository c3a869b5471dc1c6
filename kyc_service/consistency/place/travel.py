"""How fast somebody would have travelled since an earlier attempt.

Times are the service's own: an applicant who may say when a position was taken may say
how fast they are. Distances are great circles on a sphere, within 0.6 % of the ellipsoid's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kyc_service.consistency.evidence import backed_by, claimed_by
from kyc_service.consistency.scales import FASTEST_KM_H, mapped
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.facts import Facts, Position
from kyc_service.domain.history import EarlierPosition, History
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

_CHECK: Final = CheckName.IMPOSSIBLE_TRAVEL
# IUGG mean radius of the Earth.
_RADIUS_KM: Final = 6371.0088
# Shorter times would make a journey of every jump of a receiver.
_LEAST: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_METRES_PER_KM: Final = 1000.0


@dataclass(frozen=True, slots=True, order=True)
class _Journey:
    """From an earlier position to this one; ordered by how fast it was, then so that ties fall one way."""

    speed_km_h: float
    distance_km: float
    hours: float
    subject: str
    since: str


def measure(claims: Claims, facts: Facts, now: datetime, history: History | None) -> Measurement:
    """``geolocation.impossible_travel``: the fastest journey that the earlier positions call for."""
    if claims.device_location is None:
        return NotAssessed(_CHECK, Reason.NOT_PROVIDED, "no position was claimed")
    if history is None:
        return NotAssessed(_CHECK, Reason.NOT_MEASURED, "no history is kept")
    if facts.position is None:
        return NotAssessed(_CHECK, Reason.FACT_UNKNOWN, "the position was not looked up")
    evidence = claimed_by(claims, "device_location")
    here, slack_km = facts.position.position, _kilometres(claims.device_location.accuracy_m)
    journeys = list(_journeys(history.positions, here, slack_km, claims.received_at or now))
    if journeys:
        return _score(max(journeys), claims)
    if history.positions or not history.subjects:
        return NotAssessed(_CHECK, Reason.FACT_UNKNOWN, "no earlier position could be looked for or compared")
    return Finding(_CHECK, evidence=backed_by(evidence))


def distance_km(a: Position, b: Position) -> float:
    """Great-circle kilometres (haversine); not a number where a position is none.

    >>> round(distance_km(Position(39.907, 116.397), Position(31.222, 121.458)))
    1068
    """
    if not all(map(math.isfinite, (a.latitude, a.longitude, b.latitude, b.longitude))):
        return math.nan
    phi_a, phi_b = math.radians(a.latitude), math.radians(b.latitude)
    half_north, half_east = (phi_b - phi_a) / 2, math.radians(b.longitude - a.longitude) / 2
    chord = math.sin(half_north) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(half_east) ** 2
    return 2 * _RADIUS_KM * math.asin(math.sqrt(min(max(chord, 0.0), 1.0)))


def _journeys(
    positions: tuple[EarlierPosition, ...], here: Position, slack_km: float, arrived: datetime
) -> Iterator[_Journey]:
    for earlier in positions:
        apart = distance_km(earlier.position, here) - slack_km - _kilometres(earlier.accuracy_m)
        if math.isfinite(apart):
            hours = max(abs(arrived - earlier.at), _LEAST) / _HOUR
            km = max(apart, 0.0)
            yield _Journey(km / hours, km, hours, earlier.subject.value, earlier.at.isoformat())


def _score(worst: _Journey, claims: Claims) -> Score:
    evidence = backed_by(
        claimed_by(claims, "device_location"),
        subject=worst.subject,
        distance_km=worst.distance_km,
        hours=worst.hours,
        since=worst.since,
    )
    to_map = mapped(worst.speed_km_h, FASTEST_KM_H)
    return Score(_CHECK, "speed_km_h", worst.speed_km_h, to_map, "great_circle", evidence=evidence)


def _kilometres(accuracy_m: float | None) -> float:
    """What an accuracy radius takes off a distance: nothing where it makes no sense."""
    if accuracy_m is None or not math.isfinite(accuracy_m) or accuracy_m < 0:
        return 0.0
    return accuracy_m / _METRES_PER_KM

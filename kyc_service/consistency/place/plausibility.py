"""Whether a position can be one at all: on Earth, precise, fresh, sure of its country and of its datum."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Final

from kyc_service.consistency.evidence import backed_by, claimed_by
from kyc_service.consistency.scales import CLOCK_SKEW, COARSEST_M, DAY_S, mapped
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims, DeviceLocation
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

_CHECK: Final = CheckName.POSITION_PLAUSIBLE
_MAX_LATITUDE: Final = 90.0
_MAX_LONGITUDE: Final = 180.0


def measure(claims: Claims, facts: Facts, now: datetime) -> tuple[Measurement, ...]:
    """``geolocation.position_plausible``: what is wrong with it, its accuracy radius and its age."""
    location = claims.device_location
    if location is None:
        return (NotAssessed(_CHECK, Reason.NOT_PROVIDED, "no position was claimed"),)
    return (_finding(claims, location, facts, now), _accuracy(claims, location), _age(claims, location, now))


def _finding(claims: Claims, location: DeviceLocation, facts: Facts, now: datetime) -> Finding:
    in_reach = facts.position.countries_in_reach if facts.position else ()
    seen = {
        Reason.POSITION_IN_FUTURE: location.captured_at is not None and location.captured_at > now + CLOCK_SKEW,
        Reason.POSITION_NEAR_BORDER: bool(in_reach),
        Reason.POSITION_DATUM_DOUBTFUL: facts.looks_like_gcj02,
    }
    evidence = backed_by(
        claimed_by(claims, "device_location"),
        latitude=_finite(location.latitude),
        longitude=_finite(location.longitude),
        datum=location.datum.value,
        countries_in_reach=list(in_reach),
    )
    reasons = tuple(reason for reason, is_seen in seen.items() if is_seen)
    return Finding(_CHECK, (*_impossibilities(location.latitude, location.longitude), *reasons), evidence=evidence)


def _finite(degrees: float) -> float | None:
    """JSON knows no infinities, and a report holds nothing that it does not know."""
    return degrees if math.isfinite(degrees) else None


def _impossibilities(latitude: float, longitude: float) -> tuple[Reason, ...]:
    """What is wrong with the two numbers alone (not-a-number is within no bounds)."""
    if latitude == longitude == 0:
        return (Reason.POSITION_NULL_ISLAND,)
    if abs(latitude) <= _MAX_LATITUDE and abs(longitude) <= _MAX_LONGITUDE:
        return ()
    if abs(latitude) <= _MAX_LONGITUDE and abs(longitude) <= _MAX_LATITUDE:
        return (Reason.POSITION_AXES_SWAPPED,)
    return (Reason.POSITION_IMPOSSIBLE,)


def _accuracy(claims: Claims, location: DeviceLocation) -> Score | NotAssessed:
    metres = location.accuracy_m
    if metres is None or not math.isfinite(metres) or metres < 0:
        return NotAssessed(_CHECK, Reason.NOT_PROVIDED, "the position's accuracy radius is not known")
    evidence = backed_by(claimed_by(claims, "device_location"))
    return Score(_CHECK, "accuracy_m", metres, mapped(metres, COARSEST_M), "device", evidence=evidence)


def _age(claims: Claims, location: DeviceLocation, now: datetime) -> Score | NotAssessed:
    if location.captured_at is None:
        return NotAssessed(_CHECK, Reason.NOT_PROVIDED, "the position's time is not known")
    seconds = max((now - location.captured_at).total_seconds(), 0.0)
    evidence = backed_by(claimed_by(claims, "device_location"))
    return Score(_CHECK, "position_age_s", seconds, mapped(seconds, DAY_S), "clock", evidence=evidence)

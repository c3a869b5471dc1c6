"""The device's position: plausible, in which country, how far from elsewhere, and by whose clock."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from kyc_service.consistency.applicability import is_resident_card
from kyc_service.consistency.scales import COARSEST_M, DAY_S, FARTHEST_KM, mapped
from kyc_service.consistency.sources import captures_of, weighed, without_document
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims, DeviceLocation
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import (
    Evidence,
    EvidenceScalar,
    EvidenceValue,
    Finding,
    Measurement,
    NotAssessed,
    Score,
)
from kyc_service.domain.reasons import Reason

_MAX_LATITUDE: Final = 90.0
_MAX_LONGITUDE: Final = 180.0
# Clocks of phones and servers differ; less than this is no sign of anything.
_CLOCK_SKEW: Final = timedelta(minutes=2)
_NO_CAPTURES: Final[frozenset[CaptureKind]] = frozenset()


def measure(document: DocumentReading | None, claims: Claims, facts: Facts, now: datetime) -> tuple[Measurement, ...]:
    """``geolocation``: every check of it that applies."""
    location = claims.device_location
    return (
        *_plausibility(location, now),
        _country(location, facts),
        *_document_distance(document, location, facts),
        _phone_distance(claims, facts),
        _time_zone(claims, facts),
    )


def _not_provided(check: CheckName, cause: str = "no position was claimed") -> NotAssessed:
    return NotAssessed(check, Reason.NOT_PROVIDED, cause)


def _plausibility(location: DeviceLocation | None, now: datetime) -> tuple[Measurement, ...]:
    check = CheckName.POSITION_PLAUSIBLE
    if location is None:
        return (_not_provided(check),)
    is_future = location.captured_at is not None and location.captured_at > now + _CLOCK_SKEW
    reasons = _impossibilities(location.latitude, location.longitude)
    finding = Finding(
        check,
        (*reasons, Reason.POSITION_IN_FUTURE) if is_future else reasons,
        evidence=Evidence(values={"latitude": _finite(location.latitude), "longitude": _finite(location.longitude)}),
    )
    return (finding, _accuracy(location), _position_age(location, now))


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


def _accuracy(location: DeviceLocation) -> Measurement:
    check, metres = CheckName.POSITION_PLAUSIBLE, location.accuracy_m
    if metres is None or not math.isfinite(metres) or metres < 0:
        return _not_provided(check, "the position's accuracy radius is not known")
    return Score(check, "accuracy_m", metres, mapped(metres, COARSEST_M), "device")


def _position_age(location: DeviceLocation, now: datetime) -> Measurement:
    check = CheckName.POSITION_PLAUSIBLE
    if location.captured_at is None:
        return _not_provided(check, "the position's time is not known")
    seconds = max((now - location.captured_at).total_seconds(), 0.0)
    return Score(check, "position_age_s", seconds, mapped(seconds, DAY_S), "clock")


def _country(location: DeviceLocation | None, facts: Facts) -> Measurement:
    check = CheckName.COUNTRY_ALLOWED
    if location is None:
        return _not_provided(check)
    if facts.position is None or facts.position.country is None:
        return NotAssessed(check, Reason.FACT_UNKNOWN, "the position lies in no known country")
    values = {"country": facts.position.country, "nearest_place": facts.position.nearest_place}
    return Finding(check, evidence=Evidence(values=values))


def _document_distance(
    document: DocumentReading | None, location: DeviceLocation | None, facts: Facts
) -> tuple[Measurement, ...]:
    check = CheckName.DISTANCE_DOCUMENT_REGION
    if document is None:
        return without_document(check)
    if not is_resident_card(document):
        return ()
    if location is None:
        return (_not_provided(check),)
    captures = captures_of(document, FieldName.ID_NUMBER)
    measured = _distance(check, facts.distance_device_to_document_region_km, captures)
    if isinstance(measured, NotAssessed):
        return (measured,)
    return (weighed(document, [FieldName.ID_NUMBER], measured),)


def _phone_distance(claims: Claims, facts: Facts) -> Measurement:
    check = CheckName.DISTANCE_PHONE_REGION
    if claims.device_location is None or not (claims.phone_number or "").strip():
        return _not_provided(check, "position and phone number were not both claimed")
    return _distance(check, facts.distance_device_to_phone_region_km, _NO_CAPTURES)


def _distance(check: CheckName, km: float | None, captures: frozenset[CaptureKind]) -> Score | NotAssessed:
    if km is None or not math.isfinite(km):
        return NotAssessed(check, Reason.FACT_UNKNOWN, "a place is not known", captures)
    return Score(check, "distance_km", km, mapped(km, FARTHEST_KM), "geodesic", captures)


def _time_zone(claims: Claims, facts: Facts) -> Measurement:
    check = CheckName.TIME_ZONE
    if claims.device_location is None or claims.device is None or not claims.device.timezone:
        return _not_provided(check, "position and device time zone were not both claimed")
    place, device = facts.position, facts.device_utc_offset_minutes
    if place is None or place.utc_offset_minutes is None or device is None:
        return NotAssessed(check, Reason.FACT_UNKNOWN, "an offset is not known")
    here: list[EvidenceScalar] = [place.utc_offset_minutes, *place.other_utc_offsets_minutes]
    reasons = () if device in here else (Reason.TIME_ZONE_DIFFERS,)
    values: dict[str, EvidenceValue] = {"position_utc_offsets_minutes": here, "device_utc_offset_minutes": device}
    return Finding(check, reasons, evidence=Evidence(values=values))

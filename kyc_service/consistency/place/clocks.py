"""The device's clock: the zone it keeps against that of its position, and the time it shows against the service's."""

from __future__ import annotations

from kyc_service.consistency.evidence import backed_by, claimed_by
from kyc_service.consistency.scales import DAY_S, HALF_A_DAY_MIN, mapped
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import EvidenceScalar, EvidenceValue, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason


def measure(claims: Claims, facts: Facts) -> tuple[Measurement, ...]:
    """``geolocation.time_zone`` and ``geolocation.device_clock``."""
    return (_zone(claims, facts), _clock(claims))


def _zone(claims: Claims, facts: Facts) -> Measurement:
    """How far the device's offset is from those that people at the position, or across a border in its reach, live by."""
    check = CheckName.TIME_ZONE
    if claims.device_location is None or claims.device is None or not claims.device.timezone:
        return NotAssessed(check, Reason.NOT_PROVIDED, "position and device time zone were not both claimed")
    place, device = facts.position, facts.device_utc_offset_minutes
    if place is None or place.utc_offset_minutes is None or device is None:
        return NotAssessed(check, Reason.FACT_UNKNOWN, "an offset is not known")
    here: list[EvidenceScalar] = [place.utc_offset_minutes, *place.other_utc_offsets_minutes]
    in_reach: list[EvidenceScalar] = [*place.utc_offsets_in_reach_minutes]
    known = [place.utc_offset_minutes, *place.other_utc_offsets_minutes, *place.utc_offsets_in_reach_minutes]
    minutes = float(min(abs(device - offset) for offset in known))
    values: dict[str, EvidenceValue] = {
        "position_utc_offsets_minutes": here,
        "utc_offsets_in_reach_minutes": in_reach,
        "device_utc_offset_minutes": device,
    }
    evidence = backed_by(claimed_by(claims, "device", "device_location"), **values)
    return Score(check, "offset_difference_min", minutes, mapped(minutes, HALF_A_DAY_MIN), "clock", evidence=evidence)


def _clock(claims: Claims) -> Measurement:
    check, shown = CheckName.DEVICE_CLOCK, claims.device.clock if claims.device else None
    if shown is None or claims.received_at is None:
        return NotAssessed(check, Reason.NOT_PROVIDED, "the time that the device showed, or when that came, is unknown")
    seconds = abs((shown - claims.received_at).total_seconds())
    evidence = backed_by(
        claimed_by(claims, "device"), device_clock=shown.isoformat(), received_at=claims.received_at.isoformat()
    )
    return Score(check, "clock_error_s", seconds, mapped(seconds, DAY_S), "clock", evidence=evidence)

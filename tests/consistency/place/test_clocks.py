from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from kyc_service.consistency.place.clocks import measure
from kyc_service.domain.claims import Claims, Device
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason


def there(facts: Facts, **changes: Any) -> Facts:
    assert facts.position
    return replace(facts, position=replace(facts.position, **changes))


def zone(claims: Claims, facts: Facts) -> Measurement:
    return measure(claims, facts)[0]


def clock(claims: Claims) -> Measurement:
    return measure(claims, Facts())[1]


def unanswered(measurement: Measurement) -> Reason:
    assert isinstance(measurement, NotAssessed)
    return measurement.reason


@pytest.mark.parametrize(
    ("offset", "minutes"), [(480, 0), (360, 0), (345, 0), (420, 60), (540, 60), (0, 345), (-600, 945)]
)
def test_a_clock_of_another_zone_is_as_far_off_as_the_nearest_that_is_kept_there(
    claims: Claims, facts: Facts, offset: int, minutes: float
) -> None:
    border = there(facts, other_utc_offsets_minutes=(360,), utc_offsets_in_reach_minutes=(345,))
    found = zone(claims, replace(border, device_utc_offset_minutes=offset))
    assert isinstance(found, Score)
    assert (found.name, found.native) == ("offset_difference_min", minutes)
    assert found.evidence.values["position_utc_offsets_minutes"] == [480, 360]
    assert found.evidence.values["utc_offsets_in_reach_minutes"] == [345]


@pytest.mark.parametrize("device", [None, Device(), Device(timezone="")])
def test_a_device_without_a_zone_is_not_compared(claims: Claims, facts: Facts, device: Device | None) -> None:
    assert unanswered(zone(replace(claims, device=device), facts)) is Reason.NOT_PROVIDED


def test_a_device_without_a_position_is_not_compared(claims: Claims, facts: Facts) -> None:
    assert unanswered(zone(replace(claims, device_location=None), facts)) is Reason.NOT_PROVIDED


def test_unknown_offsets_are_unknown(claims: Claims, facts: Facts) -> None:
    unknowns = (
        there(facts, utc_offset_minutes=None),
        replace(facts, device_utc_offset_minutes=None),
        replace(facts, position=None),
    )
    for known in unknowns:
        assert unanswered(zone(claims, known)) is Reason.FACT_UNKNOWN


@pytest.mark.parametrize(("ahead_s", "error_s"), [(0, 0.0), (119, 119.0), (-3600, 3600.0), (3600, 3600.0)])
def test_a_wrong_clock_is_told_in_seconds(claims: Claims, now: datetime, ahead_s: int, error_s: float) -> None:
    shown = (now + timedelta(seconds=ahead_s)).astimezone(timezone(timedelta(hours=8)))
    found = clock(replace(claims, device=Device(clock=shown)))
    assert isinstance(found, Score)
    assert (found.name, found.native) == ("clock_error_s", error_s)
    assert found.evidence.values["device_clock"] == shown.isoformat()
    assert 0.0 <= found.mapped <= 100.0


@pytest.mark.parametrize(
    "change", [{"device": None}, {"device": Device(timezone="Asia/Shanghai")}, {"received_at": None}]
)
def test_without_both_times_no_clock_is_compared(claims: Claims, change: dict[str, Any]) -> None:
    assert unanswered(clock(replace(claims, **change))) is Reason.NOT_PROVIDED

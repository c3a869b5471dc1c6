from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kyc_service.consistency.place.plausibility import measure
from kyc_service.domain.claims import Claims, Datum
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason


def at(claims: Claims, **changes: Any) -> Claims:
    assert claims.device_location
    return replace(claims, device_location=replace(claims.device_location, **changes))


def there(facts: Facts, **changes: Any) -> Facts:
    assert facts.position
    return replace(facts, position=replace(facts.position, **changes))


def unanswered(measurement: Measurement) -> Reason:
    assert isinstance(measurement, NotAssessed)
    return measurement.reason


def plausibility(claims: Claims, now: datetime, facts: Facts | None = None) -> Finding:
    found = measure(claims, facts or Facts(), now)[0]
    assert isinstance(found, Finding)
    return found


def test_a_good_position_is_clear(claims: Claims, facts: Facts, now: datetime) -> None:
    finding, accuracy, age = measure(claims, facts, now)
    assert isinstance(finding, Finding)
    assert (finding.reasons, finding.captures) == ((), frozenset())
    scores = [(m.name, m.native) for m in (accuracy, age) if isinstance(m, Score)]
    assert scores == [("accuracy_m", 20.0), ("position_age_s", 0.0)]


def test_without_a_position_there_is_one_answer(claims: Claims, facts: Facts, now: datetime) -> None:
    (found,) = measure(replace(claims, device_location=None), facts, now)
    assert unanswered(found) is Reason.NOT_PROVIDED


def test_a_position_near_a_border_is_found(claims: Claims, facts: Facts, now: datetime) -> None:
    found = plausibility(claims, now, there(facts, countries_in_reach=("HKG",)))
    assert found.reasons == (Reason.POSITION_NEAR_BORDER,)
    assert found.evidence.values["countries_in_reach"] == ["HKG"]


def test_a_doubtful_datum_is_found(claims: Claims, facts: Facts, now: datetime) -> None:
    found = plausibility(claims, now, replace(facts, looks_like_gcj02=True))
    assert found.reasons == (Reason.POSITION_DATUM_DOUBTFUL,)
    assert found.evidence.values["datum"] == "wgs84"
    assert plausibility(at(claims, datum=Datum.GCJ02), now).evidence.values["datum"] == "gcj02"


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        (0.0, 0.0, (Reason.POSITION_NULL_ISLAND,)),
        (-0.0, 0.0, (Reason.POSITION_NULL_ISLAND,)),
        (0.0, 0.001, ()),
        (90.0, 180.0, ()),
        (-90.0, -180.0, ()),
        (116.4, 39.9, (Reason.POSITION_AXES_SWAPPED,)),
        (-90.1, -90.0, (Reason.POSITION_AXES_SWAPPED,)),
        (180.1, 0.0, (Reason.POSITION_IMPOSSIBLE,)),
        (116.4, 90.1, (Reason.POSITION_IMPOSSIBLE,)),
        (39.9, 180.1, (Reason.POSITION_IMPOSSIBLE,)),
        (math.nan, 116.4, (Reason.POSITION_IMPOSSIBLE,)),
        (39.9, math.inf, (Reason.POSITION_IMPOSSIBLE,)),
    ],
)
def test_positions_off_the_earth_are_found(
    claims: Claims, now: datetime, latitude: float, longitude: float, expected: tuple[Reason, ...]
) -> None:
    assert plausibility(at(claims, latitude=latitude, longitude=longitude), now).reasons == expected


def test_a_number_that_is_none_stays_out_of_the_report(claims: Claims, now: datetime) -> None:
    found = plausibility(at(claims, latitude=math.nan), now)
    assert found.evidence.values["latitude"] is None
    assert found.evidence.values["longitude"] == 116.4


def test_a_position_from_the_future_is_found_beyond_the_clocks_difference(claims: Claims, now: datetime) -> None:
    near, far = now + timedelta(minutes=2), now + timedelta(minutes=2, seconds=1)
    assert plausibility(at(claims, captured_at=near), now).reasons == ()
    swapped = at(claims, captured_at=far, latitude=116.4, longitude=39.9)
    assert plausibility(swapped, now).reasons == (Reason.POSITION_AXES_SWAPPED, Reason.POSITION_IN_FUTURE)


@pytest.mark.parametrize(("seconds", "age"), [(0, 0.0), (90, 90.0), (-60, 0.0), (864_000, 864_000.0)])
def test_the_positions_age_is_told_in_seconds(claims: Claims, now: datetime, seconds: int, age: float) -> None:
    found = measure(at(claims, captured_at=now - timedelta(seconds=seconds)), Facts(), now)[2]
    assert isinstance(found, Score)
    assert (found.name, found.native) == ("position_age_s", age)
    assert 0.0 <= found.mapped <= 100.0


@pytest.mark.parametrize("metres", [None, math.nan, math.inf, -1.0])
def test_a_position_without_a_radius_is_not_precise(claims: Claims, now: datetime, metres: float | None) -> None:
    assert unanswered(measure(at(claims, accuracy_m=metres), Facts(), now)[1]) is Reason.NOT_PROVIDED


def test_a_position_without_a_time_is_not_fresh(claims: Claims, now: datetime) -> None:
    assert unanswered(measure(at(claims, captured_at=None), Facts(), now)[2]) is Reason.NOT_PROVIDED

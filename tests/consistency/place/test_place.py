from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kyc_service.consistency.place import measure
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims, Device
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

FRONT = frozenset({CaptureKind.DOCUMENT_FRONT})


def at(claims: Claims, **changes: Any) -> Claims:
    assert claims.device_location
    return replace(claims, device_location=replace(claims.device_location, **changes))


def there(facts: Facts, **changes: Any) -> Facts:
    assert facts.position
    return replace(facts, position=replace(facts.position, **changes))


def one(found: tuple[Measurement, ...], check: CheckName) -> Measurement:
    (measurement,) = (m for m in found if m.check is check)
    return measurement


def unanswered(measurement: Measurement) -> Reason:
    assert isinstance(measurement, NotAssessed)
    return measurement.reason


def plausibility(claims: Claims, now: datetime) -> Finding:
    found = measure(None, claims, Facts(), now)[0]
    assert isinstance(found, Finding)
    assert found.check is CheckName.POSITION_PLAUSIBLE
    return found


def test_a_good_position_is_clear(card: DocumentReading, claims: Claims, facts: Facts, now: datetime) -> None:
    finding, accuracy, age, country, document, phone, zone = measure(card, claims, facts, now)
    for found in (finding, country, zone):
        assert isinstance(found, Finding)
        assert (found.reasons, found.captures) == ((), frozenset())
    scores = [m for m in (accuracy, age, document, phone) if isinstance(m, Score)]
    assert [(m.name, m.native) for m in scores] == [
        ("accuracy_m", 20.0),
        ("position_age_s", 0.0),
        ("distance_km", 0.0),
        ("distance_km", 12.5),
    ]
    assert (document.captures, phone.captures) == (FRONT, frozenset())
    assert country.evidence.values["country"] == "CHN"


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
    assert found.evidence.values == {"latitude": None, "longitude": 116.4}


def test_a_position_from_the_future_is_found_beyond_the_clocks_difference(claims: Claims, now: datetime) -> None:
    near, far = now + timedelta(minutes=2), now + timedelta(minutes=2, seconds=1)
    assert plausibility(at(claims, captured_at=near), now).reasons == ()
    swapped = at(claims, captured_at=far, latitude=116.4, longitude=39.9)
    assert plausibility(swapped, now).reasons == (Reason.POSITION_AXES_SWAPPED, Reason.POSITION_IN_FUTURE)


@pytest.mark.parametrize(("seconds", "age"), [(0, 0.0), (90, 90.0), (-60, 0.0), (864_000, 864_000.0)])
def test_the_positions_age_is_told_in_seconds(claims: Claims, now: datetime, seconds: int, age: float) -> None:
    found = measure(None, at(claims, captured_at=now - timedelta(seconds=seconds)), Facts(), now)[2]
    assert isinstance(found, Score)
    assert (found.name, found.native) == ("position_age_s", age)
    assert 0.0 <= found.mapped <= 100.0


@pytest.mark.parametrize("metres", [None, math.nan, math.inf, -1.0])
def test_a_position_without_a_radius_is_not_precise(claims: Claims, now: datetime, metres: float | None) -> None:
    assert unanswered(measure(None, at(claims, accuracy_m=metres), Facts(), now)[1]) is Reason.NOT_PROVIDED


def test_a_position_without_a_time_is_not_fresh(claims: Claims, now: datetime) -> None:
    assert unanswered(measure(None, at(claims, captured_at=None), Facts(), now)[2]) is Reason.NOT_PROVIDED


def test_without_a_position_nothing_is_assessed(
    card: DocumentReading, claims: Claims, facts: Facts, now: datetime
) -> None:
    found = measure(card, replace(claims, device_location=None), facts, now)
    assert [unanswered(m) for m in found] == [Reason.NOT_PROVIDED] * 5


def test_a_position_nobody_looked_up_is_unknown(card: DocumentReading, claims: Claims, now: datetime) -> None:
    found = measure(card, claims, Facts(), now)[3:]
    assert [unanswered(m) for m in found] == [Reason.FACT_UNKNOWN] * 4


def test_a_position_in_no_country_is_unknown(claims: Claims, facts: Facts, now: datetime) -> None:
    found = one(measure(None, claims, there(facts, country=None), now), CheckName.COUNTRY_ALLOWED)
    assert unanswered(found) is Reason.FACT_UNKNOWN


def test_other_documents_have_no_region(passport: DocumentReading, claims: Claims, facts: Facts, now: datetime) -> None:
    checks = {m.check for m in measure(passport, claims, facts, now)}
    assert CheckName.DISTANCE_DOCUMENT_REGION not in checks


def test_an_uncertain_number_says_nothing_of_distance(
    card: DocumentReading, claims: Claims, facts: Facts, now: datetime
) -> None:
    fields = tuple(replace(f, is_certain=f.name is not FieldName.ID_NUMBER) for f in card.fields)
    found = one(measure(replace(card, fields=fields), claims, facts, now), CheckName.DISTANCE_DOCUMENT_REGION)
    assert isinstance(found, Finding)
    assert found.reasons == (Reason.FIELD_UNCERTAIN,)


def test_without_a_document_its_region_is_unusable(claims: Claims, facts: Facts, now: datetime) -> None:
    found = one(measure(None, claims, facts, now), CheckName.DISTANCE_DOCUMENT_REGION)
    assert (unanswered(found), found.captures) == (Reason.DOCUMENT_NOT_READ, FRONT)


def test_without_a_phone_there_is_no_distance_to_it(claims: Claims, facts: Facts, now: datetime) -> None:
    found = one(measure(None, replace(claims, phone_number=" "), facts, now), CheckName.DISTANCE_PHONE_REGION)
    assert unanswered(found) is Reason.NOT_PROVIDED


def test_a_distance_that_is_no_number_is_unknown(claims: Claims, facts: Facts, now: datetime) -> None:
    odd = replace(facts, distance_device_to_phone_region_km=math.nan)
    assert unanswered(one(measure(None, claims, odd, now), CheckName.DISTANCE_PHONE_REGION)) is Reason.FACT_UNKNOWN


@pytest.mark.parametrize(
    ("offset", "expected"), [(480, ()), (360, ()), (540, (Reason.TIME_ZONE_DIFFERS,)), (0, (Reason.TIME_ZONE_DIFFERS,))]
)
def test_a_clock_of_another_zone_is_found(
    claims: Claims, facts: Facts, now: datetime, offset: int, expected: tuple[Reason, ...]
) -> None:
    xinjiang = replace(there(facts, other_utc_offsets_minutes=(360,)), device_utc_offset_minutes=offset)
    found = one(measure(None, claims, xinjiang, now), CheckName.TIME_ZONE)
    assert isinstance(found, Finding)
    assert found.reasons == expected
    assert found.evidence.values["position_utc_offsets_minutes"] == [480, 360]


@pytest.mark.parametrize("device", [None, Device(), Device(timezone="")])
def test_a_device_without_a_zone_is_not_compared(
    claims: Claims, facts: Facts, now: datetime, device: Device | None
) -> None:
    found = one(measure(None, replace(claims, device=device), facts, now), CheckName.TIME_ZONE)
    assert unanswered(found) is Reason.NOT_PROVIDED


def test_unknown_offsets_are_unknown(claims: Claims, facts: Facts, now: datetime) -> None:
    for known in (there(facts, utc_offset_minutes=None), replace(facts, device_utc_offset_minutes=None)):
        assert unanswered(one(measure(None, claims, known, now), CheckName.TIME_ZONE)) is Reason.FACT_UNKNOWN

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.consistency.place.travel import distance_km, measure
from kyc_service.domain.claims import Claims
from kyc_service.domain.facts import Facts, Position
from kyc_service.domain.history import EarlierPosition, History, Subject
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

BEIJING, SHANGHAI = Position(39.9, 116.4), Position(31.2, 121.5)
KM = distance_km(BEIJING, SHANGHAI)
ALL = frozenset(Subject)


def earlier(now: datetime, ago: timedelta, position: Position = SHANGHAI, accuracy_m: float = 0.0) -> EarlierPosition:
    return EarlierPosition(Subject.PHONE, position, accuracy_m, now - ago)


def speed(claims: Claims, facts: Facts, now: datetime, *positions: EarlierPosition) -> Score:
    found = measure(claims, facts, now, History(ALL, positions=positions))
    assert isinstance(found, Score)
    assert found.name == "speed_km_h"
    return found


def unanswered(found: Measurement) -> Reason:
    assert isinstance(found, NotAssessed)
    return found.reason


def precise(claims: Claims, accuracy_m: float | None = 0.0) -> Claims:
    assert claims.device_location
    return replace(claims, device_location=replace(claims.device_location, accuracy_m=accuracy_m))


@pytest.mark.parametrize("hours", [1, 2, 24])
def test_the_speed_is_distance_by_time(claims: Claims, facts: Facts, now: datetime, hours: int) -> None:
    found = speed(precise(claims), facts, now, earlier(now, timedelta(hours=hours)))
    assert found.native == pytest.approx(KM / hours)
    assert found.evidence.values["subject"] == "phone"
    assert found.evidence.values["distance_km"] == pytest.approx(KM)
    assert found.evidence.values["hours"] == hours
    assert found.evidence.values["source"] == "applicant"


@pytest.mark.parametrize("ago_s", [0, 1, 59, 60, -60])
def test_less_than_a_minute_is_a_minute(claims: Claims, facts: Facts, now: datetime, ago_s: int) -> None:
    found = speed(precise(claims), facts, now, earlier(now, timedelta(seconds=ago_s)))
    assert found.native == pytest.approx(KM * 60)


@pytest.mark.parametrize(("here_m", "there_m"), [(1000.0, 0.0), (0.0, 1000.0), (500.0, 500.0)])
def test_both_accuracies_are_taken_off(
    claims: Claims, facts: Facts, now: datetime, here_m: float, there_m: float
) -> None:
    found = speed(precise(claims, here_m), facts, now, earlier(now, timedelta(hours=1), accuracy_m=there_m))
    assert found.native == pytest.approx(KM - 1.0)


def test_within_the_accuracies_nobody_moved(claims: Claims, facts: Facts, now: datetime) -> None:
    assert speed(claims, facts, now, earlier(now, timedelta(hours=1), accuracy_m=2e6)).native == 0.0


@pytest.mark.parametrize("metres", [None, -1.0, math.nan, math.inf])
def test_an_accuracy_that_makes_no_sense_excuses_nothing(
    claims: Claims, facts: Facts, now: datetime, metres: float | None
) -> None:
    assert speed(precise(claims, metres), facts, now, earlier(now, timedelta(hours=1))).native == pytest.approx(KM)


def test_the_time_is_when_the_claims_came_and_not_what_the_device_says(
    claims: Claims, facts: Facts, now: datetime
) -> None:
    assert claims.device_location
    old = replace(claims.device_location, captured_at=now - timedelta(days=365), accuracy_m=0.0)
    said = replace(claims, device_location=old, received_at=now - timedelta(hours=1))
    assert speed(said, facts, now, earlier(now, timedelta(hours=2))).native == pytest.approx(KM)
    unknown = replace(said, received_at=None)
    assert speed(unknown, facts, now, earlier(now, timedelta(hours=2))).native == pytest.approx(KM / 2)


def test_the_fastest_journey_counts_in_whatever_order(claims: Claims, facts: Facts, now: datetime) -> None:
    positions = (
        earlier(now, timedelta(hours=1)),
        replace(earlier(now, timedelta(hours=1)), subject=Subject.DEVICE),
        earlier(now, timedelta(hours=5)),
        earlier(now, timedelta(minutes=1), BEIJING),
    )
    found = {repr(speed(precise(claims), facts, now, *order)) for order in permutations(positions)}
    assert len(found) == 1
    assert speed(precise(claims), facts, now, *positions).native == pytest.approx(KM)


def test_without_an_earlier_position_nothing_is_wrong(claims: Claims, facts: Facts, now: datetime) -> None:
    found = measure(claims, facts, now, History(ALL))
    assert isinstance(found, Finding)
    assert found.reasons == ()


def test_what_cannot_be_looked_for_or_compared_is_unknown(claims: Claims, facts: Facts, now: datetime) -> None:
    nowhere = earlier(now, timedelta(hours=1), Position(math.nan, 0.0))
    for history in (History(frozenset()), History(ALL, positions=(nowhere,))):
        assert unanswered(measure(claims, facts, now, history)) is Reason.FACT_UNKNOWN


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"device_location": None}, Reason.NOT_PROVIDED), ({}, Reason.FACT_UNKNOWN)],
)
def test_without_a_position_there_is_no_journey(
    claims: Claims, now: datetime, change: dict[str, Any], reason: Reason
) -> None:
    assert unanswered(measure(replace(claims, **change), Facts(), now, History(ALL))) is reason


def test_without_history_nothing_is_measured(claims: Claims, facts: Facts, now: datetime) -> None:
    assert unanswered(measure(claims, facts, now, None)) is Reason.NOT_MEASURED


LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
POSITIONS = st.builds(Position, LATITUDES, LONGITUDES)


@given(POSITIONS, POSITIONS)
def test_no_two_places_are_farther_apart_than_the_poles(a: Position, b: Position) -> None:
    assert 0.0 <= distance_km(a, b) <= 20_016
    assert distance_km(a, b) == pytest.approx(distance_km(b, a))


def test_the_antimeridian_is_no_distance() -> None:
    assert distance_km(Position(0.0, 180.0), Position(0.0, -180.0)) == pytest.approx(0.0, abs=1e-6)
    assert distance_km(Position(90.0, 0.0), Position(90.0, 123.0)) == pytest.approx(0.0, abs=1e-6)

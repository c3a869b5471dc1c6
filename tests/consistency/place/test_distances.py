from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from kyc_service.consistency.place.distances import measure
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import Facts, IpFact
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

FRONT = frozenset({CaptureKind.DOCUMENT_FRONT})
KM = {
    CheckName.DISTANCE_DOCUMENT_REGION: 0.0,
    CheckName.DISTANCE_PRINTED_ADDRESS: 2.0,
    CheckName.DISTANCE_PHONE_REGION: 12.5,
    CheckName.DISTANCE_STATED_ADDRESS: 1.0,
    CheckName.DISTANCE_IP: 4.0,
    CheckName.DISTANCE_PHOTO: 5.0,
}
FACT = {
    CheckName.DISTANCE_DOCUMENT_REGION: "distance_device_to_document_region_km",
    CheckName.DISTANCE_PRINTED_ADDRESS: "distance_device_to_printed_address_km",
    CheckName.DISTANCE_PHONE_REGION: "distance_device_to_phone_region_km",
    CheckName.DISTANCE_STATED_ADDRESS: "distance_device_to_stated_address_km",
    CheckName.DISTANCE_PHOTO: "distance_device_to_photo_km",
}


def of(found: tuple[Measurement, ...], check: CheckName) -> tuple[Measurement, ...]:
    return tuple(m for m in found if m.check is check)


def unanswered(found: tuple[Measurement, ...], check: CheckName) -> Reason:
    (measurement,) = of(found, check)
    assert isinstance(measurement, NotAssessed)
    return measurement.reason


def with_ip(facts: Facts, **changes: Any) -> Facts:
    assert facts.ip
    return replace(facts, ip=replace(facts.ip, **changes))


def test_every_distance_is_told(card: DocumentReading, claims: Claims, facts: Facts) -> None:
    found = measure(card, claims, facts)
    assert {m.check: m.native for m in found if isinstance(m, Score)} == KM
    assert {m.name for m in found if isinstance(m, Score)} == {"distance_km"}
    of_the_document = {m.check for m in found if m.captures == FRONT}
    assert of_the_document == {CheckName.DISTANCE_DOCUMENT_REGION, CheckName.DISTANCE_PRINTED_ADDRESS}


def test_who_said_the_other_end_is_told_too(card: DocumentReading, claims: Claims, facts: Facts) -> None:
    found = measure(card, claims, facts)
    for check, key, said_by in (
        (CheckName.DISTANCE_PHONE_REGION, "phone_number_source", "client"),
        (CheckName.DISTANCE_STATED_ADDRESS, "address_source", "applicant"),
        (CheckName.DISTANCE_IP, "ip_address_source", "observed"),
    ):
        assert next(m.evidence.values[key] for m in of(found, check)) == said_by


@pytest.mark.parametrize("check", FACT)
@pytest.mark.parametrize("km", [None, math.nan, math.inf, -math.inf])
def test_a_distance_that_is_no_number_is_unknown(
    card: DocumentReading, claims: Claims, facts: Facts, check: CheckName, km: float | None
) -> None:
    changes: dict[str, Any] = {FACT[check]: km}
    assert unanswered(measure(card, claims, replace(facts, **changes)), check) is Reason.FACT_UNKNOWN


@pytest.mark.parametrize("check", KM)
def test_without_a_position_there_is_no_distance(
    card: DocumentReading, claims: Claims, facts: Facts, check: CheckName
) -> None:
    found = measure(card, replace(claims, device_location=None), facts)
    assert unanswered(found, check) is Reason.NOT_PROVIDED


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"phone_number": " "}, CheckName.DISTANCE_PHONE_REGION),
        ({"phone_number": None}, CheckName.DISTANCE_PHONE_REGION),
        ({"address": " "}, CheckName.DISTANCE_STATED_ADDRESS),
        ({"address": None}, CheckName.DISTANCE_STATED_ADDRESS),
        ({"ip_address": ""}, CheckName.DISTANCE_IP),
        ({"ip_address": None}, CheckName.DISTANCE_IP),
    ],
)
def test_without_the_other_claim_there_is_no_distance(
    card: DocumentReading, claims: Claims, facts: Facts, change: dict[str, Any], check: CheckName
) -> None:
    assert unanswered(measure(card, replace(claims, **change), facts), check) is Reason.NOT_PROVIDED


def test_what_nobody_looked_up_is_unknown(card: DocumentReading, claims: Claims) -> None:
    found = measure(card, claims, Facts())
    reasons = {m.check: m.reason for m in found if isinstance(m, NotAssessed)}
    assert reasons == dict.fromkeys(KM, Reason.FACT_UNKNOWN) | {CheckName.DISTANCE_PHOTO: Reason.NOT_PROVIDED}


@pytest.mark.parametrize(
    ("country", "in_reach", "expected"),
    [
        ("CHN", (), ()),
        ("HKG", ("HKG",), ()),
        ("HKG", (), (Reason.IP_COUNTRY_DIFFERS,)),
        ("USA", ("HKG",), (Reason.IP_COUNTRY_DIFFERS,)),
    ],
)
def test_a_network_of_another_country_is_found(
    claims: Claims, facts: Facts, country: str, in_reach: tuple[str, ...], expected: tuple[Reason, ...]
) -> None:
    assert facts.position
    near = replace(with_ip(facts, country=country), position=replace(facts.position, countries_in_reach=in_reach))
    finding, score = of(measure(None, claims, near), CheckName.DISTANCE_IP)
    assert isinstance(finding, Finding)
    assert (finding.reasons, finding.evidence.values["ip_country"]) == (expected, country)
    assert isinstance(score, Score)


def test_a_database_of_countries_gives_no_distance(claims: Claims, facts: Facts) -> None:
    found = of(measure(None, claims, replace(facts, distance_device_to_ip_km=None)), CheckName.DISTANCE_IP)
    assert [type(m) for m in found] == [Finding]


def test_a_network_without_a_country_may_have_a_distance(claims: Claims, facts: Facts) -> None:
    assert facts.position
    for known in (with_ip(facts, country=None), replace(facts, position=replace(facts.position, country=None))):
        assert [type(m) for m in of(measure(None, claims, known), CheckName.DISTANCE_IP)] == [Score]
    lost = replace(facts, position=None)
    assert [type(m) for m in of(measure(None, claims, lost), CheckName.DISTANCE_IP)] == [Score]


def test_a_network_the_database_does_not_know_is_unknown(claims: Claims, facts: Facts) -> None:
    unknown = replace(facts, ip=IpFact(None, None, None, 0.0, ()), distance_device_to_ip_km=None)
    assert unanswered(measure(None, claims, unknown), CheckName.DISTANCE_IP) is Reason.FACT_UNKNOWN


def test_without_a_database_nobody_knows(claims: Claims, facts: Facts) -> None:
    (found,) = of(measure(None, claims, replace(facts, ip=None)), CheckName.DISTANCE_IP)
    assert isinstance(found, NotAssessed)
    assert (found.reason, found.cause) == (Reason.FACT_UNKNOWN, "no address database is mounted")


def test_a_passport_has_neither_region_nor_address(passport: DocumentReading, claims: Claims, facts: Facts) -> None:
    checks = {m.check for m in measure(passport, claims, facts)}
    assert checks == set(KM) - {CheckName.DISTANCE_DOCUMENT_REGION, CheckName.DISTANCE_PRINTED_ADDRESS}


def test_a_licence_has_an_address_and_no_region(licence: DocumentReading, claims: Claims, facts: Facts) -> None:
    assert {m.check for m in measure(licence, claims, facts)} == set(KM) - {CheckName.DISTANCE_DOCUMENT_REGION}


@pytest.mark.parametrize(
    ("field", "check"),
    [
        (FieldName.ID_NUMBER, CheckName.DISTANCE_DOCUMENT_REGION),
        (FieldName.ADDRESS, CheckName.DISTANCE_PRINTED_ADDRESS),
    ],
)
def test_an_uncertain_field_says_nothing_of_distance(
    card: DocumentReading, claims: Claims, facts: Facts, field: FieldName, check: CheckName
) -> None:
    fields = tuple(replace(f, is_certain=f.name is not field) for f in card.fields)
    (found,) = of(measure(replace(card, fields=fields), claims, facts), check)
    assert isinstance(found, Finding)
    assert found.reasons == (Reason.FIELD_UNCERTAIN,)


def test_an_address_that_was_not_read_is_unknown(card: DocumentReading, claims: Claims, facts: Facts) -> None:
    found = measure(replace(card, address=None), claims, facts)
    assert unanswered(found, CheckName.DISTANCE_PRINTED_ADDRESS) is Reason.FACT_UNKNOWN


def test_without_a_document_its_places_are_unusable(claims: Claims, facts: Facts) -> None:
    found = measure(None, claims, facts)
    for check in (CheckName.DISTANCE_DOCUMENT_REGION, CheckName.DISTANCE_PRINTED_ADDRESS):
        assert unanswered(found, check) is Reason.DOCUMENT_NOT_READ

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from kyc_service.consistency.phone import measure
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.domain.facts import Facts, LineType
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

FRONT = frozenset({CaptureKind.DOCUMENT_FRONT})


def with_phone(facts: Facts, **changes: Any) -> Facts:
    assert facts.phone
    return replace(facts, phone=replace(facts.phone, **changes))


def of(found: tuple[Measurement, ...], check: CheckName) -> tuple[Measurement, ...]:
    return tuple(m for m in found if m.check is check)


def test_a_good_number_is_clear_and_near(card: DocumentReading, claims: Claims, facts: Facts) -> None:
    valid, line, region, distance = measure(card, claims, facts)
    assert valid == Finding(CheckName.PHONE_VALID, evidence=valid.evidence)
    assert isinstance(line, Finding)
    assert (line.reasons, line.evidence.values["line_type"]) == ((), "mobile")
    assert isinstance(region, Finding)
    assert (region.reasons, region.captures) == ((), FRONT)
    assert isinstance(distance, Score)
    assert (distance.check, distance.name, distance.native) == (CheckName.PHONE_REGION_CONSISTENCY, "distance_km", 3.0)
    assert (distance.captures, distance.model_id) == (FRONT, "geodesic")


@pytest.mark.parametrize("number", [None, "", " "])
def test_without_a_number_nothing_is_assessed(
    card: DocumentReading, claims: Claims, facts: Facts, number: str | None
) -> None:
    found = measure(card, replace(claims, phone_number=number), facts)
    assert [m.reason for m in found if isinstance(m, NotAssessed)] == [Reason.NOT_PROVIDED] * 3
    assert all(m.captures == frozenset() for m in found)


def test_a_number_nobody_looked_up_is_unknown(card: DocumentReading, claims: Claims) -> None:
    found = measure(card, claims, Facts())
    assert [m.reason for m in found if isinstance(m, NotAssessed)] == [Reason.FACT_UNKNOWN] * 3


def test_an_invalid_number_is_found(card: DocumentReading, claims: Claims, facts: Facts) -> None:
    bad = with_phone(facts, is_valid=False, line_type=LineType.UNKNOWN)
    valid, line, *_ = measure(card, claims, bad)
    assert isinstance(valid, Finding)
    assert valid.reasons == (Reason.PHONE_INVALID,)
    assert line.evidence.values["line_type"] == "unknown"


@pytest.mark.parametrize("kind", LineType)
def test_the_kind_of_line_is_told_and_not_judged(
    card: DocumentReading, claims: Claims, facts: Facts, kind: LineType
) -> None:
    (line,) = of(measure(card, claims, with_phone(facts, line_type=kind)), CheckName.PHONE_LINE_TYPE)
    assert isinstance(line, Finding)
    assert (line.reasons, line.evidence.values["line_type"]) == ((), kind.value)


def test_another_country_is_found(card: DocumentReading, claims: Claims, facts: Facts) -> None:
    abroad = replace(with_phone(facts, country="HKG"), distance_document_region_to_phone_region_km=None)
    (region,) = of(measure(card, claims, abroad), CheckName.PHONE_REGION_CONSISTENCY)
    assert isinstance(region, Finding)
    assert region.reasons == (Reason.PHONE_COUNTRY_DIFFERS,)
    assert region.evidence.values["phone_country"] == "HKG"
    assert region.evidence.values["document_country"] == "CHN"


@pytest.mark.parametrize("km", [None, math.nan, math.inf])
def test_an_unknown_distance_is_no_score(card: DocumentReading, claims: Claims, facts: Facts, km: float | None) -> None:
    near = replace(facts, distance_document_region_to_phone_region_km=km)
    (region,) = of(measure(card, claims, near), CheckName.PHONE_REGION_CONSISTENCY)
    assert isinstance(region, Finding)


def test_an_unknown_country_is_unknown(card: DocumentReading, claims: Claims, facts: Facts) -> None:
    cases = ((card, with_phone(facts, country=None)), (replace(card, issuing_country=None), facts))
    for document, known in cases:
        (region,) = of(measure(document, claims, known), CheckName.PHONE_REGION_CONSISTENCY)
        assert isinstance(region, NotAssessed)
        assert (region.reason, region.captures) == (Reason.FACT_UNKNOWN, FRONT)


def test_an_uncertain_document_number_gives_no_distance(card: DocumentReading, claims: Claims, facts: Facts) -> None:
    fields = tuple(replace(f, is_certain=f.name is not FieldName.ID_NUMBER) for f in card.fields)
    found = of(measure(replace(card, fields=fields), claims, facts), CheckName.PHONE_REGION_CONSISTENCY)
    assert [m.reasons for m in found if isinstance(m, Finding)] == [(), (Reason.FIELD_UNCERTAIN,)]


def test_without_a_document_the_number_itself_is_still_judged(claims: Claims, facts: Facts) -> None:
    valid, line, region = measure(None, claims, facts)
    assert isinstance(valid, Finding)
    assert isinstance(line, Finding)
    assert isinstance(region, NotAssessed)
    assert (region.reason, region.captures) == (Reason.DOCUMENT_NOT_READ, FRONT)

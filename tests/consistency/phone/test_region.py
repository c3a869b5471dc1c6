from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from kyc_service.consistency.phone.region import measure
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.claims import Claims, DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.domain.facts import Facts, PhoneFact
from kyc_service.domain.measurements import Finding, NotAssessed, Score
from kyc_service.domain.reasons import Reason

FRONT = frozenset({CaptureKind.DOCUMENT_FRONT})
DIFFERS = (Reason.PHONE_COUNTRY_DIFFERS,)


@pytest.fixture
def phone(facts: Facts) -> PhoneFact:
    assert facts.phone
    return facts.phone


def country(document: DocumentReading, claims: Claims, phone: PhoneFact, dialled: str | None) -> Finding:
    (found,) = measure(document, claims, replace(phone, country=dialled), None)
    assert isinstance(found, Finding)
    return found


def numbered(document: DocumentReading, name: FieldName, text: str, *, is_certain: bool = True) -> DocumentReading:
    kept = tuple(f for f in document.fields if f.name is not name)
    reading = FieldReading(name, CaptureKind.DOCUMENT_FRONT, text, 0.99, 0.98, is_certain=is_certain)
    return replace(document, fields=(*kept, reading))


def test_regions_have_a_distance(card: DocumentReading, claims: Claims, phone: PhoneFact) -> None:
    finding, score = measure(card, claims, phone, 3.0)
    assert isinstance(finding, Finding)
    assert (finding.reasons, finding.captures) == ((), FRONT)
    assert finding.evidence.values["phone_region"] == "北京市"
    assert isinstance(score, Score)
    assert (score.name, score.native, score.captures, score.model_id) == ("distance_km", 3.0, FRONT, "geodesic")


@pytest.mark.parametrize("km", [None, math.nan, math.inf])
def test_an_unknown_distance_is_no_score(
    card: DocumentReading, claims: Claims, phone: PhoneFact, km: float | None
) -> None:
    (found,) = measure(card, claims, phone, km)
    assert isinstance(found, Finding)


@pytest.mark.parametrize(
    ("region", "dialled", "expected"),
    [
        ("110101", "CHN", ()),
        ("110101", "HKG", DIFFERS),
        ("110101", "USA", DIFFERS),
        ("810000", "HKG", ()),
        ("810000", "CHN", ()),
        ("810000", "MAC", DIFFERS),
        ("820000", "MAC", ()),
        ("830000", "TWN", ()),
        ("830000", "HKG", DIFFERS),
        ("710000", "TWN", ()),
    ],
)
def test_a_residents_number_may_come_from_home(
    card: DocumentReading, claims: Claims, phone: PhoneFact, region: str, dialled: str, expected: tuple[Reason, ...]
) -> None:
    holder = replace(card, id_number=region + "19900307002X")
    assert country(holder, claims, phone, dialled).reasons == expected


@pytest.mark.parametrize(
    ("number", "dialled", "expected"),
    [
        ("E12345678", "CHN", ()),
        ("E12345678", "HKG", DIFFERS),
        ("K12345678", "HKG", ()),
        ("H12345678", "HKG", ()),
        ("K12345678", "CHN", ()),
        ("MA1234567", "MAC", ()),
        ("MA1234567", "HKG", DIFFERS),
    ],
)
def test_a_passport_of_a_special_region_says_so_by_its_number(
    passport: DocumentReading, claims: Claims, phone: PhoneFact, number: str, dialled: str, expected: tuple[Reason, ...]
) -> None:
    chinese = numbered(replace(passport, issuing_country="CHN"), FieldName.DOCUMENT_NUMBER, number)
    assert country(chinese, claims, phone, dialled).reasons == expected


@pytest.mark.parametrize(
    "change", [{"issuing_country": "UTO"}, {"document_type": DocumentType.IDENTITY_CARD}, {"fields": ()}]
)
def test_other_documents_name_no_special_region(
    passport: DocumentReading, claims: Claims, phone: PhoneFact, change: dict[str, Any]
) -> None:
    chinese = numbered(replace(passport, issuing_country="CHN"), FieldName.DOCUMENT_NUMBER, "K12345678")
    assert country(replace(chinese, **change), claims, phone, "HKG").reasons == DIFFERS


def test_a_foreigners_mainland_number_differs(passport: DocumentReading, claims: Claims, phone: PhoneFact) -> None:
    found = country(passport, claims, phone, "CHN")
    assert found.reasons == DIFFERS
    assert found.evidence.values["document_country"] == "UTO"


@pytest.mark.parametrize(("here", "expected"), [("CHN", ()), ("HKG", DIFFERS), (None, DIFFERS)])
def test_a_number_of_where_its_holder_is_contradicts_nothing(
    passport: DocumentReading, claims: Claims, phone: PhoneFact, here: str | None, expected: tuple[Reason, ...]
) -> None:
    (found,) = measure(passport, claims, phone, None, here)
    assert isinstance(found, Finding)
    assert (found.reasons, found.evidence.values["position_country"]) == (expected, here)


def test_an_uncertain_number_tells_no_home(card: DocumentReading, claims: Claims, phone: PhoneFact) -> None:
    number = "81000019900307002X"
    unsure = numbered(replace(card, id_number=number), FieldName.ID_NUMBER, number, is_certain=False)
    assert country(unsure, claims, phone, "HKG").reasons == (Reason.FIELD_UNCERTAIN,)
    assert country(unsure, claims, phone, "CHN").reasons == ()


def test_an_uncertain_document_number_gives_no_distance(
    card: DocumentReading, claims: Claims, phone: PhoneFact
) -> None:
    unsure = numbered(card, FieldName.ID_NUMBER, "11010119900307002X", is_certain=False)
    found = measure(unsure, claims, phone, 3.0)
    assert [m.reasons for m in found if isinstance(m, Finding)] == [(), (Reason.FIELD_UNCERTAIN,)]


def test_an_unknown_country_is_unknown(card: DocumentReading, claims: Claims, phone: PhoneFact) -> None:
    for document, known in ((card, replace(phone, country=None)), (replace(card, issuing_country=None), phone)):
        (found,) = measure(document, claims, known, None)
        assert isinstance(found, NotAssessed)
        assert (found.reason, found.captures) == (Reason.FACT_UNKNOWN, FRONT)


def test_without_a_document_there_is_no_region(claims: Claims, phone: PhoneFact) -> None:
    (found,) = measure(None, claims, phone, 3.0)
    assert isinstance(found, NotAssessed)
    assert (found.reason, found.captures) == (Reason.DOCUMENT_NOT_READ, FRONT)

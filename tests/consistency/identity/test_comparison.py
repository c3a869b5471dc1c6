from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kyc_service.consistency.identity import measure
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims, ClaimSource, DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.domain.facts import Facts
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed
from kyc_service.domain.reasons import Reason

TODAY = date(2026, 11, 23)
FRONT = frozenset({CaptureKind.DOCUMENT_FRONT})
CHECKS = {
    "full_name": CheckName.NAME_COMPARISON,
    "date_of_birth": CheckName.DATE_OF_BIRTH_COMPARISON,
    "id_number": CheckName.ID_NUMBER_COMPARISON,
    "address": CheckName.ADDRESS_COMPARISON,
    "document_type": CheckName.DOCUMENT_TYPE_COMPARISON,
    "issuing_country": CheckName.ISSUING_COUNTRY_COMPARISON,
}


def answer(document: DocumentReading, **claimed: Any) -> Measurement:
    (claim,) = claimed
    (found,) = (m for m in measure(document, Claims(**claimed), Facts(), TODAY) if m.check is CHECKS[claim])
    return found


def reasons(document: DocumentReading, **claimed: Any) -> tuple[Reason, ...]:
    found = answer(document, **claimed)
    assert isinstance(found, Finding)
    assert found.captures == FRONT
    return found.reasons


def test_true_claims_are_clear(card: DocumentReading, claims: Claims, facts: Facts) -> None:
    found = measure(card, claims, facts, TODAY)
    assert [m.check for m in found] == list(CHECKS.values())
    assert all(isinstance(m, Finding) and m.reasons == () and m.captures == FRONT for m in found)
    assert found[0].evidence.values["mode"] == "exact"


@pytest.mark.parametrize(
    ("claimed", "reason"),
    [
        ({"full_name": "阿依古丽·买买"}, Reason.NAME_MISMATCH),
        ({"date_of_birth": date(1990, 7, 3)}, Reason.DATE_OF_BIRTH_MISMATCH),
        ({"id_number": "110101199003070010"}, Reason.ID_NUMBER_MISMATCH),
        ({"document_type": DocumentType.PASSPORT}, Reason.DOCUMENT_TYPE_MISMATCH),
        ({"issuing_country": "JPN"}, Reason.ISSUING_COUNTRY_MISMATCH),
    ],
)
def test_each_false_claim_is_found(card: DocumentReading, claimed: dict[str, Any], reason: Reason) -> None:
    found = answer(card, **claimed)
    assert isinstance(found, Finding)
    assert found.reasons == (reason,)
    assert {"claimed", "document"} <= set(found.evidence.values)


@pytest.mark.parametrize(
    "claimed",
    [
        {"full_name": "阿依古丽 • 买买提"},
        {"id_number": "110101-19900307-002x"},
        {"issuing_country": " chn "},
    ],
)
def test_spelling_does_not_matter(card: DocumentReading, claimed: dict[str, Any]) -> None:
    assert reasons(card, **claimed) == ()


@pytest.mark.parametrize("blank", [None, "", "  "])
@pytest.mark.parametrize("claim", ["full_name", "id_number", "address", "issuing_country"])
def test_what_is_not_claimed_cannot_be_compared(card: DocumentReading, claim: str, blank: str | None) -> None:
    found = answer(card, **{claim: blank})
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.NOT_PROVIDED


def test_without_claims_nothing_is_compared(card: DocumentReading) -> None:
    found = measure(card, Claims(), Facts(), TODAY)
    assert [m.reason for m in found if isinstance(m, NotAssessed)] == [Reason.NOT_PROVIDED] * 6


@pytest.mark.parametrize("claim", ["full_name", "date_of_birth", "id_number", "issuing_country"])
def test_what_was_not_read_cannot_be_compared(card: DocumentReading, claims: Claims, claim: str) -> None:
    unread: dict[str, Any] = {claim: None}
    found = answer(replace(card, **unread), **{claim: getattr(claims, claim)})
    assert isinstance(found, NotAssessed)
    assert (found.reason, found.captures) == (Reason.FACT_UNKNOWN, FRONT)


@pytest.mark.parametrize(
    ("claim", "field"),
    [
        ("full_name", FieldName.FULL_NAME),
        ("date_of_birth", FieldName.DATE_OF_BIRTH),
        ("id_number", FieldName.ID_NUMBER),
    ],
)
def test_what_was_read_without_certainty_neither_clears_nor_rejects(
    card: DocumentReading, claims: Claims, claim: str, field: FieldName
) -> None:
    fields = tuple(replace(f, is_certain=f.name is not field) for f in card.fields)
    other = {"full_name": "李四", "date_of_birth": date(1999, 1, 1), "id_number": "1"}
    for value in (getattr(claims, claim), other[claim]):
        assert reasons(replace(card, fields=fields), **{claim: value}) == (Reason.FIELD_UNCERTAIN,)


@pytest.mark.parametrize(
    ("name", "expected", "mode"),
    [
        ("ERIKSSON ANNA MARIA", (), "exact"),
        ("eriksson anna maria", (), "normalised"),
        ("Anna Maria Eriksson", (Reason.NAME_MATCHES_NORMALISED,), "reordered"),
        ("Eriksson, Anna-Maria", (Reason.NAME_MATCHES_NORMALISED,), "transliterated"),
        ("Anna Eriksson", (Reason.NAME_MISMATCH,), "different"),
    ],
)
def test_a_passports_name_says_how_it_matched(
    passport: DocumentReading, name: str, expected: tuple[Reason, ...], mode: str
) -> None:
    found = answer(passport, full_name=name)
    assert isinstance(found, Finding)
    assert (found.reasons, found.evidence.values["mode"]) == (expected, mode)


def test_a_name_known_from_the_zone_alone_is_compared(passport: DocumentReading) -> None:
    found = answer(replace(passport, full_name=None), full_name="Eriksson Anna Maria")
    assert isinstance(found, Finding)
    assert found.evidence.values["document"] == "ERIKSSON ANNA MARIA"


def test_a_name_in_another_script_is_not_guessed_at(passport: DocumentReading) -> None:
    found = answer(passport, full_name="安娜")
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.FACT_UNKNOWN


def test_a_passports_own_number_stands_in_for_a_national_one(passport: DocumentReading) -> None:
    assert reasons(passport, id_number="l 898902-c3") == ()
    assert reasons(passport, id_number="L898902C4") == (Reason.ID_NUMBER_MISMATCH,)
    printed = FieldReading(FieldName.DOCUMENT_NUMBER, CaptureKind.DOCUMENT_FRONT, "X1234567", 0.9, 0.9, is_certain=True)
    assert reasons(replace(passport, fields=(printed,)), id_number="X1234567") == ()


def test_a_resident_number_is_not_compared_with_a_passports(passport: DocumentReading) -> None:
    found = answer(passport, id_number="11010119900307002X")
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.FACT_UNKNOWN


def test_a_passport_of_no_readable_zone_has_no_number(passport: DocumentReading) -> None:
    found = answer(replace(passport, mrz_lines=()), id_number="L898902C3")
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.FACT_UNKNOWN


def test_a_passport_is_a_passport(passport: DocumentReading) -> None:
    assert reasons(passport, document_type=DocumentType.PASSPORT) == ()


def test_without_a_document_nothing_is_compared(claims: Claims) -> None:
    found = measure(None, claims, Facts(), TODAY)
    assert [m.check for m in found] == list(CHECKS.values())
    assert all(isinstance(m, NotAssessed) and m.reason is Reason.DOCUMENT_NOT_READ for m in found)
    assert all(m.captures == FRONT for m in found)


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        ("SAMPLE MICHAEL JOHN", ()),
        ("Sample Michael John", ()),
        ("Michael John Sample", (Reason.NAME_MATCHES_NORMALISED,)),
        ("Michael John Simple", (Reason.NAME_MISMATCH,)),
    ],
)
def test_a_licences_name_is_in_its_barcode(
    licence: DocumentReading, claimed: str, expected: tuple[Reason, ...]
) -> None:
    found = answer(licence, full_name=claimed)
    assert isinstance(found, Finding)
    assert found.reasons == expected
    nameless = replace(licence, full_name=None, barcode=(licence.barcode or "").replace("DCSSAMPLE", "DCSNONE"))
    assert isinstance(answer(nameless, full_name=claimed), NotAssessed)


def test_a_licences_number_birth_date_and_country_are_compared(licence: DocumentReading) -> None:
    for claim, true, false in (
        ("id_number", "T64235789", "T64235780"),
        ("date_of_birth", date(1986, 6, 6), date(1986, 6, 7)),
        ("issuing_country", "USA", "CAN"),
        ("document_type", DocumentType.DRIVING_LICENCE, DocumentType.PASSPORT),
    ):
        right, wrong = answer(licence, **{claim: true}), answer(licence, **{claim: false})
        assert isinstance(right, Finding)
        assert isinstance(wrong, Finding)
        assert (right.reasons, bool(wrong.reasons)) == ((), True)


def test_the_kind_is_shown_where_a_document_is_told(card: DocumentReading, licence: DocumentReading) -> None:
    foreign_card = replace(card, document_type=DocumentType.CN_FOREIGN_PERMANENT_RESIDENT_CARD)
    front = replace(licence, barcode=None, fields=licence.fields[1:], captures=FRONT)
    back = frozenset({CaptureKind.DOCUMENT_BACK})
    places = {foreign_card: (FRONT, "id_number"), licence: (back, "barcode"), front: (FRONT, "document_number")}
    for document, (captures, label) in places.items():
        found = answer(document, document_type=document.document_type)
        assert isinstance(found, Finding)
        assert (found.reasons, found.captures) == ((), captures)
        assert [region.label for region in found.evidence.regions] == [label]


@pytest.mark.parametrize("number", ["", "--", "——"])
def test_a_number_without_a_character_was_not_read(passport: DocumentReading, number: str) -> None:
    fields = (*passport.fields, FieldReading(FieldName.DOCUMENT_NUMBER, CaptureKind.DOCUMENT_FRONT, number, 0.9, 0.9))
    found = answer(replace(passport, fields=fields), id_number="--")
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.FACT_UNKNOWN


def test_every_comparison_tells_who_made_the_claim(card: DocumentReading, claims: Claims, facts: Facts) -> None:
    for source in ClaimSource:
        found = measure(card, replace(claims, source=source, sources={}), facts, TODAY)
        assert [m.evidence.values["source"] for m in found] == [source.value] * len(CHECKS)

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kyc_service.consistency.document import measure
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName, FieldReading
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

TODAY = date(2026, 11, 23)
FRONT = frozenset({CaptureKind.DOCUMENT_FRONT})
BACK = frozenset({CaptureKind.DOCUMENT_BACK})


def answer(document: DocumentReading, check: CheckName, today: date = TODAY) -> Measurement:
    (found,) = (m for m in measure(document, today) if m.check is check)
    return found


def reasons(document: DocumentReading, check: CheckName, today: date = TODAY) -> tuple[Reason, ...]:
    found = answer(document, check, today)
    assert isinstance(found, Finding)
    return found.reasons


def test_a_genuine_cards_number_is_clear_and_boxed(card: DocumentReading) -> None:
    found = answer(card, CheckName.ID_NUMBER)
    assert isinstance(found, Finding)
    assert (found.reasons, found.captures) == ((), FRONT)
    assert found.evidence.values == {"number": "11010119900307002X"}
    assert [region.label for region in found.evidence.regions] == ["id_number"]


def test_everything_wrong_with_the_number_is_found(card: DocumentReading) -> None:
    assert reasons(replace(card, id_number="990101199002300020"), CheckName.ID_NUMBER) == (
        Reason.ID_NUMBER_CHECK_DIGIT,
        Reason.ID_NUMBER_IMPOSSIBLE_DATE,
        Reason.ID_NUMBER_UNKNOWN_REGION,
    )


def test_a_number_that_could_not_be_parsed_is_judged_by_its_text(card: DocumentReading) -> None:
    text = FieldReading(FieldName.ID_NUMBER, CaptureKind.DOCUMENT_FRONT, "1101011990", 0.9, 0.9, is_certain=True)
    assert reasons(replace(card, id_number=None, fields=(text,)), CheckName.ID_NUMBER) == (Reason.ID_NUMBER_MALFORMED,)


def test_a_card_without_a_number_misses_it(card: DocumentReading) -> None:
    assert reasons(replace(card, id_number=None, fields=()), CheckName.ID_NUMBER) == (Reason.ID_NUMBER_MISSING,)


@pytest.mark.parametrize("number", ["11010119900307002X", "110101199003070021"])
def test_an_uncertain_number_neither_clears_nor_rejects(card: DocumentReading, number: str) -> None:
    fields = tuple(replace(f, is_certain=f.name is not FieldName.ID_NUMBER) for f in card.fields)
    found = answer(replace(card, id_number=number, fields=fields), CheckName.ID_NUMBER)
    assert isinstance(found, Finding)
    assert found.reasons == (Reason.FIELD_UNCERTAIN,)
    assert found.evidence.values == {"number": number, "uncertain_fields": ["id_number"]}


def test_a_passport_is_not_asked_for_a_national_number(passport: DocumentReading) -> None:
    with_number = replace(passport, id_number="ZE184226B")
    for document in (passport, with_number):
        assert {m.check for m in measure(document, TODAY)} == {
            CheckName.MRZ,
            CheckName.DOCUMENT_EXPIRATION,
            CheckName.AGE,
        }


def test_another_countrys_number_has_no_rule_here(passport: DocumentReading) -> None:
    identity_card = replace(passport, document_type=DocumentType.IDENTITY_CARD)
    assert CheckName.ID_NUMBER not in {m.check for m in measure(identity_card, TODAY)}
    found = answer(replace(identity_card, id_number="ZE184226B"), CheckName.ID_NUMBER)
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.FACT_UNKNOWN


def test_a_genuine_zone_is_clear(passport: DocumentReading) -> None:
    found = answer(passport, CheckName.MRZ)
    assert isinstance(found, Finding)
    assert (found.reasons, found.captures) == ((), FRONT)
    assert found.evidence.values["format"] == "TD3"
    assert found.evidence.values["failed"] == []


def test_a_resident_card_has_no_zone(card: DocumentReading) -> None:
    assert CheckName.MRZ not in {m.check for m in measure(card, TODAY)}


def test_each_failing_check_digit_is_evidence(passport: DocumentReading) -> None:
    lines = (passport.mrz_lines[0], passport.mrz_lines[1].replace("7408122", "7408132"))
    found = answer(replace(passport, mrz_lines=lines), CheckName.MRZ)
    assert isinstance(found, Finding)
    assert found.reasons == (Reason.MRZ_CHECK_DIGIT,)
    assert found.evidence.values["failed"] == ["date_of_birth", "composite"]
    assert found.evidence.values["printed"] == ["2", "6"]
    assert found.evidence.values["expected"] == ["3", "3"]


def test_malformed_fields_are_evidence(passport: DocumentReading) -> None:
    lines = (passport.mrz_lines[0], passport.mrz_lines[1].replace("2F3", "2K3"))
    found = answer(replace(passport, mrz_lines=lines), CheckName.MRZ)
    assert isinstance(found, Finding)
    assert found.reasons == (Reason.MRZ_MALFORMED,)
    assert found.evidence.values["malformed"] == ["sex"]


def test_a_zone_of_no_format_is_malformed(passport: DocumentReading) -> None:
    found = answer(replace(passport, mrz_lines=("P<UTO",)), CheckName.MRZ)
    assert isinstance(found, Finding)
    assert found.reasons == (Reason.MRZ_MALFORMED,)
    assert found.evidence.values == {"lines": ["P<UTO"]}


def test_a_missing_zone_is_missing(passport: DocumentReading) -> None:
    assert reasons(replace(passport, mrz_lines=()), CheckName.MRZ) == (Reason.MRZ_MISSING,)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2020, 5, 5), (Reason.DOCUMENT_NOT_YET_VALID,)),
        (date(2020, 5, 6), ()),
        (date(2040, 5, 6), ()),
        (date(2040, 5, 7), (Reason.DOCUMENT_EXPIRED,)),
    ],
)
def test_the_first_and_the_last_day_are_valid(card: DocumentReading, today: date, expected: tuple[Reason, ...]) -> None:
    assert reasons(card, CheckName.DOCUMENT_EXPIRATION, today) == expected


def test_the_period_is_seen_on_the_back(card: DocumentReading) -> None:
    found = answer(card, CheckName.DOCUMENT_EXPIRATION)
    assert isinstance(found, Finding)
    assert found.captures == BACK
    assert found.evidence.values == {"valid_from": "2020-05-06", "valid_until": "2040-05-06", "is_open": False}
    assert [region.label for region in found.evidence.regions] == ["valid_from", "valid_until"]


def test_a_long_term_card_does_not_expire(card: DocumentReading) -> None:
    open_card = replace(card, valid_until=None, valid_until_is_open=True)
    assert reasons(open_card, CheckName.DOCUMENT_EXPIRATION, date(2099, 1, 1)) == ()


def test_an_expiry_without_a_beginning_is_enough(passport: DocumentReading) -> None:
    assert reasons(passport, CheckName.DOCUMENT_EXPIRATION) == ()


def test_without_its_back_a_cards_expiry_is_unknown(card: DocumentReading) -> None:
    front = tuple(f for f in card.fields if f.capture is CaptureKind.DOCUMENT_FRONT)
    found = answer(replace(card, valid_until=None, fields=front), CheckName.DOCUMENT_EXPIRATION)
    assert isinstance(found, NotAssessed)
    assert (found.reason, found.captures) == (Reason.EXPIRY_UNKNOWN, BACK)


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        (date(1990, 3, 7), date(2026, 3, 6), 35),
        (date(1990, 3, 7), date(2026, 3, 7), 36),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 11, 24), date(2026, 11, 23), -1),
    ],
)
def test_age_is_completed_years(card: DocumentReading, born: date, today: date, years: int) -> None:
    found = answer(replace(card, date_of_birth=born), CheckName.AGE, today)
    assert isinstance(found, Score)
    assert (found.name, found.native, found.mapped, found.model_id) == ("age_years", years, max(years, 0), "calendar")
    assert found.captures == FRONT


def test_without_a_birth_date_there_is_no_age(card: DocumentReading) -> None:
    found = answer(replace(card, date_of_birth=None), CheckName.AGE)
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.NOT_PROVIDED


def test_an_uncertain_birth_date_gives_no_age(card: DocumentReading) -> None:
    fields = tuple(replace(f, is_certain=f.name is not FieldName.DATE_OF_BIRTH) for f in card.fields)
    assert reasons(replace(card, fields=fields), CheckName.AGE) == (Reason.FIELD_UNCERTAIN,)


def test_without_a_document_nothing_is_assessed() -> None:
    for found in measure(None, TODAY):
        assert isinstance(found, NotAssessed)
        assert (found.reason, found.captures) == (Reason.DOCUMENT_NOT_READ, FRONT)


DUTCH = ("P<NLDDE<BRUIJN<<WILLEKE<LISELOTTE<<<<<<<<<<<", "SPECI20142NLD6503101F2403096999999990<<<<<84")


def _id_number(document: DocumentReading) -> Measurement | None:
    return next((m for m in measure(document, TODAY) if m.check is CheckName.ID_NUMBER), None)


@pytest.mark.parametrize(
    ("number", "reasons"), [("999999990", ()), ("999999991", (Reason.NATIONAL_NUMBER_INVALID,)), ("<<<<<<<<<", None)]
)
def test_a_national_number_in_the_zone_is_checked_where_the_state_puts_one(
    passport: DocumentReading, number: str, reasons: tuple[Reason, ...] | None
) -> None:
    lines = (DUTCH[0], DUTCH[1].replace("999999990", number))
    found = _id_number(replace(passport, mrz_lines=lines, issuing_country="NLD"))
    if reasons is None:
        assert found is None
    else:
        assert isinstance(found, Finding)
        assert (found.reasons, found.evidence.values["number"]) == (reasons, number)


def test_an_identity_card_of_a_country_without_practice_is_not_judged(passport: DocumentReading) -> None:
    found = _id_number(replace(passport, document_type=DocumentType.IDENTITY_CARD, id_number="1"))
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.FACT_UNKNOWN


@pytest.mark.parametrize(
    ("number", "reasons"),
    [
        ("911124198108030024", ()),
        ("CAN110081080310", ()),
        ("911124198108030025", (Reason.ID_NUMBER_CHECK_DIGIT,)),
        ("11010119900307002X", (Reason.ID_NUMBER_MALFORMED,)),
        (None, (Reason.ID_NUMBER_MISSING,)),
    ],
)
def test_the_foreign_permanent_residents_number_has_its_own_rule(
    card: DocumentReading, number: str | None, reasons: tuple[Reason, ...]
) -> None:
    kind = DocumentType.CN_FOREIGN_PERMANENT_RESIDENT_CARD
    fields = tuple(f for f in card.fields if f.name is not FieldName.ID_NUMBER or number)
    found = _id_number(replace(card, document_type=kind, id_number=number, fields=fields))
    assert isinstance(found, Finding)
    assert found.reasons == reasons

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.consistency.printed_text import measure
from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.measurements import Finding, NotAssessed
from kyc_service.domain.reasons import Reason

TODAY = date(2026, 11, 23)
LINES = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3004157ZE184226B<<<<<16")


def find(passport: DocumentReading, *printed: str) -> Finding:
    (found,) = measure(replace(passport, printed_lines=printed), TODAY)
    assert isinstance(found, Finding)
    return found


def instead(passport: DocumentReading, at: int, line: str) -> Finding:
    printed = list(passport.printed_lines)
    printed[at] = line
    return find(passport, *printed)


def test_a_genuine_passport_confirms_itself(passport: DocumentReading) -> None:
    found = find(passport, *passport.printed_lines)
    assert (found.check, found.reasons) == (CheckName.PRINTED_TEXT_CONSISTENCY, ())
    assert found.captures == {CaptureKind.DOCUMENT_FRONT}
    assert found.evidence.values == {
        "document_number": "found",
        "surname": "found",
        "date_of_birth": "found",
        "date_of_expiry": "found",
    }


@pytest.mark.parametrize(
    ("at", "line", "field"),
    [
        (0, "UTOPIA PASSPORT", "document_number"),
        (1, "Surname: Ericsson", "surname"),
        (1, "Surname: Erikssonova", "surname"),
        (2, "12 AUG 1975", "date_of_birth"),
        (3, "Date of expiry 15.04.2031", "date_of_expiry"),
    ],
)
def test_what_is_not_found_again_is_not_confirmed(passport: DocumentReading, at: int, line: str, field: str) -> None:
    found = instead(passport, at, line)
    assert found.reasons == (Reason.PRINTED_TEXT_NOT_CONFIRMED,)
    assert found.evidence.values[field] == "not_found"


def test_nothing_printed_confirms_nothing(passport: DocumentReading) -> None:
    assert find(passport).reasons == (Reason.PRINTED_TEXT_NOT_CONFIRMED,)


def test_a_line_of_the_zone_does_not_confirm_itself(passport: DocumentReading) -> None:
    assert instead(passport, 0, "L898902C3<<").reasons == (Reason.PRINTED_TEXT_NOT_CONFIRMED,)


@pytest.mark.parametrize("line", ["No L 898902 C3", "L898-902-C3", "passport no. l898902c3", "ＵＴＯ Ｌ898902C3"])
def test_a_number_is_found_however_it_is_spaced(passport: DocumentReading, line: str) -> None:
    assert instead(passport, 0, line).reasons == ()


def test_look_alikes_are_no_contradiction(passport: DocumentReading) -> None:
    found = instead(passport, 0, "L8989O2C3")
    assert found.reasons == ()
    assert found.evidence.values["document_number"] == "look_alike"


@pytest.mark.parametrize("line", ["L898902C4", "PASSPORT L898702C3"])
def test_a_number_that_differs_in_one_character_is_a_contradiction(passport: DocumentReading, line: str) -> None:
    found = instead(passport, 0, line)
    assert found.reasons == (Reason.MRZ_CONTRADICTS_PRINTED_TEXT,)
    assert found.evidence.values["document_number"] == "different"


def test_the_right_number_elsewhere_outweighs_a_near_one(passport: DocumentReading) -> None:
    assert instead(passport, 0, "L898902C4 L898902C3").reasons == ()


@pytest.mark.parametrize("line", ["L898703C3", "L898902C33", "L898902C"])
def test_another_number_is_only_not_confirmed(passport: DocumentReading, line: str) -> None:
    assert instead(passport, 0, line).reasons == (Reason.PRINTED_TEXT_NOT_CONFIRMED,)


def test_a_zone_that_fails_its_own_digit_contradicts_nothing(passport: DocumentReading) -> None:
    lines = (LINES[0], LINES[1].replace("L898902C36", "L898902C46"))
    assert find(replace(passport, mrz_lines=lines), *passport.printed_lines).reasons == (
        Reason.PRINTED_TEXT_NOT_CONFIRMED,
    )


def test_short_numbers_contradict_nothing(passport: DocumentReading) -> None:
    lines = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "12345<<<<7UTO7408122F3004157<<<<<<<0")
    card = replace(passport, document_type=DocumentType.IDENTITY_CARD, mrz_lines=lines)
    found = find(card, "12346", *passport.printed_lines[1:])
    assert found.reasons == (Reason.PRINTED_TEXT_NOT_CONFIRMED,)


@pytest.mark.parametrize("line", ["Nom MÜLLER", "MUELLER", "Mueller Joerg"])
def test_a_surname_is_found_in_its_own_letters(passport: DocumentReading, line: str) -> None:
    lines = (LINES[0].replace("ERIKSSON<", "MUELLER<<"), LINES[1])
    found = instead(replace(passport, mrz_lines=lines), 1, line)
    assert found.evidence.values["surname"] == "found"


def test_a_surname_that_fills_the_zone_may_go_on_in_print(passport: DocumentReading) -> None:
    surname = "PAPANDROPOULOUS<WOLFESCHLEGELSTEINHAUSE"
    lines = ("P<UTO" + surname, LINES[1])
    found = instead(replace(passport, mrz_lines=lines), 1, "Papandropoulous-Wolfeschlegelsteinhausenberger")
    assert found.evidence.values["surname"] == "found"


def test_a_zone_without_a_surname_finds_none(passport: DocumentReading) -> None:
    lines = ("P<UTO" + "<" * 39, LINES[1])
    found = find(replace(passport, mrz_lines=lines), *passport.printed_lines)
    assert found.evidence.values["surname"] == "not_found"


def test_an_unknown_date_is_not_looked_for(passport: DocumentReading) -> None:
    lines = (LINES[0], LINES[1].replace("7408122", "74<<<<8"))
    found = instead(replace(passport, mrz_lines=lines), 2, "1974")
    assert "date_of_birth" not in found.evidence.values
    assert found.reasons == ()


def test_an_uncertain_zone_contradicts_nothing(passport: DocumentReading) -> None:
    fields = tuple(replace(f, is_certain=False) for f in passport.fields)
    found = find(replace(passport, fields=fields), "L898902C4")
    assert found.reasons == (Reason.FIELD_UNCERTAIN,)


def test_an_unreadable_zone_compares_with_nothing(passport: DocumentReading) -> None:
    (found,) = measure(replace(passport, mrz_lines=("P<UTO",)), TODAY)
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.FACT_UNKNOWN


def test_a_resident_card_raises_no_such_question(card: DocumentReading) -> None:
    assert measure(card, TODAY) == ()


def test_without_a_document_nothing_is_assessed() -> None:
    (found,) = measure(None, TODAY)
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.DOCUMENT_NOT_READ


@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_text_gives_an_answer(lines: list[str]) -> None:
    document = DocumentReading(DocumentType.PASSPORT, "UTO", (), mrz_lines=LINES, printed_lines=tuple(lines))
    (found,) = measure(document, TODAY)
    assert isinstance(found, Finding)
    assert found.reasons

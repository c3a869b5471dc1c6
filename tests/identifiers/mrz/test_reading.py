"""Zones printed in ICAO Doc 9303 and on published specimens."""

from __future__ import annotations

from datetime import date

import pytest

from kyc_service.domain.document import Sex
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import mrz
from kyc_service.identifiers.errors import MalformedIdentifier, WrongCheckDigit
from kyc_service.identifiers.mrz import MrzFormat

TODAY = date(2026, 11, 23)

TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
TD1_LONG = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
MRV_A = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
MRV_B = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<")
GERMAN = ("IDD<<T220001293<<<<<<<<<<<<<<<", "6408125<2010315D<<<<<<<<<<<<<4", "MUSTERMANN<<ERIKA<<<<<<<<<<<<<")
POLISH = ("P<POLKOWALSKA<KWIATKOWSKA<<JOANNA<<<<<<<<<<<", "AA00000000POL6002084F1412314<<<<<<<<<<<<<<<4")

ALL = {
    MrzFormat.TD1: TD1,
    MrzFormat.TD2: TD2,
    MrzFormat.TD3: TD3,
    MrzFormat.MRV_A: MRV_A,
    MrzFormat.MRV_B: MRV_B,
}


def swap(lines: tuple[str, ...], line: int, start: int, text: str) -> tuple[str, ...]:
    changed = lines[line][:start] + text + lines[line][start + len(text) :]
    return (*lines[:line], changed, *lines[line + 1 :])


@pytest.mark.parametrize("expected", ALL)
def test_the_documents_own_examples_are_valid(expected: MrzFormat) -> None:
    zone = mrz.parse(ALL[expected], TODAY)
    assert zone.format is expected
    assert (zone.surname, zone.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert mrz.validate(ALL[expected], TODAY) == ALL[expected]


def test_a_passport_is_read_whole() -> None:
    zone = mrz.parse(TD3, TODAY)
    assert (zone.document_code, zone.issuing_state, zone.nationality) == ("P", "UTO", "UTO")
    assert (zone.document_number, zone.optional_data) == ("L898902C3", ("ZE184226B",))
    assert (zone.date_of_birth, zone.date_of_expiry) == (date(1974, 8, 12), date(2012, 4, 15))
    assert zone.sex is Sex.FEMALE
    assert not zone.is_name_truncated
    fields = [digit.field for digit in zone.check_digits]
    assert fields == ["document_number", "date_of_birth", "date_of_expiry", "optional_data", "composite"]


def test_a_long_card_number_goes_on_in_the_optional_data() -> None:
    zone = mrz.parse(TD1_LONG, TODAY)
    assert zone.document_number == "D23145890734"
    assert zone.optional_data == ()
    assert not zone.failed
    assert zone.date_of_expiry == date(1995, 7, 12)


def test_a_long_number_goes_on_in_a_td2_too() -> None:
    digit = mrz.check_digit("D23145890734")
    zone = mrz.parse(swap(swap(TD2, 1, 0, "D23145890<"), 1, 28, f"734{digit}"), TODAY)
    assert zone.document_number == "D23145890734"
    assert [failed.field for failed in zone.failed] == ["composite"]


def test_a_passport_number_never_goes_on() -> None:
    zone = mrz.parse(swap(TD3, 1, 9, "<"), TODAY)
    assert zone.document_number == "L898902C3"
    assert zone.failed[0].field == "document_number"


def test_a_long_number_leaves_the_rest_of_the_optional_data() -> None:
    zone = mrz.parse(swap(TD1_LONG, 0, 20, "XYZ"), TODAY)
    assert (zone.document_number, zone.optional_data) == ("D23145890734", ("XYZ",))


@pytest.mark.parametrize("number", ["D2314589<<", "D23145890<"])
def test_filler_for_a_check_digit_without_more_number_is_no_long_number(number: str) -> None:
    zone = mrz.parse(swap(TD1, 0, 5, number), TODAY)
    assert zone.document_number == number.rstrip("<")
    assert zone.failed[0] == mrz.CheckDigit("document_number", mrz.check_digit(number[:9]), "<", is_ok=False)


def test_visas_have_no_composite() -> None:
    assert mrz.parse(MRV_A, TODAY).composite is None
    composite = mrz.parse(TD3, TODAY).composite
    assert composite == mrz.CheckDigit("composite", "0", "0", is_ok=True)


def test_germany_leaves_sex_open_and_writes_its_state_with_one_letter() -> None:
    zone = mrz.parse(GERMAN, TODAY)
    assert (zone.issuing_state, zone.sex, zone.failed, zone.malformed) == ("D", Sex.UNSPECIFIED, (), ())


def test_the_digit_of_empty_optional_data_may_be_filler() -> None:
    zone = mrz.parse(POLISH, TODAY)
    assert zone.check_digit_of("optional_data") == mrz.CheckDigit("optional_data", "0", "<", is_ok=True)
    assert mrz.is_valid(POLISH, TODAY)


@pytest.mark.parametrize(("start", "check"), [(0, 9), (13, 19), (21, 27)])
def test_no_other_digit_may_be_filler(start: int, check: int) -> None:
    """Parts 4 to 7, section 4.2.2: only the digit of an unused personal number is optional."""
    lines = swap(swap(TD3, 1, start, "<" * (check - start)), 1, check, "<")
    assert [digit.printed for digit in mrz.parse(lines, TODAY).failed][:1] == ["<"]


def test_a_card_has_no_digit_of_its_own_for_optional_data() -> None:
    assert mrz.parse(TD1, TODAY).check_digit_of("optional_data") is None


def test_a_name_that_fills_its_field_may_be_truncated() -> None:
    zone = mrz.parse(swap(TD2, 0, 5, "NILAVADHANANANDA<<CHAYAPA<DEJTH"), TODAY)
    assert zone.is_name_truncated
    assert zone.given_names == "CHAYAPA DEJTH"


def test_a_single_name_has_no_given_names() -> None:
    zone = mrz.parse(swap(TD2, 0, 5, "ARKFREITH" + "<" * 22), TODAY)
    assert (zone.surname, zone.given_names) == ("ARKFREITH", "")


@pytest.mark.parametrize(
    ("line", "start", "text", "field"),
    [
        (0, 0, "1<", "document_code"),
        (0, 2, "U7O", "issuing_state"),
        (0, 2, "<<<", "issuing_state"),
        (0, 2, "DE<", "issuing_state"),
        (0, 0, "I<", "document_code"),
        (0, 0, "P1", "document_code"),
        (1, 10, "1TO", "nationality"),
        (0, 5, "<RIKSSON", "name"),
        (0, 5, "ER1KSSON", "name"),
        (1, 0, "<<<<<<<<<", "document_number"),
        (1, 13, "741312", "date_of_birth"),
        (1, 13, "74A812", "date_of_birth"),
        (1, 21, "120230", "date_of_expiry"),
        (1, 20, "K", "sex"),
        (1, 20, "X", "sex"),
        (1, 21, "12<<<<", "date_of_expiry"),
    ],
)
def test_a_field_of_the_wrong_type_is_malformed(line: int, start: int, text: str, field: str) -> None:
    lines = swap(TD3, line, start, text)
    assert mrz.parse(lines, TODAY).malformed == (field,)
    assert mrz.problems(lines, TODAY)[0] is Reason.MRZ_MALFORMED
    with pytest.raises(MalformedIdentifier):
        mrz.validate(lines, TODAY)


def test_codes_that_no_list_holds_are_told_apart_from_form() -> None:
    zone = mrz.parse(swap(swap(TD3, 0, 2, "QQQ"), 1, 10, "ZZZ"), TODAY)
    assert zone.unlisted_codes == ("issuing_state", "nationality")
    assert mrz.parse(swap(TD3, 1, 10, "<<<"), TODAY).unlisted_codes == ()
    assert zone.malformed == ()


def test_every_failing_check_digit_is_named() -> None:
    lines = swap(TD3, 1, 13, "740813")
    zone = mrz.parse(lines, TODAY)
    assert [(d.field, d.expected, d.printed) for d in zone.failed] == [
        ("date_of_birth", "3", "2"),
        ("composite", "7", "0"),
    ]
    assert mrz.problems(lines, TODAY) == (Reason.MRZ_CHECK_DIGIT,)
    with pytest.raises(WrongCheckDigit):
        mrz.validate(lines, TODAY)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("P<UTO",),
        TD3[:1],
        (*TD3, TD3[0], TD3[1]),
        (TD3[0], TD3[1][:-1]),
        (TD3[0], TD2[1]),
        (TD3[0].replace("<", "«"), TD3[1]),
        (TD1[0], TD1[1], TD2[0]),
    ],
)
def test_other_shapes_are_malformed(lines: tuple[str, ...]) -> None:
    assert mrz.problems(lines, TODAY) == (Reason.MRZ_MALFORMED,)
    with pytest.raises(MalformedIdentifier):
        mrz.parse(lines, TODAY)


def test_spaces_and_case_do_not_matter() -> None:
    typed = [f" {line[:10].lower()} {line[10:]}\n" for line in TD3]
    assert mrz.compact(typed) == TD3
    assert mrz.format(typed) == "\n".join(TD3)
    assert mrz.is_valid(typed, TODAY)

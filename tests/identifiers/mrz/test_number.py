"""Document numbers of more than nine characters: ICAO Doc 9303 part 5, note j and section 4.2.4; part 6, note j."""

from __future__ import annotations

from datetime import date

import pytest

from kyc_service.identifiers import mrz

TODAY = date(2026, 11, 23)


def digit(text: str) -> str:
    values = [0 if c == "<" else int(c, 36) for c in text]
    return str((7 * sum(values[::3]) + 3 * sum(values[1::3]) + sum(values[2::3])) % 10)


def td1(number: str) -> tuple[str, ...]:
    first = f"I<UTO{number}".ljust(30, "<")
    return (
        first,
        f"7408122F1204159UTO<<<<<<<<<<<{digit(first[5:] + '74081221204159<<<<<<<<<<<')}",
        "ERIKSSON".ljust(30, "<"),
    )


def td2(number: str, optional: str) -> tuple[str, ...]:
    rest = optional.ljust(7, "<")
    return (
        "I<UTOERIKSSON".ljust(36, "<"),
        f"{number}UTO7408122F1204159{rest}{digit(number + '74081221204159' + rest)}",
    )


@pytest.mark.parametrize("number", ["D2314589073", "D23145890734", "D231458907AB12", "D231458907341234567890"])
def test_a_long_number_goes_on_in_a_td1(number: str) -> None:
    zone = mrz.parse(td1(f"{number[:9]}<{number[9:]}{digit(number)}"), TODAY)
    assert (zone.document_number, zone.optional_data, zone.failed) == (number, (), ())


@pytest.mark.parametrize("number", ["D2314589073", "D23145890734", "D2314589073412"])
def test_a_long_number_goes_on_in_a_td2(number: str) -> None:
    zone = mrz.parse(td2(f"{number[:9]}<", f"{number[9:]}{digit(number)}"), TODAY)
    assert (zone.document_number, zone.failed) == (number, ())


def test_the_example_of_part_11() -> None:
    lines = ("I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "D23145890<UTO3407127M95071227349<<<8")
    zone = mrz.parse(lines, TODAY)
    assert (zone.document_number, zone.failed) == ("D23145890734", ())


def test_the_digit_of_a_long_number_is_checked() -> None:
    zone = mrz.parse(td1("D23145890<7348"), TODAY)
    assert [failed.field for failed in zone.failed] == ["document_number"]


@pytest.mark.parametrize(
    "number",
    [
        "D23145890<",  # nothing goes on
        "D23145890<7",  # a check digit of nothing
        "D2314589<<7349",  # nine characters are not used
        f"D23145890<73412345678901{digit('D2314589073412345678901')}",  # no filler after the check digit
    ],
)
def test_filler_for_a_check_digit_is_no_long_number(number: str) -> None:
    zone = mrz.parse(td1(number), TODAY)
    assert (zone.failed[0].field, zone.failed[0].printed) == ("document_number", "<")

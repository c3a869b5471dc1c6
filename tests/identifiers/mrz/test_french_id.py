"""The French identity card of 1988 to 2021: two lines of 36 of its own."""

from __future__ import annotations

from datetime import date

import pytest

from kyc_service.domain.document import Sex
from kyc_service.identifiers import mrz
from kyc_service.identifiers.mrz import MrzFormat

TODAY = date(2026, 11, 23)
CARD = ("IDFRABERTHIER<<<<<<<<<<<<<<<<<<92C001", "9409923102854CORINNE<<<<<<<6512068F")


def digit(text: str) -> str:
    values = [0 if c == "<" else int(c, 36) for c in text]
    return str((7 * sum(values[::3]) + 3 * sum(values[1::3]) + sum(values[2::3])) % 10)


def card(given: str = "CORINNE", office: str = "923001") -> tuple[str, ...]:
    first = "IDFRABERTHIER".ljust(30, "<") + office
    number, born = "940992310285", "651206"
    second = f"{number}{digit(number)}{given.ljust(14, '<')}{born}{digit(born)}F"
    return (first, second + digit(first + second))


def test_its_fields_stand_in_their_own_places() -> None:
    zone = mrz.parse(card(), TODAY)
    assert (zone.format, zone.failed, zone.malformed) == (MrzFormat.FRENCH_ID, (), ())
    assert (zone.surname, zone.given_names, zone.is_name_truncated) == ("BERTHIER", "CORINNE", False)
    assert (zone.document_number, zone.optional_data) == ("940992310285", ("923001",))
    assert (zone.date_of_birth, zone.sex, zone.date_of_expiry) == (date(1965, 12, 6), Sex.FEMALE, None)
    assert (zone.nationality, zone.unlisted_codes) == ("", ())


def test_given_names_stand_two_fillers_apart_and_may_be_cut() -> None:
    zone = mrz.parse(card("MARIE<<CLAUDE<"), TODAY)
    assert (zone.given_names, zone.malformed) == ("MARIE CLAUDE", ())
    assert mrz.parse(card("MAXIMILIENNEMA"), TODAY).is_name_truncated


@pytest.mark.parametrize("column", [0, 5, 12, 28, 33, 35])
def test_each_digit_is_checked(column: int) -> None:
    first, second = card()
    changed = second[:column] + str((int(second[column]) + 1) % 10) + second[column + 1 :]
    assert mrz.parse((first, changed), TODAY).failed


def test_the_composite_covers_the_first_line_too() -> None:
    first, second = card()
    zone = mrz.parse((first.replace("BERTHIER", "BERTHIEZ"), second), TODAY)
    assert [failed.field for failed in zone.failed] == ["composite"]


def test_it_is_read_through_look_alikes_and_lost_filler() -> None:
    first, second = card()
    read = ("1DFRA" + first[5:].replace("<<<", "", 2), second.replace("9409", "94O9").replace("<<<<<", "<<"))
    assert mrz.repair_by_type(mrz.from_ocr(read)).lines == (first, second)


def test_three_lines_are_the_card_of_2021() -> None:
    lines = ("IDFRAX4RTBPFW46<<<<<<<<<<<<<<<", "9007138F3002119FRA<<<<<<<<<<<6", "MARTIN<<MAELYS<GAELLE<MARIE<<<")
    zone = mrz.parse(lines, TODAY)
    assert (zone.format, zone.document_number, zone.failed) == (MrzFormat.TD1, "X4RTBPFW4", ())

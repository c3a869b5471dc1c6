from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.consistency.printed_dates import is_printed

DAY = date(1974, 8, 12)


@pytest.mark.parametrize(
    "line",
    [
        "12 AUG 1974",
        "12 AUG 74",
        "12 AUG/AOUT 74",
        "12 août/AUG 1974",
        "12AUG1974",
        "Date of birth / Date de naissance 12.08.1974",
        "12/08/1974",
        "08/12/1974",
        "August 12, 1974",
        "1974-08-12",
        "1974年8月12日",
        "19740812",
        "12081974",
        "12 08 74",
        "12 agosto 1974",
        "F 12 AUG 1974 UTOPIA 15 APR 2030",
    ],
)
def test_dates_are_found_as_documents_print_them(line: str) -> None:
    assert is_printed(DAY, ("UTOPIA", line))


@pytest.mark.parametrize(
    "line", ["", "13 AUG 1974", "12 SEP 1974", "12 AUG 1975", "12 AUG", "1974", "12.08.1947", "8 74 12", "12 XYZ 1974"]
)
def test_other_dates_are_not(line: str) -> None:
    assert not is_printed(DAY, (line,))


@pytest.mark.parametrize(
    ("month", "names"),
    [
        (1, "January janvier enero gennaio Januar"),
        (2, "February février febrero Februar"),
        (3, "March mars März maart"),
        (4, "April avril abril"),
        (5, "May mai mayo maggio mei maj"),
        (6, "June juin junio giugno Juni"),
        (7, "July juillet julio luglio Juli"),
        (8, "August août agosto"),
        (9, "September septembre setembro"),
        (10, "October octobre Oktober ottobre outubro"),
        (11, "November novembre noviembre"),
        (12, "December décembre Dezember diciembre desember"),
    ],
)
def test_months_are_known_in_many_languages(month: int, names: str) -> None:
    assert all(is_printed(date(2001, month, 3), (f"3 {name} 2001",)) for name in names.split())


def test_a_repeated_number_is_no_repeated_month() -> None:
    assert is_printed(date(2001, 1, 1), ("01.01.2001",))
    assert is_printed(date(2001, 3, 3), ("3 MARCH/MARS 2001",))


def test_a_thousand_digits_are_no_date() -> None:
    assert not is_printed(DAY, ("7" * 10_000,))


def test_no_lines_print_nothing() -> None:
    assert not is_printed(DAY, ())


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_date_is_found_in_every_order(day: date) -> None:
    for form in ("%d %b %Y", "%d.%m.%Y", "%Y-%m-%d", "%m/%d/%Y", "%Y%m%d", "%d %B %y"):
        assert is_printed(day, (day.strftime(form),))


@given(st.dates(), st.lists(st.text(), max_size=4))
def test_any_text_gives_an_answer(day: date, lines: list[str]) -> None:
    assert is_printed(day, (*lines, day.strftime("%d.%m.") + f"{day.year:04}"))

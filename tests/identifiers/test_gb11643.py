from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.domain.document import Sex
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import gb11643
from kyc_service.identifiers.errors import (
    ImpossibleDate,
    InvalidIdentifier,
    MalformedIdentifier,
    UnknownRegion,
    WrongCheckDigit,
)

TODAY = date(2026, 11, 23)
EXAMPLE = "11010519491231002X"  # the example of GB 11643 itself

REGIONS = ("110101", "310104", "350203", "440305", "510107", "650102", "820000")


@st.composite
def valid_numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1930, 1, 1), TODAY))
    digits = f"{draw(st.sampled_from(REGIONS))}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return digits + gb11643.check_character(digits)


def numbered(region: str, born: str) -> str:
    digits = f"{region}{born}001"
    return digits + gb11643.check_character(digits)


def test_the_standards_example_is_read_whole() -> None:
    assert gb11643.parse(EXAMPLE) == gb11643.ResidentNumber(EXAMPLE, "110105", date(1949, 12, 31), Sex.FEMALE, "002")


def test_odd_sequences_are_male() -> None:
    assert gb11643.parse(numbered("110101", "19900307")).sex is Sex.MALE


@pytest.mark.parametrize(
    "typed", ["110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ", "110105-19491231-002X\n"]
)
def test_separators_width_and_case_do_not_matter(typed: str) -> None:
    assert gb11643.validate(typed, TODAY) == EXAMPLE


@pytest.mark.parametrize("text", ["", "1101051949123100", "X1010519491231002X", "11010519491231002Y", EXAMPLE + "1"])
def test_other_forms_are_malformed_and_nothing_else(text: str) -> None:
    assert gb11643.problems(text, TODAY) == (Reason.ID_NUMBER_MALFORMED,)
    with pytest.raises(MalformedIdentifier):
        gb11643.validate(text, TODAY)


def test_everything_wrong_is_told_at_once() -> None:
    assert gb11643.problems("990105199002301234", TODAY) == (
        Reason.ID_NUMBER_CHECK_DIGIT,
        Reason.ID_NUMBER_IMPOSSIBLE_DATE,
        Reason.ID_NUMBER_UNKNOWN_REGION,
    )


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("110105194912310021", WrongCheckDigit),
        (numbered("110105", "19490230"), ImpossibleDate),
        (numbered("110105", "20261124"), ImpossibleDate),
        (numbered("990105", "19490203"), UnknownRegion),
    ],
)
def test_each_single_fault_has_its_own_error(number: str, error: type[InvalidIdentifier]) -> None:
    assert len(gb11643.problems(number, TODAY)) == 1
    with pytest.raises(error):
        gb11643.validate(number, TODAY)


def test_who_is_born_today_has_a_valid_number() -> None:
    assert gb11643.is_valid(numbered("110101", f"{TODAY:%Y%m%d}"), TODAY)


@pytest.mark.parametrize(
    ("code", "born_year", "is_known"),
    [
        ("110101", 1950, True),  # in force without bounds
        ("110103", 2010, True),  # 崇文区, withdrawn in 2010
        ("110103", 2011, False),
        ("110221", 1950, True),  # in force 1982-1999: given to people of every age
        ("110221", 2000, False),
        ("120110", 1990, True),  # renamed: one code, two counties
        ("110119", 1960, True),  # younger than its holder: registered late
        ("810000", 1960, True),
        ("820000", 1960, True),
        ("830000", 1960, True),
        ("719999", 1960, False),  # a province without such a county
        ("990000", 1960, False),
    ],
)
def test_a_region_must_have_been_in_force_in_the_holders_life(code: str, born_year: int, *, is_known: bool) -> None:
    assert gb11643.is_known_region(code, date(born_year, 6, 1)) is is_known


def test_without_a_birth_date_any_year_will_do() -> None:
    assert gb11643.is_known_region("110103", None)
    assert not gb11643.is_known_region("990103", None)


def thousand_numbers() -> list[str]:
    first = date(1930, 1, 1).toordinal()
    digits = [f"{REGIONS[i % 7]}{date.fromordinal(first + 35 * i):%Y%m%d}{i:03}" for i in range(1000)]
    return [d + gb11643.check_character(d) for d in digits]


def test_every_single_wrong_character_of_a_thousand_numbers_fails_its_check() -> None:
    for number in thousand_numbers():
        assert gb11643.problems(number, TODAY) == ()
        for at in range(17):
            for digit in set("0123456789") - {number[at]}:
                assert gb11643.check_character(number[:at] + digit + number[at + 1 : 17]) != number[17]


@given(valid_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_a_number_with_one_character_changed_is_refused(number: str, at: int, character: str) -> None:
    changed = number[:at] + character + number[at + 1 :]
    assert gb11643.is_valid(changed, TODAY) is (changed == number)


@given(valid_numbers())
def test_format_and_compact_undo_each_other(number: str) -> None:
    assert gb11643.compact(gb11643.format(number)) == number
    assert gb11643.parse(gb11643.format(number)).number == number


@given(st.text() | st.text("0123456789Xx -", max_size=24))
def test_any_text_gives_an_answer_or_the_modules_own_error(text: str) -> None:
    assert gb11643.is_valid(text, TODAY) is (gb11643.problems(text, TODAY) == ())
    with suppress(InvalidIdentifier):
        gb11643.parse(text)

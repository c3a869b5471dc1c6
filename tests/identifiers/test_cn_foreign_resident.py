from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.domain.document import Sex
from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import cn_foreign_resident as number
from kyc_service.identifiers.errors import ImpossibleDate, InvalidIdentifier, MalformedIdentifier

TODAY = date(2026, 11, 23)
EXAMPLES = ("932682198501010017", "911124198108030024", "CAN110081080310")


@pytest.mark.parametrize("example", EXAMPLES)
def test_published_examples_are_right(example: str) -> None:
    assert number.problems(example, TODAY) == ()
    assert number.is_valid(example, TODAY)
    assert number.validate(f" {example[:6]} {example[6:].lower()}", TODAY) == number.format(example)


def test_the_example_of_a_man_from_saudi_arabia() -> None:
    found = number.parse(EXAMPLES[0], TODAY)
    assert (found.version, found.nationality, found.region_code) == (number.CardVersion.V2023, "682", "32")
    assert (found.date_of_birth, found.sex, found.sequence) == (date(1985, 1, 1), Sex.MALE, "001")


@pytest.mark.parametrize(
    ("born", "year"), [("000101", 2000), ("261123", 2026), ("261124", 1926), ("990101", 1999), ("000229", 2000)]
)
def test_the_century_of_an_old_number_is_the_latest_that_has_passed(born: str, year: int) -> None:
    assert number.parse(f"CAN1100{born}10", TODAY).date_of_birth.year == year


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.ID_NUMBER_MALFORMED),
        ("811124198108030024", Reason.ID_NUMBER_MALFORMED),
        ("91112419810803002", Reason.ID_NUMBER_MALFORMED),
        ("CA1100810803100", Reason.ID_NUMBER_MALFORMED),
        ("QQQ110081080310", Reason.ID_NUMBER_MALFORMED),
        ("911124198108030025", Reason.ID_NUMBER_CHECK_DIGIT),
        ("CAN110081130310", Reason.ID_NUMBER_IMPOSSIBLE_DATE),
        ("CAN710081080310", Reason.ID_NUMBER_UNKNOWN_REGION),
    ],
)
def test_each_problem_is_told_alone(text: str, reason: Reason) -> None:
    assert number.problems(text, TODAY) == (reason,)
    with pytest.raises(InvalidIdentifier):
        number.validate(text, TODAY)


def test_a_birth_that_lies_ahead_is_impossible() -> None:
    assert Reason.ID_NUMBER_IMPOSSIBLE_DATE in number.problems("911124203008030024", TODAY)


def test_parse_raises_what_it_declares() -> None:
    with pytest.raises(ImpossibleDate):
        number.parse("911124198113030024", TODAY)
    with pytest.raises(MalformedIdentifier):
        number.parse("11010519491231002X", TODAY)


@given(st.integers(0, 16), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_is_noticed(at: int, digit: str) -> None:
    changed = EXAMPLES[1][:at] + digit + EXAMPLES[1][at + 1 :]
    assert (number.problems(changed, TODAY) == ()) is (changed == EXAMPLES[1])


@given(st.text(max_size=20) | st.text("9CAN0123456789X", min_size=15, max_size=18))
def test_no_text_crashes(text: str) -> None:
    try:
        number.parse(text, TODAY)
    except InvalidIdentifier:
        assert number.problems(text, TODAY)

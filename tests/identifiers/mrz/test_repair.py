from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kyc_service.identifiers.mrz import Change, repair_by_type

TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


def test_look_alikes_become_what_the_field_can_hold() -> None:
    read = ("P<UT0ER1K55ON<<ANNA<MAR1A<<<<<<<<<<<<<<<<<<<", "L898902C3GUT074O8I22F12O4IS9ZE184226B<<<<<I0")
    repair = repair_by_type(read)
    assert repair.lines == TD3
    assert repair.changes[0] == Change(0, 4, "0", "O")
    assert [(c.line, c.column) for c in repair.changes] == [
        (0, 4), (0, 7), (0, 9), (0, 10), (0, 23),
        (1, 9), (1, 12), (1, 15), (1, 17), (1, 23), (1, 25), (1, 26), (1, 42),
    ]  # fmt: skip


def test_numbers_and_optional_data_are_left_alone() -> None:
    read = (TD1[0].replace("D231458907", "DZ3I4S8907"), TD1[1][:18] + "OIZSGB<<<<<6", TD1[2])
    assert repair_by_type(read).lines == read
    assert repair_by_type(read).changes == ()


def test_a_document_code_may_hold_a_digit_on_cards_and_visas() -> None:
    """Part 5, note k: the second character is at the discretion of the issuing State."""
    read = ("C1USA1234567890<<<<<<<<<<<<<<<", *TD1[1:])
    assert repair_by_type(read).changes == ()
    assert repair_by_type(("P1" + TD3[0][2:], TD3[1])).lines[0].startswith("PI")


def test_the_check_digit_of_a_long_number_is_a_digit() -> None:
    read = ("I<UTOD23145890<734G<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")
    assert repair_by_type(read).changes == (Change(0, 18, "G", "6"),)


def test_all_look_alikes_of_digits_are_digits_in_a_date() -> None:
    read = (TD3[0], TD3[1][:13] + "QDILZS" + TD3[1][19:])
    assert repair_by_type(read).lines[1][13:19] == "001125"


def test_a_check_digit_never_decides() -> None:
    wrong = (TD3[0], TD3[1].replace("7408122", "7408123"))
    assert repair_by_type(wrong).lines == wrong


def test_the_check_digit_of_a_long_number_stays_filler() -> None:
    read = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")
    assert repair_by_type(read).changes == ()


def test_lines_of_no_format_are_left_alone() -> None:
    assert repair_by_type(["P<UT0"]).lines == ("P<UT0",)


@given(st.lists(st.text("ABDGIOSZ0123456789<", min_size=44, max_size=44), min_size=2, max_size=2))
def test_repair_keeps_lengths_tells_every_change_and_has_nothing_left_to_do(lines: list[str]) -> None:
    repair = repair_by_type(lines)
    changed = [
        (number, column)
        for number, (before, after) in enumerate(zip(lines, repair.lines, strict=True))
        for column in range(44)
        if before[column] != after[column]
    ]
    assert [(c.line, c.column) for c in repair.changes] == changed
    assert repair_by_type(repair.lines).changes == ()

from __future__ import annotations

import pytest

from kyc_service.identifiers.errors import MalformedIdentifier
from kyc_service.identifiers.mrz import Change, Holds, column_types, may_be_misread

TRUE = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "LO98901C84XXX4009078F9612109<<<<<<<<")
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def swap(lines: tuple[str, ...], line: int, column: int, text: str) -> tuple[str, ...]:
    changed = lines[line][:column] + text + lines[line][column + len(text) :]
    return (*lines[:line], changed, *lines[line + 1 :])


def test_an_o_taken_for_a_zero_explains_wrong_digits() -> None:
    number = swap(TD3, 1, 0, "LO98901C8")
    digits = {c: n for n, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    total = sum(digits[c] * (7, 3, 1)[i % 3] for i, c in enumerate("LO98901C8")) % 10
    visa = swap(TRUE, 1, 9, str(total))
    read = swap(visa, 1, 1, "0")
    assert may_be_misread(read, [Change(1, 1, "0", "O")])
    assert not may_be_misread(read, [Change(1, 2, "9", "G")])
    assert not may_be_misread(number, [Change(1, 1, "O", "0")])


def test_two_misreadings_may_come_together_but_not_three() -> None:
    changes = [Change(1, column, TD3[1][column], "O") for column in (0, 1, 2)]
    read = swap(TD3, 1, 0, "OOO")
    back = [Change(1, c.column, "O", c.before) for c in changes]
    assert may_be_misread(swap(TD3, 1, 0, "OO"), back[:2])
    assert not may_be_misread(read, back)


def test_without_another_reading_there_is_no_doubt() -> None:
    assert not may_be_misread(swap(TD3, 1, 9, "7"), [])


def test_lines_of_no_format_have_no_columns() -> None:
    with pytest.raises(MalformedIdentifier):
        may_be_misread(["P<UTO"], [])
    with pytest.raises(MalformedIdentifier):
        column_types([])


def test_each_column_has_a_type() -> None:
    first, second = column_types(TD3)
    assert set(first) == {Holds.LETTER}
    assert [str(holds)[0] for holds in second] == list("eeeeeeeeedlllddddddd" + "o" + "ddddddd" + "e" * 14 + "dd")

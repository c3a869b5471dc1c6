"""Zones built from drawn values: all are valid, and every change of a checked character is caught.

Except where the 7-3-1 algebra cannot: weights of 7, 3 and 1 are prime to 10, so a single
change goes unseen exactly when the two characters' values differ by a multiple of 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import mrz
from kyc_service.identifiers.errors import InvalidIdentifier
from kyc_service.identifiers.mrz.check_digits import character_value

TODAY = date(2026, 11, 23)
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
names = st.lists(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=9), min_size=1, max_size=2)
codes = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1)


@dataclass(frozen=True, slots=True)
class Holder:
    """What a zone is built from."""

    name: str
    number: str
    born: date
    sex: str
    expires: date
    optional: str


@st.composite
def holders(draw: st.DrawFn) -> Holder:
    return Holder(
        name="<".join(draw(names)) + "<<" + "<".join(draw(names)),
        number=draw(codes)[:9],
        born=draw(st.dates(TODAY - timedelta(36000), TODAY)),
        sex=draw(st.sampled_from("MF<")),
        expires=draw(st.dates(TODAY - timedelta(9000), TODAY + timedelta(9000))),
        optional=draw(codes)[:7],
    )


def digit(text: str) -> str:
    """The check digit, worked out otherwise than the code does."""
    values = [0 if c == "<" else int(c, 36) for c in text]
    return str((7 * sum(values[::3]) + 3 * sum(values[1::3]) + sum(values[2::3])) % 10)


def checked(text: str) -> str:
    return text + digit(text)


def build(form: str, of: Holder) -> tuple[str, ...]:
    number = checked(of.number.ljust(9, "<"))
    born, expires = checked(f"{of.born:%y%m%d}"), checked(f"{of.expires:%y%m%d}")
    if form == "TD1":
        first, second = number + of.optional.ljust(15, "<"), "<" * 11
        composite = digit(first + born + expires + second)
        return ("I<UTO" + first, f"{born}{of.sex}{expires}UTO{second}{composite}", of.name[:30].ljust(30, "<"))
    width = 44 if form in {"TD3", "MRV-A"} else 36
    optional = {"TD3": checked(of.optional.ljust(14, "<")), "TD2": of.optional.ljust(7, "<")}.get(form)
    first = {"TD3": "P", "TD2": "I"}.get(form, "V") + "<UTO" + of.name[: width - 5].ljust(width - 5, "<")
    second = f"{number}UTO{born}{of.sex}{expires}"
    if optional is None:
        return (first, (second + of.optional).ljust(width, "<"))
    return (first, second + optional + digit(number + born + expires + optional))


def checked_positions(form: str) -> list[tuple[int, int]]:
    if form == "TD1":
        return [(0, c) for c in range(5, 30)] + [(1, c) for c in (*range(7), *range(8, 15), *range(18, 30))]
    ends = {"TD3": 44, "TD2": 36}.get(form, 28)
    return [(1, c) for c in (*range(10), *range(13, 20), *range(21, ends))]


NAME_WIDTHS = {"TD1": 30, "TD2": 31, "TD3": 39, "MRV-A": 39, "MRV-B": 31}
forms = st.sampled_from(sorted(NAME_WIDTHS))


@given(forms, holders())
def test_what_was_built_is_valid_and_read_back(form: str, of: Holder) -> None:
    lines = build(form, of)
    zone = mrz.parse(lines, TODAY)
    assert mrz.problems(lines, TODAY) == ()
    assert zone.format.value == form
    assert (zone.document_number, zone.date_of_birth, zone.date_of_expiry) == (of.number, of.born, of.expires)
    read = f"{zone.surname}<<{zone.given_names}".replace(" ", "<")
    # A name cut between two of its parts ends in filler, like one that fits: nobody can tell.
    assert zone.is_name_truncated or read == of.name[: NAME_WIDTHS[form]].rstrip("<")
    assert zone.optional_data == (of.optional,)
    assert mrz.from_ocr(lines) == lines
    assert mrz.repair_by_type(lines).lines == lines


@settings(max_examples=300)
@given(forms, holders(), st.data())
def test_every_change_of_a_checked_character_is_caught_where_the_algebra_can(
    form: str, of: Holder, data: st.DataObject
) -> None:
    lines = build(form, of)
    line, column = data.draw(st.sampled_from(checked_positions(form)))
    before, after = lines[line][column], data.draw(st.sampled_from(CHARACTERS))
    changed = list(lines)
    changed[line] = lines[line][:column] + after + lines[line][column + 1 :]
    if (character_value(before) - character_value(after)) % 10:
        assert mrz.problems(changed, TODAY)


@given(forms, holders(), st.sampled_from([("0", "A"), ("A", "K"), ("K", "U"), ("1", "B"), ("9", "J")]))
def test_what_differs_by_a_multiple_of_ten_goes_unseen(form: str, of: Holder, pair: tuple[str, str]) -> None:
    one, other = (Holder(of.name, c + of.number[1:], of.born, of.sex, of.expires, of.optional) for c in pair)
    swapped = [line.replace(other.number.ljust(9, "<"), one.number.ljust(9, "<"), 1) for line in build(form, other)]
    assert Reason.MRZ_CHECK_DIGIT not in mrz.problems(swapped, TODAY)


@given(st.lists(st.text(max_size=50) | st.text(CHARACTERS, min_size=30, max_size=44), max_size=4))
def test_any_text_gives_an_answer_or_the_modules_own_error(lines: list[str]) -> None:
    assert mrz.is_valid(lines, TODAY) is (mrz.problems(lines, TODAY) == ())
    try:
        mrz.parse(lines, TODAY)
    except InvalidIdentifier:
        assert Reason.MRZ_MALFORMED in mrz.problems(lines, TODAY)


@given(st.sampled_from([(30, 3), (36, 2), (44, 2)]), st.data())
def test_any_zone_of_the_right_size_is_read(size: tuple[int, int], data: st.DataObject) -> None:
    width, count = size
    lines = [data.draw(st.text(CHARACTERS, min_size=width, max_size=width)) for _ in range(count)]
    zone = mrz.parse(lines, TODAY)
    assert bool(zone.failed or zone.malformed) is bool(mrz.problems(lines, TODAY))

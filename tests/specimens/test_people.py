"""Invented people are lawful: numbers check, dates fit, every ethnic group and a check digit X occur."""

from datetime import date

import numpy as np
import pytest
from stdnum.cn import ric

from specimens.attack_protocol import Split
from specimens.families import FAMILIES
from specimens.families.travel import MRZ_CHECK_DIGIT, TRAVEL_FAMILIES, TravelFamily
from specimens.people.chinese import ETHNICITIES, Resident, resident

WEIGHTS = (7, 3, 1)
GUARDED = {
    "td1": ((1, 0, 6, 6), (1, 8, 14, 14)),
    "td2": ((1, 0, 9, 9), (1, 13, 19, 19), (1, 21, 27, 27)),
    "td3": ((1, 0, 9, 9), (1, 13, 19, 19), (1, 21, 27, 27)),
    "mrv_a": ((1, 0, 9, 9), (1, 13, 19, 19), (1, 21, 27, 27)),
    "mrv_b": ((1, 0, 9, 9), (1, 13, 19, 19), (1, 21, 27, 27)),
}
"""Line, first, end and check digit's place of the fields with a check digit of their own (ICAO 9303-4 to 7)."""
SIZES = {"td1": (3, 30), "td2": (2, 36), "td3": (2, 44), "mrv_a": (2, 44), "mrv_b": (2, 36)}


@pytest.fixture(scope="module")
def residents() -> list[Resident]:
    rng = np.random.default_rng(1)
    return [resident(rng) for _ in range(1500)]


def test_numbers_are_valid_and_reserved(residents: list[Resident]) -> None:
    for person in residents:
        assert ric.calc_check_digit(person.number) == person.number[17]
        assert ric.get_birth_date(person.number) == person.born
        assert (int(person.number[16]) % 2 == 1) == (person.sex == "M")
        assert person.number[14:17] in {"996", "997", "998", "999"}


def test_every_kind_of_person_occurs(residents: list[Resident]) -> None:
    assert {person.ethnicity for person in residents} > set(ETHNICITIES[:30])
    assert any(person.number.endswith("X") for person in residents)
    assert any("·" in person.name for person in residents)
    assert any(person.valid_until is None for person in residents)
    assert {len(person.name) for person in residents if "·" not in person.name} == {2, 3, 4}


def test_validity_fits_the_age(residents: list[Resident]) -> None:
    for person in residents:
        age = person.valid_from.year - person.born.year
        years = 0 if person.valid_until is None else person.valid_until.year - person.valid_from.year
        assert years in {0: (0, 20), 5: (5,), 10: (5, 10), 20: (10, 20)}.get(
            0 if age >= 46 else 5 if age < 16 else 10 if age < 26 else 20
        )
        assert date(2005, 1, 1) <= person.valid_from < date(2026, 11, 23)


@pytest.mark.parametrize("family", TRAVEL_FAMILIES, ids=lambda family: family.name)
def test_zones_have_valid_check_digits(family: TravelFamily) -> None:
    for i in range(60):
        lines = family.issue(np.random.default_rng(i), Split.TRAIN).lines
        assert (len(lines), len(lines[0])) == SIZES[family.name]
        assert len({len(line) for line in lines}) == 1
        assert _is_valid(family.name, lines)


@pytest.mark.parametrize("family", TRAVEL_FAMILIES, ids=lambda family: family.name)
def test_the_attack_breaks_a_check_digit(family: TravelFamily) -> None:
    for i in range(60):
        lines = family.issue(np.random.default_rng(i), Split.TRAIN, MRZ_CHECK_DIGIT).lines
        assert not _is_valid(family.name, lines)


def test_families_are_keyed_by_their_names() -> None:
    assert all(name == family.name for name, family in FAMILIES.items())


def _is_valid(name: str, lines: tuple[str, ...]) -> bool:
    """A third arithmetic, by the clause: position by position."""
    fields = [(lines[row][first:end], lines[row][check]) for row, first, end, check in GUARDED[name]]
    if name == "td1":
        number, check, rest = lines[0][5:14], lines[0][14], lines[0][15:30].rstrip("<")
        if check == "<":
            tail = rest.split("<")[0]
            number, check = number + tail[:-1], tail[-1]
        fields.append((number, check))
        fields.append((lines[0][5:] + lines[1][:7] + lines[1][8:15] + lines[1][18:29], lines[1][29]))
    elif name in {"td2", "td3"}:
        second, end = lines[1], len(lines[1]) - 1
        fields.append((second[:10] + second[13:20] + second[21:end], second[end]))
    return all(_digit(field) == check for field, check in fields)


def _digit(field: str) -> str:
    total = 0
    for i, character in enumerate(field):
        value = 0 if character == "<" else int(character) if character.isdigit() else ord(character) - 55
        total += value * WEIGHTS[i % 3]
    return str(total % 10)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.identifiers.mrz import is_writable, is_written_as


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Müller", "MUELLER"),
        ("Müller", "MULLER"),
        ("Mu\u0308ller", "MUELLER"),
        ("Größe", "GROESSE"),
        ("Ångström", "AANGSTROEM"),
        ("Åse", "ASE"),
        ("Peña", "PENA"),
        ("Peña", "PENXXA"),
        ("Łuczak", "LUCZAK"),
        ("Þórður", "THORDUR"),
        ("Nguyễn", "NGUYEN"),
        ("O'Connor", "OCONNOR"),
        ("O’Connor", "OCONNOR"),
        ("Anna-Maria", "ANNA MARIA"),
        ("Eriksson, Anna", "ERIKSSON ANNA"),
        ("J. R. Smith", "J R SMITH"),
        ("  van   der Berg ", "VAN DER BERG"),
        ("ＡＮＮＡ", "ANNA"),
    ],
)
def test_names_are_written_as_the_table_says(name: str, written: str) -> None:
    assert is_written_as(name, written)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Müller", "MILLER"),
        ("Muller", "MUELLER"),
        ("Anna", "ANNA MARIA"),
        ("Anna Maria", "ANNA"),
        ("Anna", "ANN"),
        ("张三", "ZHANG SAN"),
        ("", "ANNA"),
        ("Anna", ""),
    ],
)
def test_likeness_is_not_enough(name: str, written: str) -> None:
    assert not is_written_as(name, written)


def test_a_truncated_name_need_only_begin_so() -> None:
    assert is_written_as("Nilavadhanananda Chayapa", "NILAVADHANANANDA CHAY", is_truncated=True)
    assert is_written_as("Anna Gäbler", "ANNA GA", is_truncated=True)
    assert not is_written_as("Nilavadhanananda Chayapa", "NILAVADHANANANDA CHAX", is_truncated=True)
    assert not is_written_as("Nilava", "NILAVADHANANANDA", is_truncated=True)


@pytest.mark.parametrize(("name", "expected"), [("Zoë", True), ("Владимир", False), ("张三", False), ("", False)])
def test_only_latin_names_can_be_written(name: str, *, expected: bool) -> None:
    assert is_writable(name) is expected


@given(st.text("ABCÄÖÜÅ", min_size=1, max_size=40))
def test_each_letter_in_its_first_way_is_written_so(name: str) -> None:
    first = {"Ä": "AE", "Ö": "OE", "Ü": "UE", "Å": "AA"}
    assert is_written_as(name, "".join(first.get(c, c) for c in name))


@given(st.text(), st.text("ABC ", max_size=20), st.booleans())
def test_what_is_written_whole_is_also_a_beginning(name: str, written: str, is_truncated: bool) -> None:  # noqa: FBT001
    if is_written_as(name, written, is_truncated=is_truncated):
        assert is_written_as(name, written, is_truncated=True)

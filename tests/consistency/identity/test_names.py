from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.consistency.identity.names import NameMatch, WrittenName, match_name, normalise

ERIKSSON = WrittenName("ERIKSSON", "ANNA MARIA", is_truncated=False)
MUELLER = WrittenName("MUELLER VON BERG", "JOERG", is_truncated=False)
LONG = WrittenName("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K", is_truncated=True)


@pytest.mark.parametrize(
    ("claimed", "printed", "match"),
    [
        ("张三", "张三", NameMatch.EXACT),
        ("张 三", "张三", NameMatch.NORMALISED),
        ("阿依古丽•买买提", "阿依古丽·买买提", NameMatch.NORMALISED),
        ("阿依古丽．买买提", "阿依古丽·买买提", NameMatch.NORMALISED),
        ("阿依古丽・买买提", "阿依古丽·买买提", NameMatch.NORMALISED),
        ("阿依古丽买买提", "阿依古丽·买买提", NameMatch.NORMALISED),
        ("𠮷田", "𠮷田", NameMatch.EXACT),
        ("𠮷田", "吉田", NameMatch.DIFFERENT),  # look alike, written otherwise
        ("张山", "张三", NameMatch.DIFFERENT),
        ("三张", "张三", NameMatch.DIFFERENT),
        ("Zhang San", "张三", NameMatch.DIFFERENT),
        ("jane  DOE", "Jane Doe", NameMatch.NORMALISED),
    ],
)
def test_a_printed_name_is_equal_or_it_is_not(claimed: str, printed: str, match: NameMatch) -> None:
    assert match_name(claimed, printed, None) is match


@pytest.mark.parametrize(
    ("claimed", "written", "match"),
    [
        ("ERIKSSON ANNA MARIA", ERIKSSON, NameMatch.NORMALISED),
        ("Eriksson Anna Maria", ERIKSSON, NameMatch.NORMALISED),
        ("Eriksson, Anna-Maria", ERIKSSON, NameMatch.TRANSLITERATED),
        ("Anna Maria Eriksson", ERIKSSON, NameMatch.REORDERED),
        ("Maria Eriksson Anna", ERIKSSON, NameMatch.DIFFERENT),
        ("Maria Anna Eriksson", ERIKSSON, NameMatch.DIFFERENT),
        ("Anna Eriksson", ERIKSSON, NameMatch.DIFFERENT),
        ("Anna Maria Erikson", ERIKSSON, NameMatch.DIFFERENT),
        ("Müller von Berg Jörg", MUELLER, NameMatch.TRANSLITERATED),
        ("Jörg Müller von Berg", MUELLER, NameMatch.REORDERED),
        ("von Berg Jörg Müller", MUELLER, NameMatch.DIFFERENT),
        ("Nilavadhanananda Chayapa Dejthamrong Krasuang", LONG, NameMatch.TRANSLITERATED),
        ("Chayapa Dejthamrong Krasuang Nilavadhanananda", LONG, NameMatch.REORDERED),
        ("Chayapa Dejthamrong Nilavadhanananda", LONG, NameMatch.DIFFERENT),
        ("安娜", ERIKSSON, NameMatch.INCOMPARABLE),
        ("Анна", ERIKSSON, NameMatch.INCOMPARABLE),
    ],
)
def test_a_written_name_may_be_transliterated_or_reordered(
    claimed: str, written: WrittenName, match: NameMatch
) -> None:
    assert match_name(claimed, None, written) is match


@given(st.text("abcdefgh ", min_size=1), st.text("abcdefgh ", min_size=1))
def test_only_names_of_the_same_letters_ever_match(claimed: str, printed: str) -> None:
    match = match_name(claimed, printed, None)
    assert (match is not NameMatch.DIFFERENT) is (normalise(claimed) == normalise(printed))


@given(st.text())
def test_normalising_twice_changes_nothing_for_han_names(name: str) -> None:
    once = normalise("张" + name)
    assert " " not in once
    assert "·" not in once

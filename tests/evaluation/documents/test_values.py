from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.evaluation.documents.values import comparable, edit_distance

SHORT = st.text(alphabet="ab1", max_size=7)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("", "", 0),
        ("abc", "abc", 0),
        ("abc", "", 3),
        ("330106198503129989", "330106198503129980", 1),
        ("陆青禾", "陆青", 1),
        ("MARLOWE", "MARL0WE", 1),
        ("saturday", "sunday", 3),
        ("abcdef", "azced", 3),
    ],
)
def test_the_distance_counts_insertions_removals_and_replacements(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == distance


@given(SHORT, SHORT, SHORT)
def test_the_distance_is_a_metric(one: str, other: str, third: str) -> None:
    assert edit_distance(one, other) == edit_distance(other, one)
    assert (edit_distance(one, other) == 0) == (one == other)
    assert edit_distance(one, third) <= edit_distance(one, other) + edit_distance(other, third)
    assert abs(len(one) - len(other)) <= edit_distance(one, other) <= max(len(one), len(other))


def test_only_width_and_white_space_are_forgiven() -> None:
    assert comparable("ＨＡＲＲＩＥＴ　ＪＵＮＥ\n") == comparable("HARRIET JUNE")
    assert comparable("样例路１２号") == comparable("样例路12号")
    assert comparable("黄") != comparable("黃")
    assert comparable("Marlowe") != comparable("MARLOWE")
    assert comparable("①") == "1"

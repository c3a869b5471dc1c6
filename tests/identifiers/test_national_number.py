from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.domain.reasons import Reason
from kyc_service.identifiers.mrz import MrzFormat
from kyc_service.identifiers.mrz.countries import ISO_ALPHA_3
from kyc_service.identifiers.national_number import RULES, expected_in_mrz, find_in_mrz, problems

WRONG = (Reason.NATIONAL_NUMBER_INVALID,)
# Examples of python-stdnum's own documentation and of published specimens.
VALID = {
    "BEL": "12021714429",
    "BRA": "390.533.447-05",
    "CHL": "12.531.909-2",
    "CZE": "6956220612",
    "DNK": "211062-5629",
    "ECU": "171430710-3",
    "ESP": "X-2482300W",
    "EST": "36805280109",
    "FIN": "131052-308T",
    "FRA": "295109912611193",
    "HRV": "33392005961",
    "ITA": "RCCMNL83S18D969H",
    "LTU": "33309240064",
    "MEX": "BOXW310820HNERXN09",
    "NLD": "999999990",
    "NOR": "151086 95088",
    "POL": "44051401359",
    "ROU": "1630615123457",
    "SWE": "880320-0016",
    "THA": "1-2345-45678-78-1",
    "TUR": "17291716060",
    "ZAF": "7503305044089",
}


@pytest.mark.parametrize(("country", "number"), VALID.items())
def test_published_examples_keep_the_rule(country: str, number: str) -> None:
    assert problems(country, number) == ()


@pytest.mark.parametrize("country", sorted(RULES))
def test_no_number_of_another_form_keeps_a_rule(country: str) -> None:
    assert problems(country, "") == WRONG
    assert problems(country, "no number") == WRONG


@pytest.mark.parametrize(("country", "number"), [("NLD", "999999991"), ("ESP", "99999999A"), ("BEL", "12021714428")])
def test_a_wrong_check_digit_is_told(country: str, number: str) -> None:
    assert problems(country, number) == WRONG


def test_a_country_without_a_known_rule_is_not_judged() -> None:
    assert problems("HKG", "A1234563") is None
    assert problems("", "1") is None
    assert set(RULES) <= ISO_ALPHA_3


@given(st.sampled_from(sorted(RULES)), st.text(max_size=24))
def test_no_text_crashes_a_rule(country: str, number: str) -> None:
    assert problems(country, number) in {(), WRONG}


@given(st.sampled_from(sorted(RULES)), st.text("0123456789-ABCX ", max_size=20))
def test_no_number_crashes_a_rule(country: str, number: str) -> None:
    assert problems(country, number) in {(), WRONG}


@pytest.mark.parametrize(
    ("state", "layout", "code", "optional", "number"),
    [
        ("ESP", MrzFormat.TD1, "ID", ("99999999R",), "99999999R"),
        ("BEL", MrzFormat.TD1, "ID", ("12021714429",), "12021714429"),
        ("BEL", MrzFormat.TD1, "ID", ("0100200", "12021714429"), "12021714429"),
        ("NLD", MrzFormat.TD3, "P", ("999999990",), "999999990"),
        ("NLD", MrzFormat.TD1, "I", ("999999990 8",), "999999990"),
        ("CZE", MrzFormat.TD3, "P", ("6956220612",), "6956220612"),
    ],
)
def test_sourced_practices_are_followed_and_their_specimens_keep_the_rule(
    state: str, layout: MrzFormat, code: str, optional: tuple[str, ...], number: str
) -> None:
    assert find_in_mrz(state, layout, code, optional) == number
    assert problems(state, number) == ()
    practice = expected_in_mrz(state, layout)
    assert practice is not None
    assert practice.source


@pytest.mark.parametrize(
    ("state", "layout", "code", "optional"),
    [
        ("POL", MrzFormat.TD3, "P", ("44051401359",)),
        ("LTU", MrzFormat.TD3, "P", ("45911231023",)),
        ("ESP", MrzFormat.TD3, "P", ("99999999R",)),
        ("NLD", MrzFormat.TD3, "P", ()),
        ("NLD", MrzFormat.TD3, "P", ("000000000",)),
        ("NLD", MrzFormat.TD1, "IR", ("999999990",)),
        ("BEL", MrzFormat.TD1, "AR", ("12021714429",)),
        ("BEL", MrzFormat.TD1, "ID", ("0100200",)),
        ("CZE", MrzFormat.TD3, "V", ("6956220612",)),
    ],
)
def test_optional_data_of_any_other_kind_hold_no_national_number(
    state: str, layout: MrzFormat, code: str, optional: tuple[str, ...]
) -> None:
    assert find_in_mrz(state, layout, code, optional) is None

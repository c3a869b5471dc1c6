from __future__ import annotations

import pytest

from kyc_service.identifiers.mrz import is_nationality, issuing_country
from kyc_service.identifiers.mrz.countries import ISO_ALPHA_3


def test_iso_lists_249_countries_and_each_stands_for_itself() -> None:
    assert len(ISO_ALPHA_3) == 249
    assert all(issuing_country(code) == code for code in ISO_ALPHA_3)


@pytest.mark.parametrize("code", ["GBD", "GBN", "GBO", "GBP", "GBS", "GBR"])
def test_all_british_classes_are_the_united_kingdom(code: str) -> None:
    assert issuing_country(code) == "GBR"


@pytest.mark.parametrize("code", ["D", "D<<", "DEU"])
def test_germany_writes_one_letter(code: str) -> None:
    assert issuing_country(code) == "DEU"


@pytest.mark.parametrize("code", ["UTO", "UNO", "UNA", "UNK", "EUE", "XOM", "XPO", "RKS", "ANT", "NTZ"])
def test_other_issuers_keep_their_own_code(code: str) -> None:
    assert issuing_country(code) == code


@pytest.mark.parametrize("code", ["XXA", "XXB", "XXC", "XXX", "QQQ", "<<<", "", "DE"])
def test_codes_without_an_issuer_name_none(code: str) -> None:
    assert issuing_country(code) is None


@pytest.mark.parametrize("code", ["D<<", "CHN", "GBS", "UNO", "XXA", "XXB", "XXC", "XXX", "UTO"])
def test_nationalities_include_the_lack_of_one(code: str) -> None:
    """Part 3, section 5, part E."""
    assert is_nationality(code)


@pytest.mark.parametrize("code", ["QQQ", "XXD", "DE<", "<<<", ""])
def test_other_codes_are_no_nationality(code: str) -> None:
    assert not is_nationality(code)

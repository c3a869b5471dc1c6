from __future__ import annotations

import pytest

from kyc_service.identifiers.aamva.elements import Elements, split_elements
from kyc_service.identifiers.aamva.header import read_header
from kyc_service.identifiers.aamva.jurisdictions import JURISDICTIONS, jurisdiction_of
from kyc_service.identifiers.aamva.names import read_name
from kyc_service.identifiers.aamva.values import read_date, read_postal_code
from kyc_service.identifiers.errors import MalformedIdentifier
from kyc_service.identifiers.mrz.countries import ISO_ALPHA_3


def elements(**values: str) -> Elements:
    return Elements((), values, ())


def test_every_issuer_is_listed_once_and_has_a_country() -> None:
    assert len({j.iin for j in JURISDICTIONS}) == len(JURISDICTIONS)
    assert {j.country for j in JURISDICTIONS} == {"USA", "CAN", "MEX"}
    assert {j.country for j in JURISDICTIONS} <= ISO_ALPHA_3
    states = {j.code for j in JURISDICTIONS if j.country == "USA"}
    assert len(states - {"AS", "DC", "DS", "GU", "MP", "PR", "VI"}) == 50
    provinces = {j.code for j in JURISDICTIONS if j.country == "CAN"}
    assert provinces == {"AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"}
    assert jurisdiction_of("000000") is None


@pytest.mark.parametrize(
    ("values", "full", "suffix"),
    [
        ({"DAA": "DOE,SUE,ANN,III"}, "DOE SUE ANN", "III"),
        ({"DAA": "DOE, SUE ANN"}, "DOE SUE ANN", ""),
        ({"DAA": "SUE ANN DOE"}, "SUE ANN DOE", ""),
        ({"DCS": "DOE", "DCT": "SUE,ANN", "DCU": "JR"}, "DOE SUE ANN", "JR"),
        ({"DCS": "DOE", "DAC": "SUE", "DAD": "ANN,MARY"}, "DOE SUE ANN MARY", ""),
        ({"DCS": "DOE", "DAC": "SUE", "DAD": "NONE"}, "DOE SUE", ""),
        ({"DCS": "DOE", "DAC": "NONE", "DAD": "ANN"}, "DOE", ""),
        ({"DAB": "DOE", "DAC": "SUE", "DAE": "SR"}, "DOE SUE", "SR"),
        ({"DCS": "DE LA CRUZ  ", "DAC": " ANA  MARIA "}, "DE LA CRUZ ANA MARIA", ""),
    ],
)
def test_names_of_all_versions(values: dict[str, str], full: str, suffix: str) -> None:
    name = read_name(elements(**values))
    assert name is not None
    assert (name.full, name.suffix, name.is_truncated) == (full, suffix, False)


@pytest.mark.parametrize("values", [{}, {"DAA": ",SUE"}, {"DAA": "NONE"}, {"DAC": "SUE"}])
def test_without_a_family_name_there_is_none(values: dict[str, str]) -> None:
    assert read_name(elements(**values)) is None


@pytest.mark.parametrize(
    ("flag", "is_family", "is_given"), [("DDE", True, False), ("DDF", False, True), ("DDG", False, True)]
)
def test_a_cut_name_says_so(flag: str, *, is_family: bool, is_given: bool) -> None:
    name = read_name(elements(DCS="DOE", DAC="SUE", **{flag: "T"}))
    assert name is not None
    assert (name.is_family_truncated, name.is_given_truncated) == (is_family, is_given)
    assert name.is_truncated
    unknown = read_name(elements(DCS="DOE", DAC="SUE", **{flag: "U"}))
    assert unknown is not None
    assert not unknown.is_truncated


def test_of_an_element_that_comes_twice_the_first_counts() -> None:
    found = split_elements("DLDAQ1\rIDDAQ2\nDAQ1")
    assert (found.types, found.values, found.repeated) == (("DL", "ID"), {"DAQ": "1"}, ("DAQ",))


def test_what_is_no_element_is_passed_over() -> None:
    assert split_elements("xyz\n12\nDL\n\nDAQ7").values == {"DAQ": "7"}


@pytest.mark.parametrize("text", ["", "0606198", "060619866", "00000000", "99999999", "02302001", "06061779"])
def test_what_is_no_day_is_no_date(text: str) -> None:
    assert read_date(text, year_first=False) == (None, True)


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [(None, "USA", None), ("23269", "USA", "23269"), ("232691234", "USA", "23269-1234"), ("M5V 2T6", "CAN", "M5V 2T6")],
)
def test_postal_codes(text: str | None, country: str, code: str | None) -> None:
    assert read_postal_code(text, country) == code


def test_a_header_of_version_1_has_no_jurisdiction_version() -> None:
    header = read_header("@\n\x1e\rANSI 6360030101DL00290171DLDAQ")
    assert (header.version, header.jurisdiction_version, header.entries) == (1, None, 1)


@pytest.mark.parametrize("payload", ["AAMVA36004001DL00280200DLDAB", "ANSI 63600010010DL00280200", "ANSI 636000100101"])
def test_a_header_whose_digits_do_not_add_up_is_refused(payload: str) -> None:
    with pytest.raises(MalformedIdentifier):
        read_header(payload)

"""Which document codes, names and numbers each format may hold."""

from __future__ import annotations

from datetime import date

import pytest

from kyc_service.identifiers import mrz

TODAY = date(2026, 11, 23)
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
MRV_B = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<")


def malformed(lines: tuple[str, ...], code: str = "", name: str = "") -> tuple[str, ...]:
    first = (code or lines[0][:2]) + lines[0][2:]
    if name:
        first = first[:5] + name.ljust(len(first) - 5, "<")
    return mrz.parse((first, *lines[1:]), TODAY).malformed


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (TD1, "I< ID IP IR A< AC C< C1 CX"),  # part 5, note k; AC is the crew member certificate (appendix C)
        (TD2, "I< ID IP IR A< AI C< C1 CX"),  # part 6, note k
        (TD3, "P< PP PE PD PO PR PT PS PL PM PU"),  # part 4, section 4.4; part 8
        (MRV_B, "V< VB VN V1"),  # part 7, section 5.2.2
    ],
)
def test_document_codes_of_a_format(lines: tuple[str, ...], codes: str) -> None:
    assert [malformed(lines, code) for code in codes.split()] == [()] * len(codes.split())


@pytest.mark.parametrize(
    ("lines", "codes"),
    [(TD1, "AI IV CV X< P< V<"), (TD2, "AC AV IV X< P<"), (TD3, "I< C< 1<"), (MRV_B, "V")],
)
def test_document_codes_of_no_format(lines: tuple[str, ...], codes: str) -> None:
    found = [malformed(lines, code) for code in codes.split() if len(code) == len(lines[0][:2])]
    assert all(fields == ("document_code",) for fields in found)


@pytest.mark.parametrize(
    "name",
    [
        "ERIKSSON<<ANNA<MARIA",
        "ARKFREITH",  # no secondary identifier
        "SATRIYA<SUDARPA",
        "VAN<DER<MUELLEN<<MARTIN",
        "BENNELONG<WOOLOOM<WARRAND<WARNAM<<DINGO",
    ],
)
def test_names_as_the_standard_writes_them(name: str) -> None:
    """Part 4, section 4.2.3."""
    assert malformed(TD3, name=name) == ()


@pytest.mark.parametrize("name", ["ERIKSSON<<ANNA<<MARIA", "ERIKSSON<<<ANNA", "<<ANNA", "ER1KSSON", "<"])
def test_names_that_the_standard_does_not_know(name: str) -> None:
    """Part 3, section 4.6: two fillers once, between the identifiers; one between components; no numerals."""
    assert malformed(TD3, name=name) == ("name",)


def test_a_number_begins_where_its_field_begins() -> None:
    """Part 3, section 4.10."""
    lines = ("I<UTO<231458909<<<<<<<<<<<<<<<", *TD1[1:])
    assert "document_number" in mrz.parse(lines, TODAY).malformed

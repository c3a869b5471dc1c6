from __future__ import annotations

from datetime import date

import pytest

from kyc_service.identifiers.errors import ImpossibleDate, MalformedIdentifier
from kyc_service.identifiers.mrz.dates import birth_date, expiry_date

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("261123", date(2026, 11, 23)),
        ("261124", date(1926, 11, 24)),
        ("270101", date(1927, 1, 1)),
        ("000229", date(2000, 2, 29)),
        ("991231", date(1999, 12, 31)),
    ],
)
def test_a_birth_lies_in_the_last_hundred_years(text: str, born: date) -> None:
    assert birth_date(text, TODAY) == born


@pytest.mark.parametrize(
    ("text", "expires"),
    [
        ("361231", date(2036, 12, 31)),
        ("761231", date(2076, 12, 31)),
        ("770101", date(1977, 1, 1)),
        ("991231", date(1999, 12, 31)),
        ("261123", date(2026, 11, 23)),
        ("270101", date(2027, 1, 1)),
    ],
)
def test_an_expiry_lies_within_fifty_years(text: str, expires: date) -> None:
    assert expiry_date(text, TODAY) == expires


@pytest.mark.parametrize("text", ["7408<<", "74<<<<", "<<<<<<", "74<<12", "<<0812", "<<<<12", "<<08<<"])
def test_any_part_of_a_birth_date_may_be_unknown(text: str) -> None:
    """Part 3, section 4.8: the relevant positions are filler, of a date of birth and of no other."""
    assert birth_date(text, TODAY) is None
    with pytest.raises(MalformedIdentifier):
        expiry_date(text, TODAY)


@pytest.mark.parametrize("text", ["", "74", "7413<<", "74<<32", "7<0812", "74O812", "٧٤٠٨١٢"])
def test_other_forms_are_malformed(text: str) -> None:
    with pytest.raises(MalformedIdentifier):
        birth_date(text, TODAY)
    with pytest.raises(MalformedIdentifier):
        expiry_date(text, TODAY)


@pytest.mark.parametrize("text", ["740230", "741301", "290229", "740800"])
def test_dates_of_no_calendar_are_impossible(text: str) -> None:
    with pytest.raises(ImpossibleDate):
        birth_date(text, TODAY)
    with pytest.raises(ImpossibleDate):
        expiry_date(text, TODAY)

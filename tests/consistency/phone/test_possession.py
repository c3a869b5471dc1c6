from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kyc_service.consistency.phone.possession import measure
from kyc_service.domain.claims import Claims, ClaimSource
from kyc_service.domain.facts import Facts, PhoneFact
from kyc_service.domain.history import PhonePossession
from kyc_service.domain.measurements import NotAssessed, Score
from kyc_service.domain.reasons import Reason

NUMBER, OTHER = "+8613800138000", "+8613800138001"
APPLICANT, CLIENT, OBSERVED = ClaimSource.APPLICANT, ClaimSource.CLIENT, ClaimSource.OBSERVED


@pytest.fixture
def phone(facts: Facts) -> PhoneFact:
    assert facts.phone
    return facts.phone


def assert_not_confirmed(found: Score | NotAssessed) -> None:
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.PHONE_NOT_CONFIRMED


@pytest.mark.parametrize(
    ("ago_s", "age_s"), [(0, 0.0), (1, 1.0), (86_401, 86_401.0), (-120, 0.0)], ids=["now", "above", "old", "skewed"]
)
def test_a_repeated_code_shows_possession(
    claims: Claims, phone: PhoneFact, now: datetime, ago_s: int, age_s: float
) -> None:
    found = measure(claims, phone, PhonePossession(NUMBER, now - timedelta(seconds=ago_s)), now)
    assert isinstance(found, Score)
    assert (found.name, found.native, found.evidence.values["by"]) == ("code_age_s", age_s, "one_time_code")
    assert found.evidence.values["source"] == "client"


def test_what_lies_ahead_has_not_happened(claims: Claims, phone: PhoneFact, now: datetime) -> None:
    ahead = now + timedelta(minutes=2, seconds=1)
    assert_not_confirmed(measure(claims, phone, PhonePossession(NUMBER, ahead), now))
    assert_not_confirmed(measure(replace(claims, phone_confirmed_at=ahead), phone, None, now))


def test_a_code_sent_to_another_number_counts_for_nothing(claims: Claims, phone: PhoneFact, now: datetime) -> None:
    assert_not_confirmed(measure(claims, phone, PhonePossession(OTHER, now), now))
    assert_not_confirmed(measure(claims, replace(phone, e164=None), PhonePossession(NUMBER, now), now))


def test_without_any_confirmation_there_is_none(claims: Claims, phone: PhoneFact, now: datetime) -> None:
    assert_not_confirmed(measure(claims, phone, None, now))


@pytest.mark.parametrize(
    ("sources", "counts"),
    [
        ({"phone_number": CLIENT}, True),
        ({"phone_number": OBSERVED}, True),
        ({"phone_number": APPLICANT}, False),
        ({}, False),
        ({"phone_number": CLIENT, "phone_confirmed_at": APPLICANT}, False),
        ({"phone_number": APPLICANT, "phone_confirmed_at": CLIENT}, False),
    ],
)
def test_the_clients_word_counts_and_the_applicants_does_not(
    claims: Claims, phone: PhoneFact, now: datetime, sources: dict[str, ClaimSource], *, counts: bool
) -> None:
    said = replace(claims, sources=sources, phone_confirmed_at=now - timedelta(seconds=60))
    found = measure(said, phone, None, now)
    assert isinstance(found, Score) is counts
    if isinstance(found, Score):
        assert (found.native, found.evidence.values["by"]) == (60.0, "client")


@pytest.mark.parametrize(("code_s", "client_s", "by"), [(60, 61, "one_time_code"), (61, 60, "client")])
def test_the_latest_confirmation_counts(
    claims: Claims, phone: PhoneFact, now: datetime, code_s: int, client_s: int, by: str
) -> None:
    said = replace(claims, phone_confirmed_at=now - timedelta(seconds=client_s))
    found = measure(said, phone, PhonePossession(NUMBER, now - timedelta(seconds=code_s)), now)
    assert isinstance(found, Score)
    assert (found.native, found.evidence.values["by"]) == (60.0, by)

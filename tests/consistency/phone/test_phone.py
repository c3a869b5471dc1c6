from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from kyc_service.consistency.phone import measure
from kyc_service.domain.background import Background
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.facts import Facts, LineType
from kyc_service.domain.measurements import Finding, NotAssessed, Score
from kyc_service.domain.reasons import Reason

CHECKS = [
    CheckName.PHONE_VALID,
    CheckName.PHONE_LINE_TYPE,
    CheckName.PHONE_POSSESSION,
    CheckName.PHONE_REGION_CONSISTENCY,
    CheckName.PHONE_REUSE,
]


def with_phone(facts: Facts, **changes: Any) -> Facts:
    assert facts.phone
    return replace(facts, phone=replace(facts.phone, **changes))


def test_a_good_number_is_clear_near_and_its_own(
    card: DocumentReading, claims: Claims, facts: Facts, now: datetime, background: Background
) -> None:
    found = measure(card, claims, facts, now, background)
    assert [m.reasons for m in found if isinstance(m, Finding)] == [(), (), (), ()]
    assert {m.name: m.native for m in found if isinstance(m, Score)} == {
        "code_age_s": 300.0,
        "distance_km": 3.0,
        "other_identities": 0.0,
    }
    assert found[0].evidence.values == {"source": "client", "e164": "+8613800138000"}
    assert found[1].evidence.values == {"source": "client", "line_type": "mobile", "carrier": None}


@pytest.mark.parametrize("number", [None, "", " "])
def test_without_a_number_nothing_is_assessed(
    card: DocumentReading, claims: Claims, facts: Facts, now: datetime, background: Background, number: str | None
) -> None:
    found = measure(card, replace(claims, phone_number=number), facts, now, background)
    assert [m.check for m in found] == CHECKS
    assert [m.reason for m in found if isinstance(m, NotAssessed)] == [Reason.NOT_PROVIDED] * 5
    assert all(m.captures == frozenset() for m in found)


def test_a_number_nobody_looked_up_is_unknown(
    card: DocumentReading, claims: Claims, now: datetime, background: Background
) -> None:
    found = measure(card, claims, Facts(), now, background)
    assert [m.reason for m in found if isinstance(m, NotAssessed)] == [Reason.FACT_UNKNOWN] * 4
    assert {m.check for m in found} == set(CHECKS)


def test_an_invalid_number_is_found(
    card: DocumentReading, claims: Claims, facts: Facts, now: datetime, background: Background
) -> None:
    bad = with_phone(facts, is_valid=False, line_type=LineType.UNKNOWN)
    valid, line, *_ = measure(card, claims, bad, now, background)
    assert isinstance(valid, Finding)
    assert valid.reasons == (Reason.PHONE_INVALID,)
    assert line.evidence.values["line_type"] == "unknown"


@pytest.mark.parametrize("kind", LineType)
def test_the_kind_of_line_is_told_and_not_judged(
    card: DocumentReading, claims: Claims, facts: Facts, now: datetime, background: Background, kind: LineType
) -> None:
    line = measure(card, claims, with_phone(facts, line_type=kind), now, background)[1]
    assert isinstance(line, Finding)
    assert (line.reasons, line.evidence.values["line_type"]) == ((), kind.value)

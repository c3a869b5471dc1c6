"""Every single wrong character of a number is exposed, and every single change of an attempt raises what it is."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from stdnum.iso7064 import mod_11_2

from kyc_service.consistency import assess
from kyc_service.consistency.document import measure
from kyc_service.domain.authority import Answer, AuthorityAnswer, AuthorityFailure, Channel
from kyc_service.domain.background import Background
from kyc_service.domain.checks import CheckName
from kyc_service.domain.claims import Claims, Device
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.facts import Facts, IpFact
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed
from kyc_service.domain.outcome import Outcome
from kyc_service.domain.reasons import CATALOGUE, Reason

NUMBERS = 1000
DIGITS = "0123456789"
REGIONS = ("110105", "310104", "330106", "440305", "510104", "650102", "540102", "120103")
TODAY = date(2026, 11, 23)


def numbers(seed: int) -> Iterator[str]:
    chance = random.Random(seed)  # noqa: S311 - reproducible test data, no secret
    for _ in range(NUMBERS):
        born = date(1990, 1, 1) + timedelta(days=chance.randrange(6000))
        body = f"{chance.choice(REGIONS)}{born:%Y%m%d}{chance.randrange(1000):03}"
        yield body + mod_11_2.calc_check_digit(body)


def single_changes(number: str) -> Iterator[str]:
    for place, printed in enumerate(number):
        for other in DIGITS + "X":
            if other != printed:
                yield number[:place] + other + number[place + 1 :]


def id_number(card: DocumentReading, number: str) -> Finding:
    fields = tuple(replace(f, text=number) if f.text == card.id_number else f for f in card.fields)
    read = replace(card, fields=fields, id_number=number)
    found = next(m for m in measure(read, TODAY) if m.check is CheckName.ID_NUMBER)
    assert isinstance(found, Finding)
    return found


def test_every_single_change_of_a_thousand_numbers_is_rejected(card: DocumentReading) -> None:
    tried = 0
    for number in numbers(seed=11643):
        assert id_number(card, number).reasons == ()
        for changed in single_changes(number):
            reasons = id_number(card, changed).reasons
            assert any(CATALOGUE[reason].outcome is Outcome.REJECTED for reason in reasons), changed
            tried += 1
    assert tried == NUMBERS * 18 * 10


REFUSED = AuthorityAnswer(Channel.CARRIER, Answer.CONTRADICTED, "ref-3", datetime(2026, 11, 23, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise than with the genuine applicant, and all that it may raise."""

    raised: frozenset[Reason]
    checks: frozenset[CheckName]
    claims: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    phone: Mapping[str, Any] = field(default_factory=dict)
    position: Mapping[str, Any] = field(default_factory=dict)
    history: Mapping[str, Any] = field(default_factory=dict)
    authorities: tuple[AuthorityAnswer | AuthorityFailure, ...] = ()


def one(reason: Reason, check: CheckName, **where: Any) -> Change:
    return Change(frozenset({reason}), frozenset({check}), **where)


CHANGES = {
    "another name": one(Reason.NAME_MISMATCH, CheckName.NAME_COMPARISON, claims={"full_name": "李四"}),
    "another birth date": one(
        Reason.DATE_OF_BIRTH_MISMATCH,
        CheckName.DATE_OF_BIRTH_COMPARISON,
        claims={"date_of_birth": date(1990, 3, 8)},
    ),
    "another number": one(
        Reason.ID_NUMBER_MISMATCH, CheckName.ID_NUMBER_COMPARISON, claims={"id_number": "110101199003070010"}
    ),
    "a number that is none": one(Reason.PHONE_INVALID, CheckName.PHONE_VALID, phone={"is_valid": False}),
    "another number than was confirmed": one(
        Reason.PHONE_NOT_CONFIRMED, CheckName.PHONE_POSSESSION, phone={"e164": "+8613800138001"}
    ),
    "a number from abroad": one(
        Reason.PHONE_COUNTRY_DIFFERS, CheckName.PHONE_REGION_CONSISTENCY, phone={"country": "USA"}
    ),
    "another phone": one(Reason.PHONE_CHANGED, CheckName.PHONE_REUSE, history={"person_had_other_phone": True}),
    "another device": one(Reason.DEVICE_CHANGED, CheckName.VELOCITY_DEVICE, history={"person_had_other_device": True}),
    "near a border": one(
        Reason.POSITION_NEAR_BORDER, CheckName.POSITION_PLAUSIBLE, position={"countries_in_reach": ("HKG",)}
    ),
    "a shifted position": one(
        Reason.POSITION_DATUM_DOUBTFUL, CheckName.POSITION_PLAUSIBLE, facts={"looks_like_gcj02": True}
    ),
    "a network from abroad": one(
        Reason.IP_COUNTRY_DIFFERS, CheckName.DISTANCE_IP, facts={"ip": IpFact("USA", None, None, 0.0, ())}
    ),
    "no database of networks": one(Reason.FACT_UNKNOWN, CheckName.DISTANCE_IP, facts={"ip": None}),
    "a picture without a place": one(Reason.NOT_PROVIDED, CheckName.DISTANCE_PHOTO, facts={"photo": None}),
    "nothing of the address is known": one(
        Reason.FACT_UNKNOWN, CheckName.ADDRESS_COMPARISON, facts={"stated_address": None}
    ),
    "a device without a clock": one(
        Reason.NOT_PROVIDED, CheckName.DEVICE_CLOCK, claims={"device": Device(timezone="Asia/Shanghai")}
    ),
    "a register that contradicts": one(
        Reason.AUTHORITY_CONTRADICTS, CheckName.AUTHORITY_CARRIER, authorities=(REFUSED,)
    ),
    "a register that is silent": one(
        Reason.AUTHORITY_UNREACHABLE,
        CheckName.AUTHORITY_CARRIER,
        authorities=(AuthorityFailure(Channel.CARRIER, "timeout"),),
    ),
    "no position": Change(
        frozenset({Reason.NOT_PROVIDED}),
        frozenset(check for check in CheckName if check.parent == "geolocation") - {CheckName.DEVICE_CLOCK},
        claims={"device_location": None},
    ),
    "no phone": Change(
        frozenset({Reason.NOT_PROVIDED}),
        frozenset(check for check in CheckName if check.parent == "phone") | {CheckName.DISTANCE_PHONE_REGION},
        claims={"phone_number": None},
    ),
}


def raised(found: Iterable[Measurement]) -> set[tuple[CheckName, Reason]]:
    pairs: set[tuple[CheckName, Reason]] = set()
    for m in found:
        if isinstance(m, NotAssessed):
            pairs.add((m.check, m.reason))
        elif isinstance(m, Finding):
            pairs |= {(m.check, reason) for reason in m.reasons}
    return pairs


@pytest.mark.parametrize("name", CHANGES)
def test_a_single_change_raises_what_it_is_and_nothing_else(
    name: str, card: DocumentReading, claims: Claims, facts: Facts, now: datetime, background: Background
) -> None:
    change = CHANGES[name]
    assert facts.phone
    assert facts.position
    assert background.history
    known = replace(
        facts,
        phone=replace(facts.phone, **change.phone),
        position=replace(facts.position, **change.position),
    )
    others = tuple(a for a in background.authorities if a.channel not in {c.channel for c in change.authorities})
    behind = replace(
        background,
        history=replace(background.history, **change.history),
        authorities=(*others, *change.authorities),
    )
    found = assess(card, replace(claims, **change.claims), replace(known, **change.facts), now, behind)
    seen = raised(found)
    assert {check for check, _ in seen} == change.checks
    assert {reason for _, reason in seen} == change.raised

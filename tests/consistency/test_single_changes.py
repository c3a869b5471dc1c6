"""Every single wrong character of a number that was read with high confidence is exposed, never healed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from stdnum.iso7064 import mod_11_2

from kyc_service.consistency.document import measure
from kyc_service.domain.checks import CheckName
from kyc_service.domain.document import DocumentReading
from kyc_service.domain.measurements import Finding
from kyc_service.domain.outcome import Outcome
from kyc_service.domain.reasons import CATALOGUE

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

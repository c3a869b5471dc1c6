from __future__ import annotations

import random
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.domain.reasons import Reason
from kyc_service.identifiers import aamva
from kyc_service.identifiers.errors import MalformedIdentifier
from tests.identifiers.aamva.conftest import ONTARIO, TODAY, V1, V3, V10

MUTATIONS = 20_000
ALPHABET = string.printable + "\x1c\x1d\x1e\x1f\x00éÑ漢"


def answers(payload: str) -> None:
    """Whatever ``payload`` is, every verb answers or raises the declared error."""
    try:
        card = aamva.parse(payload, TODAY)
    except MalformedIdentifier:
        assert aamva.problems(payload, TODAY) == (Reason.BARCODE_MALFORMED,)
    else:
        assert bool(aamva.problems(payload, TODAY)) is bool(card.malformed)
        assert card.date_of_birth is not None or card.malformed


@given(st.binary(max_size=400))
def test_no_bytes_crash(payload: bytes) -> None:
    answers(aamva.decode(payload))


@given(st.text(max_size=200))
def test_no_text_after_a_header_crashes(body: str) -> None:
    answers("@\n\x1e\rANSI 636000100101DL00310100" + body)
    aamva.compact(body)


@pytest.mark.parametrize("payload", [V10, V1, V3, ONTARIO])
def test_no_mutation_crashes(payload: str) -> None:
    chance = random.Random(payload)  # noqa: S311 - the same mutations every time
    for _ in range(MUTATIONS // 4):
        assert aamva.problems(mutated(payload, chance), TODAY) in {(), (Reason.BARCODE_MALFORMED,)}


def mutated(payload: str, chance: random.Random) -> str:
    characters = list(payload)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(characters))
        match chance.randrange(4):
            case 0:
                characters[at] = chance.choice(ALPHABET)
            case 1:
                characters.insert(at, chance.choice(ALPHABET))
            case 2:
                del characters[at : at + chance.randint(1, 30)]
            case _:
                characters[at:at] = characters[at : at + chance.randint(1, 30)]
        if not characters:
            break
    return "".join(characters)


@pytest.mark.parametrize(
    "payload",
    [
        "DL" * 1000,
        "ANSI " * 500,
        "@" * 2700,
        "ANSI 636000100101" + "DL00310100" * 250,
        "ANSI 636000100101DL00310100" + "DL" * 1300,
    ],
)
def test_no_payload_takes_long(payload: str) -> None:
    begin = time.perf_counter()
    answers(payload)
    aamva.compact(payload)
    assert time.perf_counter() - begin < 2.0

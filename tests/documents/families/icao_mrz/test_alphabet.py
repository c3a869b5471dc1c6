from __future__ import annotations

import numpy as np
import pytest

from kyc_service.documents.families.icao_mrz.alphabet import in_zone
from kyc_service.documents.reading.lines import Line
from kyc_service.documents.reading.rows import Row
from kyc_service.inference.ocr import Character

QUAD = np.array([(0, 0), (100, 0), (100, 20), (0, 20)], np.float32)


def confidence(character: Character, *, letters: bool) -> float:
    row = in_zone(Row((Line(QUAD, (character,)),)), holds_letters_only=letters)
    assert row.text == character.text
    return row.characters[0].confidence


def test_a_name_holds_no_digit_so_o_and_0_count_together() -> None:
    zero = Character("0", 0.54, 0.5, (("O", 0.45), ("o", 0.005), ("Q", 0.004)))
    assert confidence(zero, letters=True) == pytest.approx(0.995)


def test_where_letters_and_digits_may_stand_the_doubt_remains() -> None:
    zero = Character("0", 0.54, 0.5, (("O", 0.45),))
    assert confidence(zero, letters=False) == pytest.approx(0.54)


@pytest.mark.parametrize("letters", [True, False])
def test_small_letters_are_capitals_in_a_zone(*, letters: bool) -> None:
    assert confidence(Character("P", 0.71, 0.5, (("p", 0.27),)), letters=letters) == pytest.approx(0.98)


def test_another_letter_is_another_letter() -> None:
    assert confidence(Character("M", 0.6, 0.5, (("N", 0.4),)), letters=True) == pytest.approx(0.6)

from __future__ import annotations

from dataclasses import replace

import pytest

from kyc_service.documents.families.icao_mrz.votes import Reading, columns_across, is_on_grid, voted
from kyc_service.documents.reading.lines import Line
from kyc_service.documents.reading.rows import Row
from kyc_service.inference.ocr import Character
from tests.documents.samples import line

TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def reading(*lines: str, confidence: float = 0.9) -> Reading:
    return Reading(tuple(Row((line(text, y=80.0 * i, confidence=confidence),)) for i, text in enumerate(lines)), lines)


def doubted(of: Reading, column: int, text: str, confidence: float) -> Reading:
    """``of`` with one character of its second line read otherwise."""
    row = of.rows[1].lines[0]
    characters = list(row.characters)
    characters[column] = replace(characters[column], text=text, confidence=confidence)
    changed = of.lines[1][:column] + text + of.lines[1][column + 1 :]
    return Reading((of.rows[0], Row((Line(row.quad, tuple(characters)),))), (of.lines[0], changed))


def test_the_character_read_with_most_confidence_stands() -> None:
    first = doubted(reading(*TD3), 3, "O", 0.5)
    outcome = voted([first, reading(*TD3), reading(*TD3)])
    assert outcome.lines == TD3
    assert outcome.rows[1].characters[3].confidence == pytest.approx(0.9 * 1.8 / 2.3)


def test_what_passes_its_check_digits_has_no_more_votes() -> None:
    wrong = doubted(reading(*TD3), 3, "O", 0.95)
    outcome = voted([wrong, reading(*TD3)])
    assert outcome.lines[1][3] == "O"
    assert outcome.rows[1].characters[3].confidence == pytest.approx(0.95 * 0.95 / 1.85)
    assert outcome.rows[1].characters[3].alternatives[0] == (TD3[1][3], pytest.approx(0.9 / 1.85))


def test_what_the_type_of_the_column_makes_one_is_no_disagreement() -> None:
    outcome = voted([doubted(reading(*TD3), 15, "O", 0.5), reading(*TD3)])
    assert outcome.rows[1].characters[15].confidence == pytest.approx(0.9)


def test_readings_of_other_filler_have_no_say() -> None:
    other = reading(TD3[0], TD3[1].replace("ZE184226B<<<<<", "<<<<<<<<<<<<<<"))
    assert voted([reading(*TD3), other]).lines == TD3


def test_one_reading_is_its_own_outcome() -> None:
    assert voted([reading(*TD3)]).lines == TD3


def test_a_line_whose_characters_cannot_be_placed_stays_as_it_is() -> None:
    one = reading(*TD3)
    lost = Reading((one.rows[0], Row((Line(one.rows[1].lines[0].quad, one.rows[1].characters[1:]),))), TD3)
    assert voted([lost, one]).lines == TD3
    assert not is_on_grid(lost, 1, 0.6)
    assert lost.columns(1) == {}


@pytest.mark.parametrize("text", [*TD3, "I<UTOD231458907<<<<<<<<<<<<<<<"])
def test_the_pitch_tells_how_many_columns_there_are(text: str) -> None:
    assert columns_across([Row((line(text),))]) == len(text)


def test_filler_alone_has_no_pitch() -> None:
    assert columns_across([Row((line("<<A<B<<<"),))]) is None
    assert columns_across([Row((Line(line("A").quad, (Character("A", 0.9),) * 8),))]) is None


def test_a_lost_character_moves_the_rest_off_the_grid() -> None:
    whole = reading(*TD3)
    assert is_on_grid(whole, 0, 0.6)
    assert is_on_grid(whole, 1, 0.6)
    row = whole.rows[1].lines[0]
    short = TD3[1][:30] + TD3[1][31:37] + "<" + TD3[1][37:]
    lost = Reading((whole.rows[0], Row((Line(row.quad, row.characters[:30] + row.characters[31:]),))), (TD3[0], short))
    assert not is_on_grid(lost, 1, 0.3)


def test_a_single_character_is_on_any_grid() -> None:
    assert is_on_grid(reading("A<<<"), 0, 0.1)

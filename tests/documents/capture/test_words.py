from __future__ import annotations

import numpy as np
import pytest

from kyc_service.documents.capture.several import says_words_twice
from kyc_service.documents.capture.words import BACK_WORDS, FRONT_WORDS, card_around_words
from kyc_service.documents.families.protocol import Shows
from kyc_service.documents.reading.lines import Line
from kyc_service.inference.ocr import Character

WIDTH, HEIGHT = 856.0, 540.0


def word(text: str, place: tuple[float, float, float], off: tuple[float, float] = (100.0, 50.0)) -> Line:
    """A word where the card has it, the card's top left corner at ``off``."""
    left, right, middle = place
    x0, x1, y = off[0] + left * WIDTH, off[0] + right * WIDTH, off[1] + middle * HEIGHT
    quad = np.array([(x0, y - 12), (x1, y - 12), (x1, y + 12), (x0, y + 12)], np.float32)
    return Line(quad, tuple(Character(c, 0.9, (i + 0.5) / len(text)) for i, c in enumerate(text)))


@pytest.mark.parametrize(
    ("words", "names", "shows"),
    [
        (FRONT_WORDS, ("姓名", "住址"), Shows.FRONT),
        (FRONT_WORDS, ("公民身份号码",), Shows.FRONT),
        (BACK_WORDS, ("居民身份证", "签发机关"), Shows.BACK),
    ],
)
def test_words_tell_side_and_corners(
    words: dict[str, tuple[float, float, float]], names: tuple[str, ...], shows: Shows
) -> None:
    known = card_around_words([word(name, words[name]) for name in names])
    assert known is not None
    assert (known.shows, known.words) == (shows, len(names))
    assert np.allclose(known.corners[0], (100, 50), atol=6)
    assert np.allclose(known.corners[2], (100 + WIDTH, 50 + HEIGHT), atol=12)


def test_a_lone_short_word_tells_nothing() -> None:
    assert card_around_words([word("姓名", FRONT_WORDS["姓名"])]) is None
    assert card_around_words([]) is None


def test_words_that_do_not_stand_as_on_a_card_tell_nothing() -> None:
    strewn = [word("姓名", FRONT_WORDS["姓名"]), word("住址", FRONT_WORDS["住址"], (700.0, 20.0))]
    strewn.append(word("出生", FRONT_WORDS["出生"], (100.0, 900.0)))
    assert card_around_words(strewn) is None


def test_a_word_that_stands_twice_is_seen() -> None:
    lines = [word("居民身份证", BACK_WORDS["居民身份证"])]
    assert not says_words_twice(lines)
    assert says_words_twice([*lines, word("居民身份证", BACK_WORDS["居民身份证"], (100.0, 700.0))])

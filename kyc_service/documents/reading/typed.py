"""What a field's type says of its characters: a digit field holds digits.

Recognisers confuse O and 0 or I and 1. Where the type of a field leaves one reading
only, that reading is taken, with the probability the recogniser gave to all characters
that come down to it. Nothing here looks at a check digit, and a character that the type
does not force is left as it is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from kyc_service.inference.ocr import Character

_LOOKALIKE_DIGITS: Final = str.maketrans("OoQDIl|iZzSsBbG〇", "0000111122558860")
_LOOKALIKE_LAST: Final = str.maketrans("×✕xХхΧχ", "XXXXXXX")
_DOTS: Final = str.maketrans("•・．・‧∙⋅●.:。˙", "·" * 12)
_PLAIN: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
NUMBER_LENGTH: Final = 18


def as_digit(character: Character) -> Character:
    """``character`` read as a digit, where it is one or looks like one.

    >>> as_digit(Character("O", 0.6, 0.0, (("0", 0.3), ("C", 0.1))))
    Character(text='0', confidence=0.8999999999999999, position=0.0, alternatives=(('C', 0.1),))
    >>> as_digit(Character("京", 0.9)).text
    '京'
    """
    return _folded(character, _LOOKALIKE_DIGITS)


def as_number(characters: tuple[Character, ...]) -> tuple[Character, ...]:
    """18 characters of a Chinese identity number: 17 digits, then a digit or X.

    Other lengths come back as they are: nobody can say which character is missing.
    """
    if len(characters) != NUMBER_LENGTH:
        return characters
    last = _folded(characters[-1], _LOOKALIKE_LAST)
    return (*(as_digit(c) for c in characters[:-1]), last if last.text == "X" else as_digit(last))


def as_name(characters: tuple[Character, ...]) -> tuple[Character, ...]:
    """A name on a Chinese card: whatever dot stands between its parts is the middle dot (U+00B7).

    >>> "".join(c.text for c in as_name(tuple(Character(t, 0.9) for t in "艾力•吐尔地")))
    '艾力·吐尔地'
    """
    return tuple(_folded(c, _DOTS) if 0 < i < len(characters) - 1 else c for i, c in enumerate(characters))


def as_date(year: str, month: str, day: str) -> date | None:
    """The date, if there is such a day.

    >>> as_date("2023", "2", "29") is None, as_date("1990", "03", "07")
    (True, datetime.date(1990, 3, 7))
    """
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def as_plain(character: Character) -> Character:
    """``character`` in its plain width: recognisers take widely spaced digits for full-width ones.

    >>> as_plain(Character("１", 0.5, 0.0, (("1", 0.25),)))
    Character(text='1', confidence=0.75, position=0.0, alternatives=())
    """
    is_plain = character.text.isascii() and all(text.isascii() for text, _ in character.alternatives)
    return character if is_plain else _folded(character, _PLAIN)


def _folded(character: Character, table: dict[int, int]) -> Character:
    """``character`` by ``table``, with the probabilities of all that come down to the same."""
    text = character.text.translate(table)
    same = sum(p for t, p in character.alternatives if t.translate(table) == text)
    others = tuple((t, p) for t, p in character.alternatives if t.translate(table) != text)
    return replace(character, text=text, confidence=min(1.0, character.confidence + same), alternatives=others)

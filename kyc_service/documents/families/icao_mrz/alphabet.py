"""What a zone's alphabet makes of the recogniser's doubts.

The recogniser knows thousands of characters and shares its certainty among those that
look alike: ``O``, ``o`` and ``0`` in a name, ``P`` and ``p`` at the start. A zone holds
capitals, digits and fillers only, and a name no digits (ICAO 9303-3), so readings that
come to the same character there count together.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from kyc_service.documents.reading.rows import Row
from kyc_service.identifiers.mrz import Holds, normalise_line
from kyc_service.inference.ocr import Character

_DIGITS: Final = str.maketrans("OQDILZSGB", "000112568")
_LETTERS: Final = str.maketrans("015826ρ", "OISBZGP")
_SPELT: Final = re.compile("[A-Z0-9<]+")
_LEAST_KNOWN: Final = 0.5
"""What the rest counts as at least, so that a stray sign makes no certain letter."""
_TABLES: Final = {Holds.LETTER: _LETTERS, Holds.DIGIT: _DIGITS}


def in_zone(row: Row, *, holds_letters_only: bool) -> Row:
    """``row`` with the confidence of each character as one of the zone's; text and places unchanged."""
    lines = []
    for line in row.lines:
        holds = Holds.LETTER if holds_letters_only else Holds.EITHER
        characters = tuple(of_type(c, holds) for c in line.characters)
        lines.append(replace(line, characters=characters))
    return Row(tuple(lines))


def in_alphabet(character: Character) -> Character:
    """``character`` as the likeliest of those a zone may hold, what it cannot hold ruled out; as it is where none can be.

    >>> in_alphabet(Character("]", 0.5, 0.5, (("J", 0.3), ("3", 0.1))))
    Character(text='J', confidence=0.6, position=0.5, alternatives=(('3', 0.2),))
    """
    ranked = ((character.text, character.confidence), *character.alternatives)
    known = [(text, share) for text, share in ranked if _SPELT.fullmatch(normalise_line(text))]
    if not known:
        return character
    ruled_out = sum(share for _, share in ranked) - sum(share for _, share in known)
    whole = max(_LEAST_KNOWN, 1 - ruled_out)
    (text, share), *others = [(text, share / whole) for text, share in known]
    return replace(character, text=text, confidence=share, alternatives=tuple(others))


def of_type(character: Character, holds: Holds) -> Character:
    """``character`` with the shares of all readings that come to the same in a column of that type; text unchanged.

    >>> of_type(Character("O", 0.6, 0.5, (("0", 0.3), ("C", 0.1))), Holds.DIGIT)
    Character(text='O', confidence=0.8999999999999999, position=0.5, alternatives=(('C', 0.1),))
    """
    text = folded(character.text, holds)
    same = sum(share for other, share in character.alternatives if folded(other, holds) == text)
    others = tuple((other, share) for other, share in character.alternatives if folded(other, holds) != text)
    return replace(character, confidence=min(1.0, character.confidence + same), alternatives=others)


def folded(text: str, holds: Holds) -> str:
    """What ``text`` comes to in a column of that type.

    >>> folded("o", Holds.DIGIT), folded("0", Holds.LETTER), folded("o", Holds.EITHER)
    ('0', 'O', 'O')
    """
    capital = normalise_line(text)
    return capital.translate(_TABLES[holds]) if holds in _TABLES else capital

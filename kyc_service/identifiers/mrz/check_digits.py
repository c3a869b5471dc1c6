"""The 7-3-1 check digit of ICAO Doc 9303 part 3, section 4.9.

Every weight is prime to 10, so a single wrong character goes unseen exactly when its value
differs from the right one by a multiple of 10 (``0``, ``A``, ``K``, ``U`` and ``<`` look alike
to it), in a field's own digit and in the composite alike.
"""

from __future__ import annotations

from itertools import cycle
from operator import mul
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FILLER: Final = "<"
_WEIGHTS: Final = (7, 3, 1)
_VALUES: Final = {FILLER: 0, **{character: value for value, character in enumerate(ALPHABET)}}


def character_value(character: str) -> int:
    """The value of one character: digits themselves, A to Z as 10 to 35, the filler 0.

    >>> [character_value(c) for c in "9AZ<"]
    [9, 10, 35, 0]
    """
    return _VALUES[character]


def check_digit(text: str) -> str:
    """The check digit of ``text``, which is made of ``A-Z0-9<`` alone.

    >>> check_digit("520727"), check_digit("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<<")
    ('3', '2')
    """
    return str(sum(map(mul, map(_VALUES.__getitem__, text), cycle(_WEIGHTS))) % 10)

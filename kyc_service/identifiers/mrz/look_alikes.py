"""Letters and digits that look alike in OCR-B and are told apart by their field alone."""

from __future__ import annotations

from typing import Final

TO_DIGIT: Final = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8"}
TO_LETTER: Final = {"0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}
_LETTERS: Final = str.maketrans(TO_LETTER)


def as_letters(text: str) -> str:
    """``text`` with its digits as the letters they look like.

    >>> as_letters("1DFRA")
    'IDFRA'
    """
    return text.translate(_LETTERS)

"""Making lines out of what a recogniser read: one alphabet, and filler runs at their full length.

Recognisers shorten runs of filler. A run is stretched (or shortened) to the format's width
where only the check digits of the format follow it; any other line of a wrong length stays
wrong, so that nothing but filler is ever made up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from kyc_service.identifiers.mrz.layout import expected_layout

# Chevrons in the alphabets of general recognisers, the double ones standing for two fillers.
_CHEVRONS: Final = str.maketrans(
    {"‹": "<", "〈": "<", "く": "<", "ㄑ": "<", "«": "<<", "≪": "<<", "《": "<<"},
)


def normalise_line(text: str) -> str:
    """``text`` without spaces, in capitals, with every chevron as filler.

    >>> normalise_line("p＜uto eriksson«anna")
    'P<UTOERIKSSON<<ANNA'
    """
    return "".join(unicodedata.normalize("NFKC", text).translate(_CHEVRONS).split()).upper()


def from_ocr(lines: Sequence[str]) -> tuple[str, ...]:
    """Normalised ``lines``, their filler runs at the length of the format they seem to be of.

    >>> from_ocr(["I<UTOERIKSSON<<ANNA<MARIA<<<", "D231458907UTO7408122F1204159<<<6"])
    ('I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6')
    """
    text = tuple(map(normalise_line, lines))
    layout = expected_layout(text)
    if layout is None:
        return text
    return tuple(_fitted(line, layout.width, tail) for line, tail in zip(text, layout.tails, strict=True))


def _fitted(line: str, width: int, tail: int) -> str:
    found = re.fullmatch(rf"(?P<head>.*[^<])(?P<run><+)(?P<tail>[^<]{{{min(tail, 1)},{tail}}})", line)
    room = width - len(line)
    if found is None or len(found["run"]) + room < 1:
        return line
    return found["head"] + "<" * (len(found["run"]) + room) + found["tail"]

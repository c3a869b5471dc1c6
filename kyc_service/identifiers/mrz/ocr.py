"""Making lines out of what a recogniser read: one alphabet, filler at its full length, one format or none.

Recognisers shorten runs of filler. A run is stretched (or shortened) to the format's width
where only the check digits of the format follow it; any other line of a wrong length stays
wrong, so that nothing but filler is ever made up. What stands in typed fields then says
whether the lines are of that format at all: a TD1 that lost its last line is no TD2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from kyc_service.identifiers.mrz.formats import layouts_of
from kyc_service.identifiers.mrz.layout import Layout
from kyc_service.identifiers.mrz.look_alikes import TO_DIGIT, TO_LETTER

# Chevrons in the alphabets of general recognisers, the double ones standing for two fillers.
_CHEVRONS: Final = str.maketrans(
    {"‹": "<", "〈": "<", "く": "<", "ㄑ": "<", "≺": "<", "«": "<<", "≪": "<<", "《": "<<"},
)
# Capitals of other scripts and a struck zero, which the zone's alphabet has not.
_TWINS: Final = str.maketrans("АВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧØ", "ABESIJKMHOPCTYXABEZHIKMNOPTYX0")
_MOST_STRANGERS: Final = 3
"""Characters of the wrong type that lines of a format may hold: more, and they are not of that format."""
# Number or birth date first, as the coded lines of two-line formats and of TD1 begin; look-alikes not yet told apart.
_DIGIT: Final = "[0-9OQDILZSGB<]"
_LETTER: Final = "[A-Z012568<]"
_CODED: Final = re.compile(
    rf"[A-Z0-9<]{{9}}{_DIGIT}{_LETTER}{{3}}{_DIGIT}{{7}}[MF<]{_DIGIT}{{7}}.*"
    rf"|{_DIGIT}{{7}}[MF<]{_DIGIT}{{7}}{_LETTER}{{3}}.*"
)
_LEAST_DIGITS: Final = 12
"""Two dates, of which one may be read as letters in part."""
_CHARACTERS: Final = re.compile("[A-Z0-9<]*")
_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ<") | TO_LETTER.keys()
_DIGITS: Final = frozenset("0123456789<") | TO_DIGIT.keys()
_SEXES: Final = frozenset("MF<")


def normalise_line(text: str) -> str:
    """``text`` without spaces, in capitals, with every chevron as filler.

    >>> normalise_line("p＜uto eriksson«anna")
    'P<UTOERIKSSON<<ANNA'
    """
    plain = unicodedata.normalize("NFKC", text).translate(_CHEVRONS)
    return "".join(plain.split()).upper().translate(_TWINS)


def is_coded_line(text: str) -> bool:
    """Whether ``text`` has dates and their digits where a coded line of a zone has them; it may hold no filler at all.

    >>> is_coded_line("9138676507BEL9410095M201211350630467"), is_coded_line("VNBELNILAVADHANANANDA")
    (True, False)
    """
    line = normalise_line(text)
    return _CODED.fullmatch(line) is not None and sum(map(str.isdigit, line)) >= _LEAST_DIGITS


def from_ocr(lines: Sequence[str], columns: int | None = None) -> tuple[str, ...]:
    """Normalised ``lines``, their filler runs at the length of the format they are of, if they are of any.

    ``columns``: how many characters wide the zone looks, where that is known; it tells apart
    formats that differ in nothing else.

    >>> from_ocr(["I<UTOERIKSSON<<ANNA<MARIA<<<", "D231458907UTO7408122F1204159<<<6"])
    ('I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6')
    """
    return fitted(lines, columns) or tuple(map(normalise_line, lines))


def fitted(lines: Sequence[str], columns: int | None = None) -> tuple[str, ...] | None:
    """As :func:`from_ocr`; ``None`` where ``lines`` are of no format.

    >>> fitted(["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6"]) is None
    True
    """
    text = tuple(map(normalise_line, lines))
    found: list[tuple[int, tuple[str, ...]]] = []
    for layout in layouts_of(text[0], len(text)) if text else ():
        stretched = tuple(_stretched(line, layout.width, tail) for line, tail in zip(text, layout.tails, strict=True))
        if _has_form(layout, stretched) and strangers(layout, stretched) <= _MOST_STRANGERS:
            found.append((abs(layout.width - (columns or max(map(len, text)))), stretched))
    return min(found, key=lambda item: item[0])[1] if found else None


def _has_form(layout: Layout, lines: Sequence[str]) -> bool:
    return all(len(line) == layout.width and _CHARACTERS.fullmatch(line) for line in lines)


def strangers(layout: Layout, lines: Sequence[str]) -> int:
    """How many characters of typed fields neither are of their type nor look like one that is."""
    typed = ((layout.letters, _LETTERS), (layout.digits, _DIGITS), ((layout.sex,), _SEXES))
    return sum(len([c for c in span.of(lines) if c not in known]) for spans, known in typed for span in spans)


def _stretched(line: str, width: int, tail: int) -> str:
    found = re.fullmatch(rf"(?P<head>.*[^<])(?P<run><+)(?P<tail>[^<]{{{min(tail, 1)},{tail}}})", line)
    room = width - len(line)
    if found is None or len(found["run"]) + room < 1:
        return line
    return found["head"] + "<" * (len(found["run"]) + room) + found["tail"]

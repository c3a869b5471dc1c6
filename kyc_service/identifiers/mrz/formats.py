"""The formats, and which of them lines are of.

Source: ICAO Doc 9303, 8th edition, parts 4 (TD3), 5 (TD1), 6 (TD2) and 7 (MRV-A, MRV-B). The
French identity card of 1988 to 2021 has two lines of 36 of its own, older than TD2: surname, then
number, given names and birth date, its composite taken over both lines from the very start.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kyc_service.identifiers.errors import MalformedIdentifier
from kyc_service.identifiers.mrz.layout import Holds, Layout, MrzFormat, Span
from kyc_service.identifiers.mrz.look_alikes import as_letters

# Part 4, section 4.4: P, and a letter for the type of passport, which older ones leave empty.
_PASSPORT: Final = re.compile("P[A-Z<]")
# Part 7, section 4.2.2.1: V, and one character at the discretion of the issuing State.
_VISA: Final = re.compile("V[A-Z0-9<]")
# Part 5, note k: A, C or I; no V after them, no I after A. AC is the crew member certificate.
_CARD_1: Final = re.compile("(?!AI)[ACI][A-UW-Z0-9<]")
# Part 6, note k: the same, but for AC.
_CARD_2: Final = re.compile("(?!AC)[ACI][A-UW-Z0-9<]")


def _two_lines(
    name: MrzFormat,
    width: int,
    code: re.Pattern[str],
    *,
    optional_end: int,
    tail: int,
    optional_check: Span | None = None,
    composite: tuple[Span, ...] = (),
    composite_check: Span | None = None,
    has_long_numbers: bool = False,
) -> Layout:
    return Layout(
        format=name,
        width=width,
        tails=(0, tail),
        code=code,
        names=(Span(0, 5, width),),
        number=Span(1, 0, 9),
        number_check=Span(1, 9, 10),
        nationality=Span(1, 10, 13),
        birth=Span(1, 13, 19),
        birth_check=Span(1, 19, 20),
        sex=Span(1, 20, 21),
        expiry=Span(1, 21, 27),
        expiry_check=Span(1, 27, 28),
        optional=(Span(1, 28, optional_end),),
        optional_check=optional_check,
        composite=composite,
        composite_check=composite_check,
        has_long_numbers=has_long_numbers,
    )


TD1: Final = Layout(
    format=MrzFormat.TD1,
    width=30,
    tails=(0, 1, 0),
    code=_CARD_1,
    names=(Span(2, 0, 30),),
    number=Span(0, 5, 14),
    number_check=Span(0, 14, 15),
    nationality=Span(1, 15, 18),
    birth=Span(1, 0, 6),
    birth_check=Span(1, 6, 7),
    sex=Span(1, 7, 8),
    expiry=Span(1, 8, 14),
    expiry_check=Span(1, 14, 15),
    optional=(Span(0, 15, 30), Span(1, 18, 29)),
    composite=(Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29)),
    composite_check=Span(1, 29, 30),
    has_long_numbers=True,
)
TD2: Final = _two_lines(
    MrzFormat.TD2,
    36,
    _CARD_2,
    optional_end=35,
    tail=1,
    composite=(Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 35)),
    composite_check=Span(1, 35, 36),
    has_long_numbers=True,
)
TD3: Final = _two_lines(
    MrzFormat.TD3,
    44,
    _PASSPORT,
    optional_end=42,
    tail=2,
    optional_check=Span(1, 42, 43),
    composite=(Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 43)),
    composite_check=Span(1, 43, 44),
)
MRV_A: Final = _two_lines(MrzFormat.MRV_A, 44, _VISA, optional_end=44, tail=0)
MRV_B: Final = _two_lines(MrzFormat.MRV_B, 36, _VISA, optional_end=36, tail=0)
FRENCH_ID: Final = Layout(
    format=MrzFormat.FRENCH_ID,
    width=36,
    tails=(6, 9),
    code=re.compile("ID"),
    numerals=(Span(1, 0, 4), Span(1, 7, 12)),
    names=(Span(0, 5, 30), Span(1, 13, 27)),
    number=Span(1, 0, 12),
    number_check=Span(1, 12, 13),
    birth=Span(1, 27, 33),
    birth_check=Span(1, 33, 34),
    sex=Span(1, 34, 35),
    optional=(Span(0, 30, 36),),
    composite=(Span(0, 0, 36), Span(1, 0, 35)),
    composite_check=Span(1, 35, 36),
)
_CARDS: Final = frozenset("ACI")
_FRENCH_START: Final = "IDFRA"
_ALPHABET: Final = re.compile(r"[A-Z0-9<]*")


def layouts_of(first_line: str, count: int) -> tuple[Layout, ...]:
    """The formats that a zone of ``count`` lines whose first is ``first_line`` may have, by its document code.

    >>> [str(layout.format) for layout in layouts_of("V<UTO", 2)]
    ['MRV-A', 'MRV-B']
    """
    if count == len(TD1.tails):
        return (TD1,)
    if count != len(TD2.tails):
        return ()
    start = as_letters(first_line[: len(_FRENCH_START)])
    by_code: dict[str, tuple[Layout, ...]] = {"P": (TD3,), "V": (MRV_A, MRV_B)}
    # France never issued a TD2 identity card; its TD1 of 2021 has three lines.
    card = FRENCH_ID if start == _FRENCH_START else TD2
    return by_code.get(start[:1], (card,) if start[:1] in _CARDS else (TD2, TD3))


def column_types(lines: Sequence[str]) -> tuple[tuple[Holds, ...], ...]:
    """What may stand in each column of ``lines``.

    >>> zone = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]
    >>> [str(holds) for holds in column_types(zone)[1][8:11]]
    ['either', 'digit', 'letter']

    Raises:
        MalformedIdentifier: number, length or alphabet of the lines are of no format.
    """
    layout = layout_of(lines)
    types = [[Holds.OTHER] * layout.width for _ in lines]
    # The digits of a number, being part of it, come last.
    for spans, holds in ((layout.free, Holds.EITHER), (layout.letters, Holds.LETTER), (layout.digits, Holds.DIGIT)):
        for span in spans:
            types[span.line][span.start : span.end] = [holds] * (span.end - span.start)
    return tuple(map(tuple, types))


def layout_of(lines: Sequence[str]) -> Layout:
    """The format of ``lines``: their number, their length and the document code decide.

    A code that no format of their size has is a fault of its field, and not of the zone's form.

    >>> layout_of(["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]).format
    <MrzFormat.TD2: 'TD2'>

    Raises:
        MalformedIdentifier: their number, length or alphabet is of none.
    """
    if not all(_ALPHABET.fullmatch(line) for line in lines):
        raise MalformedIdentifier
    of_that_size = tuple(layout for layout in (TD2, TD3) if len(layout.tails) == len(lines))
    for layout in (*layouts_of("".join(lines[:1]), len(lines)), *of_that_size):
        if all(len(line) == layout.width for line in lines):
            return layout
    raise MalformedIdentifier

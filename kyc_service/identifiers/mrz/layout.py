"""Where each field stands in each format: ICAO Doc 9303 parts 4 (TD3), 5 (TD1), 6 (TD2), 7 (MRV-A, MRV-B)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kyc_service.identifiers.errors import MalformedIdentifier


class MrzFormat(StrEnum):
    """Sizes of machine-readable zones."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRV_A = "MRV-A"
    MRV_B = "MRV-B"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` up to, not including, ``end`` of line ``line``; all from 0."""

    line: int
    start: int
    end: int

    def of(self, lines: Sequence[str]) -> str:
        """The characters of this span.

        >>> Span(0, 2, 5).of(["P<UTO"])
        'UTO'
        """
        return lines[self.line][self.start : self.end]


@dataclass(frozen=True, slots=True)
class Layout:
    """Field positions of one format.

    ``tails`` counts, per line, the characters that may follow its last run of filler:
    the check digits at its end. ``has_long_numbers``: a document number of more than nine
    characters goes on in the optional data.
    """

    format: MrzFormat
    width: int
    tails: tuple[int, ...]
    name: Span
    number: Span
    number_check: Span
    nationality: Span
    birth: Span
    birth_check: Span
    sex: Span
    expiry: Span
    expiry_check: Span
    optional: tuple[Span, ...]
    optional_check: Span | None = None
    composite: tuple[Span, ...] = ()
    composite_check: Span | None = None
    has_long_numbers: bool = False
    document_code: Span = Span(0, 0, 2)
    issuing_state: Span = Span(0, 2, 5)


def _two_lines(
    name: MrzFormat,
    width: int,
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
        name=Span(0, 5, width),
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


_TD1: Final = Layout(
    format=MrzFormat.TD1,
    width=30,
    tails=(0, 1, 0),
    name=Span(2, 0, 30),
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
_TD2: Final = _two_lines(
    MrzFormat.TD2,
    36,
    optional_end=35,
    tail=1,
    composite=(Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 35)),
    composite_check=Span(1, 35, 36),
    has_long_numbers=True,
)
_TD3: Final = _two_lines(
    MrzFormat.TD3,
    44,
    optional_end=42,
    tail=2,
    optional_check=Span(1, 42, 43),
    composite=(Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 43)),
    composite_check=Span(1, 43, 44),
)
_MRV_A: Final = _two_lines(MrzFormat.MRV_A, 44, optional_end=44, tail=0)
_MRV_B: Final = _two_lines(MrzFormat.MRV_B, 36, optional_end=36, tail=0)
_WIDE_FROM: Final = (36 + 44) // 2
_ALPHABET: Final = re.compile(r"[A-Z0-9<]*")


def expected_layout(lines: Sequence[str]) -> Layout | None:
    """The format that ``lines`` seem to be of, though characters may be missing.

    Three lines are a TD1. Of two lines, passports (``P``) and lines at least as near to 44 as to 36 are wide.

    >>> expected_layout(["V<UTO", "L8988901C4"]).format
    <MrzFormat.MRV_B: 'MRV-B'>
    >>> expected_layout(["P<UTO", "L8988901C4"]).format
    <MrzFormat.TD3: 'TD3'>
    """
    if len(lines) == len(_TD1.tails):
        return _TD1
    if len(lines) != len(_TD3.tails):
        return None
    is_wide = max(map(len, lines)) >= _WIDE_FROM or lines[0].startswith("P")
    if lines[0].startswith("V"):
        return _MRV_A if is_wide else _MRV_B
    return _TD3 if is_wide else _TD2


def layout_of(lines: Sequence[str]) -> Layout:
    """The format of ``lines``.

    >>> layout_of(["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]).format
    <MrzFormat.TD2: 'TD2'>

    Raises:
        MalformedIdentifier: their number, length or alphabet is of none.
    """
    layout = expected_layout(lines)
    if layout is None or any(len(line) != layout.width or not _ALPHABET.fullmatch(line) for line in lines):
        raise MalformedIdentifier
    return layout

"""What a format of machine-readable zone is: where each field stands, and what may stand there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class MrzFormat(StrEnum):
    """Sizes of machine-readable zones."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRV_A = "MRV-A"
    MRV_B = "MRV-B"
    FRENCH_ID = "FRENCH-ID"


class Holds(StrEnum):
    """What may stand in a column beside filler. ``OTHER``: neither, or a choice of its own (sex)."""

    LETTER = "letter"
    DIGIT = "digit"
    EITHER = "either"
    OTHER = "other"


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

    ``tails`` counts, per line, the characters that may follow its last run of filler: the
    check digits at its end. ``code`` is the form of the document code. ``names`` is one field
    for both identifiers, or one for each. ``has_long_numbers``: a document number of more than
    nine characters goes on in the optional data. ``numerals`` are the parts of the number that hold
    digits only.
    """

    format: MrzFormat
    width: int
    tails: tuple[int, ...]
    code: re.Pattern[str]
    names: tuple[Span, ...]
    number: Span
    number_check: Span
    birth: Span
    birth_check: Span
    sex: Span
    nationality: Span | None = None
    expiry: Span | None = None
    expiry_check: Span | None = None
    optional: tuple[Span, ...] = ()
    optional_check: Span | None = None
    composite: tuple[Span, ...] = ()
    composite_check: Span | None = None
    has_long_numbers: bool = False
    numerals: tuple[Span, ...] = ()
    document_code: Span = Span(0, 0, 2)
    issuing_state: Span = Span(0, 2, 5)

    @property
    def letters(self) -> tuple[Span, ...]:
        """What holds letters and filler only: a second character of the document code may be a digit."""
        code = Span(0, 0, 2 if self.format is MrzFormat.TD3 else 1)
        nationality = () if self.nationality is None else (self.nationality,)
        return (code, self.issuing_state, *nationality, *self.names)

    @property
    def digits(self) -> tuple[Span, ...]:
        """What holds digits and filler only."""
        found = (
            self.number_check,
            self.birth,
            self.birth_check,
            self.expiry,
            self.expiry_check,
            self.optional_check,
            self.composite_check,
        )
        return (*self.numerals, *(span for span in found if span is not None))

    @property
    def free(self) -> tuple[Span, ...]:
        """What may hold letters and digits: numbers and optional data."""
        return (self.number, *self.optional)

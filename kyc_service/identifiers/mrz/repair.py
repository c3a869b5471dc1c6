"""Letters and digits that a recogniser mixed up, where the type of the field leaves no choice.

A date holds no letters and a state no digits, so an O among digits is a 0 and a 0 among
letters an O. Document numbers and optional data hold both: there nothing is touched, and
a check digit never decides what a character was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kyc_service.identifiers.errors import MalformedIdentifier
from kyc_service.identifiers.mrz.layout import Layout, Span, layout_of

_TO_DIGIT: Final = {"O": "0", "I": "1", "Z": "2", "S": "5", "G": "6", "B": "8"}
_TO_LETTER: Final = {digit: letter for letter, digit in _TO_DIGIT.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """One character changed; ``line`` and ``column`` count from 0."""

    line: int
    column: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Repair:
    """The lines after repair, and every change made."""

    lines: tuple[str, ...]
    changes: tuple[Change, ...]


def repair_by_type(lines: Sequence[str]) -> Repair:
    """Turn look-alikes into what their field can hold; lines of no known format stay as they are.

    >>> repair_by_type(["I<UT0ERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO74O8122F1204159<<<<<<<6"]).changes
    (Change(line=0, column=4, before='0', after='O'), Change(line=1, column=15, before='O', after='0'))
    """
    try:
        layout = layout_of(lines)
    except MalformedIdentifier:
        return Repair(tuple(lines), ())
    found = [
        Change(span.line, column, before, swaps[before])
        for spans, swaps in ((_letter_spans(layout), _TO_LETTER), (_digit_spans(layout), _TO_DIGIT))
        for span in spans
        for column, before in enumerate(span.of(lines), span.start)
        if before in swaps
    ]
    changes = tuple(sorted(found, key=lambda change: (change.line, change.column)))
    return Repair(tuple(_apply(line, number, changes) for number, line in enumerate(lines)), changes)


def _apply(line: str, number: int, changes: Sequence[Change]) -> str:
    characters = list(line)
    for change in changes:
        if change.line == number:
            characters[change.column] = change.after
    return "".join(characters)


def _letter_spans(layout: Layout) -> tuple[Span, ...]:
    return (layout.document_code, layout.issuing_state, layout.nationality, layout.name)


def _digit_spans(layout: Layout) -> tuple[Span, ...]:
    checks = (
        layout.number_check,
        layout.birth_check,
        layout.expiry_check,
        layout.optional_check,
        layout.composite_check,
    )
    return (layout.birth, layout.expiry, *(span for span in checks if span))

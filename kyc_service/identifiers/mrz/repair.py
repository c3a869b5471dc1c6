"""Letters and digits that a recogniser mixed up, where the type of the field leaves no choice.

A date holds no letters and a state no digits, so an O among digits is a 0 and a 0 among
letters an O. Document numbers and optional data hold both: there nothing is touched, and
a check digit never decides what a character was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kyc_service.identifiers.errors import MalformedIdentifier
from kyc_service.identifiers.mrz.formats import layout_of
from kyc_service.identifiers.mrz.layout import Layout, Span
from kyc_service.identifiers.mrz.look_alikes import TO_DIGIT, TO_LETTER
from kyc_service.identifiers.mrz.number import long_number_check


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
    found = {(change.line, change.column): change for change in _changes(layout, lines)}
    changes = tuple(found[place] for place in sorted(found))
    return Repair(changed(lines, changes), changes)


def changed(lines: Sequence[str], changes: Sequence[Change]) -> tuple[str, ...]:
    """``lines`` with ``changes`` made.

    >>> changed(["I<UT0"], [Change(0, 4, "0", "O")])
    ('I<UTO',)
    """
    characters = [list(line) for line in lines]
    for change in changes:
        characters[change.line][change.column] = change.after
    return tuple(map("".join, characters))


def _changes(layout: Layout, lines: Sequence[str]) -> Iterator[Change]:
    for span in layout.letters:
        yield from _swapped(span, lines, TO_LETTER)
    check = long_number_check(layout, lines)
    for span in (*layout.digits, *((check,) if check else ())):
        yield from _swapped(span, lines, TO_DIGIT)


def _swapped(span: Span, lines: Sequence[str], swaps: Mapping[str, str]) -> Iterator[Change]:
    for column, before in enumerate(span.of(lines), span.start):
        if before in swaps:
            yield Change(span.line, column, before, swaps[before])

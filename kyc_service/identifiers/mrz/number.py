"""The document number: whole in its field, or going on in the optional data of a card.

Source: ICAO Doc 9303 part 5, section 4.2.2 note j and section 4.2.4; part 6, note j.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kyc_service.identifiers.mrz.check_digits import FILLER
from kyc_service.identifiers.mrz.layout import Layout, Span

_SHORTEST_REST: Final = 2
"""One more character of the number, and the check digit."""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """The whole number with its filler, the check digit printed for it, and the optional data that remain."""

    text: str
    printed_check: str
    optional: tuple[str, ...]


def document_number(layout: Layout, lines: Sequence[str]) -> DocumentNumber:
    """The document number of ``lines``, which are of ``layout``.

    A number of more than nine characters leaves filler where its check digit would stand and
    goes on in the optional data, check digit last and filler after it. Passports and visas
    show nine characters only (part 7, note j).
    """
    optional = tuple(span.of(lines) for span in layout.optional)
    check = long_number_check(layout, lines)
    if check is None:
        return DocumentNumber(layout.number.of(lines), layout.number_check.of(lines), optional)
    rest, _, remainder = optional[0].partition(FILLER)
    return DocumentNumber(layout.number.of(lines) + rest[:-1], rest[-1], (remainder, *optional[1:]))


def long_number_check(layout: Layout, lines: Sequence[str]) -> Span | None:
    """Where the check digit of a number of more than nine characters stands; ``None``: the number is no such one."""
    if not layout.has_long_numbers or layout.number_check.of(lines) != FILLER:
        return None
    field = layout.optional[0]
    rest, end, _ = field.of(lines).partition(FILLER)
    if layout.number.of(lines).endswith(FILLER) or not end or len(rest) < _SHORTEST_REST:
        return None
    last = field.start + len(rest) - 1
    return Span(field.line, last, last + 1)

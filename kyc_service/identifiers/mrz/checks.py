"""What the check digits of a zone say: ICAO Doc 9303 parts 4 to 7, sections 4.2.4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kyc_service.identifiers.mrz.check_digits import FILLER, check_digit
from kyc_service.identifiers.mrz.layout import Layout, Span
from kyc_service.identifiers.mrz.number import document_number


@dataclass(frozen=True, slots=True)
class CheckDigit:
    """One check digit: what the field asks for, what is printed, and whether that will do."""

    field: str
    expected: str
    printed: str
    is_ok: bool


def check_digits_of(layout: Layout, text: Sequence[str]) -> tuple[CheckDigit, ...]:
    """Every check digit of ``text``, which is of ``layout``."""
    number = document_number(layout, text)
    fields: tuple[tuple[str, tuple[Span | None, ...], Span | None], ...] = (
        ("date_of_birth", (layout.birth,), layout.birth_check),
        ("date_of_expiry", (layout.expiry,), layout.expiry_check),
        ("optional_data", layout.optional, layout.optional_check),
        ("composite", layout.composite, layout.composite_check),
    )
    others = (
        _checked(name, "".join(span.of(text) for span in spans if span), check.of(text))
        for name, spans, check in fields
        if check
    )
    return (_checked("document_number", number.text, number.printed_check), *others)


def _checked(field: str, value: str, printed: str) -> CheckDigit:
    expected = check_digit(value)
    # The digit of a personal number that is not used may be left out, no other (part 4, section 4.2.2.2).
    is_unused = field == "optional_data" and not value.strip(FILLER) and printed == FILLER
    return CheckDigit(field, expected, printed, is_ok=printed == expected or is_unused)


def failing_check_digits(layout: Layout, text: Sequence[str]) -> tuple[CheckDigit, ...]:
    """The check digits that are wrong in ``text``, which is of ``layout``."""
    return tuple(digit for digit in check_digits_of(layout, text) if not digit.is_ok)

"""Cards that carry their machine-readable zone on the back, and what ties a front to such a back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kyc_service.domain.claims import DocumentType
from kyc_service.domain.document import DocumentReading, FieldName
from kyc_service.identifiers.mrz import is_written_as

_TD1_LINES: Final = 3
_TD2_WIDTH: Final = 36
_STATE_END: Final = 5
_FEWEST_CHARACTERS: Final = 5
"""A shorter number or surname is met by chance inside other words: a line must then say it alone."""


def is_card(reading: DocumentReading) -> bool:
    """Whether ``reading`` is of an identity card by its zone (TD1 or TD2): passports and visas carry all on one page."""
    if reading.document_type is not DocumentType.IDENTITY_CARD or not reading.mrz_lines:
        return False
    return len(reading.mrz_lines) == _TD1_LINES or len(reading.mrz_lines[0]) == _TD2_WIDTH


def is_named_by(reading: DocumentReading, lines: Sequence[str]) -> bool:
    """Whether ``lines``, printed on another side, say both the document number and the surname of the zone.

    A surname alone stands on any library card of the family.
    """
    number = reading.field(FieldName.DOCUMENT_NUMBER)
    wanted, surname = _compact(number.text) if number is not None else "", _compact(_surname(reading))
    printed = [_compact(line) for line in lines]
    says_surname = bool(surname) and (any(is_written_as(line, surname) for line in lines) or _is_said(surname, printed))
    return says_surname and bool(wanted) and _is_said(wanted, printed)


def _is_said(text: str, printed: Sequence[str]) -> bool:
    return text in printed or (len(text) >= _FEWEST_CHARACTERS and any(text in line for line in printed))


def _surname(reading: DocumentReading) -> str:
    lines = reading.mrz_lines
    name = lines[-1] if len(lines) == _TD1_LINES else lines[0][_STATE_END:] if lines else ""
    return name.split("<<", 1)[0]


def _compact(text: str) -> str:
    """Capitals and digits alone.

    >>> _compact("no. d23-145<890")
    'NOD23145890'
    """
    return re.sub(r"[^A-Z0-9]", "", text.upper())

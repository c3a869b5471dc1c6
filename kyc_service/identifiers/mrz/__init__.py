"""Machine-readable zones by ICAO Doc 9303: TD1, TD2, TD3, MRV-A and MRV-B.

``from_ocr`` -> ``repair_by_type`` -> ``parse`` is the way of text that a recogniser read;
``problems`` says what is wrong with it. Source: ICAO Doc 9303, 8th edition, parts 3 to 7.
"""

from __future__ import annotations

from kyc_service.identifiers.mrz.check_digits import check_digit
from kyc_service.identifiers.mrz.countries import issuing_country
from kyc_service.identifiers.mrz.layout import MrzFormat
from kyc_service.identifiers.mrz.ocr import from_ocr, normalise_line
from kyc_service.identifiers.mrz.reading import (
    CheckDigit,
    Mrz,
    compact,
    format,  # noqa: A004 - the verb every module of the field shares
    is_valid,
    parse,
    problems,
    validate,
)
from kyc_service.identifiers.mrz.repair import Change, Repair, repair_by_type
from kyc_service.identifiers.mrz.transliteration import is_writable, is_written_as

__all__ = [
    "Change",
    "CheckDigit",
    "Mrz",
    "MrzFormat",
    "Repair",
    "check_digit",
    "compact",
    "format",
    "from_ocr",
    "is_valid",
    "is_writable",
    "is_written_as",
    "issuing_country",
    "normalise_line",
    "parse",
    "problems",
    "repair_by_type",
    "validate",
]

"""Machine-readable zones by ICAO Doc 9303: TD1, TD2, TD3, MRV-A, MRV-B; and the French identity card's own.

``from_ocr`` -> ``repair_by_type`` -> ``parse`` is the way of text that a recogniser read;
``problems`` says what is wrong with it, ``may_be_misread`` whether the reading is to blame.
Source: ICAO Doc 9303, 8th edition, parts 3 to 7.
"""

from __future__ import annotations

from kyc_service.identifiers.mrz.check_digits import check_digit
from kyc_service.identifiers.mrz.checks import CheckDigit
from kyc_service.identifiers.mrz.countries import is_nationality, issuing_country
from kyc_service.identifiers.mrz.doubt import may_be_misread
from kyc_service.identifiers.mrz.formats import column_types
from kyc_service.identifiers.mrz.layout import Holds, MrzFormat
from kyc_service.identifiers.mrz.ocr import fitted, from_ocr, is_coded_line, normalise_line
from kyc_service.identifiers.mrz.reading import (
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
    "Holds",
    "Mrz",
    "MrzFormat",
    "Repair",
    "check_digit",
    "column_types",
    "compact",
    "fitted",
    "format",
    "from_ocr",
    "is_coded_line",
    "is_nationality",
    "is_valid",
    "is_writable",
    "is_written_as",
    "issuing_country",
    "may_be_misread",
    "normalise_line",
    "parse",
    "problems",
    "repair_by_type",
    "validate",
]

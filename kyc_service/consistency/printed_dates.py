"""Dates as documents print them: many orders, month names in many languages."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

# First letters of month names, without marks: English and the languages printed beside it most often.
_MONTHS: Final[dict[str, int]] = {
    prefix: month
    for month, prefixes in enumerate(
        (
            "JAN ENE GEN",
            "FEB FEV",
            "MAR MRT MAER MAA",
            "APR AVR ABR",
            "MAY MAI MAG MEI MAJ",
            "JUN JUIN GIU",
            "JUL JUIL LUG",
            "AUG AOU AGO",
            "SEP SET",
            "OCT OKT OTT OUT",
            "NOV",
            "DEC DEZ DIC DES",
        ),
        start=1,
    )
    for prefix in prefixes.split()
}
_TOKENS: Final = re.compile(r"[0-9]+|[A-Z]+")
_LENGTHS: Final = (4, 3)
_MOST_DIGITS: Final = 9


def is_printed(value: date, lines: tuple[str, ...]) -> bool:
    """Whether one of ``lines`` prints ``value``, day first, month first or year first.

    >>> is_printed(date(1974, 8, 12), ("Date of birth 12 AUG/AOÛT 74",))
    True
    >>> is_printed(date(1974, 8, 12), ("1974年8月12日",)), is_printed(date(1974, 8, 12), ("12.08.1975",))
    (True, False)
    """
    year, month, day = f"{value.year:04}", value.month, value.day
    whole = {value.strftime(form) for form in ("%Y%m%d", "%d%m%Y")}
    orders = {(day, month, int(year)), (day, month, int(year[2:])), (month, day, int(year)), (int(year), month, day)}
    for line in lines:
        numbers = _numbers(line)
        if whole & set(_TOKENS.findall(line)) or orders & set(zip(numbers, numbers[1:], numbers[2:], strict=False)):
            return True
    return False


def _numbers(line: str) -> list[int]:
    """Numbers and month names of ``line`` in order, a month named twice (AUG/AOÛT) once."""
    marks_off = "".join(c for c in unicodedata.normalize("NFKD", line) if not unicodedata.combining(c))
    numbers: list[int] = []
    month_before = None
    for token in _TOKENS.findall(marks_off.upper()):
        month = next((_MONTHS[token[:n]] for n in _LENGTHS if token[:n] in _MONTHS), None)
        if token.isdigit():
            # Python refuses to read thousands of digits, and no date has so many.
            numbers.append(int(token[:_MOST_DIGITS]))
        elif month and month != month_before:
            numbers.append(month)
        month_before = month
    return numbers

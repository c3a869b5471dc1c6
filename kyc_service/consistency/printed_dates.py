"""Dates as documents print them: many orders, month names in many languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Final

# First letters of month names, without marks: English and the languages printed beside it most often.
_MONTHS: Final[dict[str, int]] = {
    prefix: month
    for month, prefixes in enumerate(
        (
            "JAN ENE GEN",
            "FEB FEV",
            "MAR MRT MAER",
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
        numbers = [number for number, _ in groupby(_numbers(line))]
        if whole & set(_TOKENS.findall(line)) or orders & set(zip(numbers, numbers[1:], numbers[2:], strict=False)):
            return True
    return False


def _numbers(line: str) -> Iterator[int]:
    """Numbers and month names of ``line`` in order; a month named twice (AUG/AOÛT) is dropped by the caller."""
    marks_off = "".join(c for c in unicodedata.normalize("NFKD", line) if not unicodedata.combining(c))
    for token in _TOKENS.findall(marks_off.upper()):
        if token.isdigit():
            yield int(token)
        else:
            yield from [_MONTHS[token[:n]] for n in _LENGTHS if token[:n] in _MONTHS][:1]

"""How often codes may be sent, and where to: what an operator writes, as values.

The defaults are in the settings. Windows slide: five an hour is five within any sixty
minutes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_SPANS: Final = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_WINDOW: Final = re.compile(r"([1-9][0-9]{0,8})/(minute|hour|day)")
_COUNTRY: Final = re.compile(r"[A-Z]{3}")
_EVERY: Final = "*"


@dataclass(frozen=True, slots=True)
class Window:
    """At most ``count`` codes within ``span``."""

    count: int
    span: timedelta


Windows = tuple[Window, ...]


def windows_of(text: str) -> Windows:
    """Windows as a setting writes them.

    Raises:
        ValueError: it is written differently.

    >>> [(window.count, window.span.total_seconds()) for window in windows_of("1/minute, 5/hour")]
    [(1, 60.0), (5, 3600.0)]
    """
    parts = [_WINDOW.fullmatch(part.strip()) for part in text.split(",")]
    if not all(parts):
        raise ValueError("write it as 1/minute, 5/hour, 10/day")
    return tuple(Window(int(part[1]), _SPANS[part[2]]) for part in parts if part)


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """The windows of each count. Codes that certainly were not sent count for all but the number."""

    per_number: Windows
    per_verification: Windows
    per_address: Windows
    per_client: Windows


def countries_of(text: str) -> frozenset[str] | None:
    """Countries as a setting writes them; ``None`` for every one.

    Raises:
        ValueError: it is written differently.

    >>> sorted(countries_of("CHN, HKG") or ()), countries_of("*")
    (['CHN', 'HKG'], None)
    """
    if text.strip() == _EVERY:
        return None
    codes = frozenset(part.strip() for part in text.split(","))
    if not all(_COUNTRY.fullmatch(code) for code in codes):
        raise ValueError("write it as CHN, HKG, or as *")
    return codes

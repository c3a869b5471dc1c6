"""Values as a report holds them: what JSON can say, numbers to the digits that two machines agree on.

What is judged is what the report holds, so that a verdict can be reached again from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

# Beyond six digits, two runs of one network on two machines differ.
_DECIMALS: Final = 6


def reported(value: float) -> float:
    """``value`` to the digits that a report holds and a threshold is held against.

    >>> reported(1 / 3)
    0.333333
    """
    return round(value, _DECIMALS)


def plain(value: object) -> Json:
    """``value`` as JSON: dataclasses as objects, sets sorted, times as RFC 3339 in UTC.

    Raises:
        TypeError: for anything a report should not hold.

    >>> plain({"a": (1, 2.5)})
    {'a': [1, 2.5]}
    """
    match value:
        case frozenset() | set():
            return sorted((plain(item) for item in value), key=str)
        case list() | tuple():
            return [plain(item) for item in value]
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case _ if is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return _plain_scalar(value)


def _plain_scalar(value: object) -> Json:
    match value:
        case float() if not math.isfinite(value):
            # A file's metadata may claim anything; JSON has no word for this.
            return str(value)
        case None | bool() | int() | float():
            return value
        case StrEnum():
            return value.value
        case str():
            return value
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case _:
            raise TypeError(f"a report cannot hold {type(value).__name__}")

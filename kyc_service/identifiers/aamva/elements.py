"""The data elements of a payload, by their three-letter identifiers.

Elements end in a line feed, subfiles in a carriage return, and a subfile's first element
is preceded by the subfile's type (D.12.5). Real cards end lines in every mix of the two,
repeat the type, and give offsets that are wrong: so the separators are believed and the
offsets are not.

Source: AAMVA DL/ID Card Design Standard 2020, D.12.5; field reports of wrong offsets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SEPARATORS: Final = re.compile(r"[\n\r\x1c-\x1f]+")
_SEGMENT: Final = re.compile(
    r"(?P<types>(?:DL|ID|EN)*)(?P<id>(?:D[A-D]|P[A-Z])[A-Z])(?P<value>.*)|(?:Z[A-Z])?(?P<own>Z[A-Z]{2})(?P<own_value>.*)",
    re.DOTALL,
)
_NOTHING: Final = frozenset({"", "NONE", "UNAVL", "UNAVAIL"})


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of all subfiles; of one that occurs twice, the first.

    ``types`` are the subfile types met, in order. ``repeated`` are elements that came
    again with another value.
    """

    types: tuple[str, ...]
    values: dict[str, str]
    repeated: tuple[str, ...]

    def get(self, *names: str) -> str | None:
        """The first of ``names`` that says something: NONE and "unavl" do not (D.12.5).

        >>> Elements((), {"DAD": "NONE", "DAC": "ANNA "}, ()).get("DAD", "DAC")
        'ANNA'
        """
        for name in names:
            value = " ".join(self.values.get(name, "").split())
            if value.upper() not in _NOTHING:
                return value
        return None


def split_elements(body: str) -> Elements:
    r"""Take ``body``, what follows the header, apart.

    >>> found = split_elements("DLDAQ123\nDCSSMITH\rZVZVA01\r")
    >>> found.types, found.values
    (('DL',), {'DAQ': '123', 'DCS': 'SMITH', 'ZVA': '01'})
    """
    types: list[str] = []
    values: dict[str, str] = {}
    repeated: list[str] = []
    for segment in _SEPARATORS.split(body):
        found = _SEGMENT.fullmatch(segment)
        if found is None:
            continue
        if found["types"]:
            types.append(found["types"][:2])
        name, value = found["id"] or found["own"], found["value"] or found["own_value"] or ""
        if values.setdefault(name, value) != value:
            repeated.append(name)
    return Elements(tuple(types), values, tuple(repeated))

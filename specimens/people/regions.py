"""Real divisions of China (GB/T 2260) out of python-stdnum's table: code, province, city and county, names in force."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from stdnum import numdb

_ENTRY = re.compile(r"(?:\[(?P<start>\d*)-(?P<end>\d*)\])?(?P<name>[^,\[\]]+)")
_HEADINGS = frozenset({"市辖区", "县", "市", "林区", "省直辖行政单位", "省直辖县级行政单位", "自治区直辖县级行政单位"})
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
FIRST_NUMBERS = 1984
"""Numbers were given from this year on: older people have a code of this time or later."""
_NO_RESIDENT_CARD = frozenset({"71", "81", "82", "83", "91"})


@dataclass(frozen=True, slots=True)
class District:
    """A county or district: its six digits, the names of the levels, and the first year of its code.

    `city` is empty in municipalities; `since` is 0 for codes as old as the standard.
    """

    code: str
    province: str
    city: str
    county: str
    since: int

    @property
    def full_name(self) -> str:
        """As an address begins."""
        return f"{self.province}{self.city}{self.county}"


@lru_cache(maxsize=1)
def districts() -> tuple[District, ...]:
    """Every county whose present name is known, in the table's order."""
    found = []
    for _, province_code, _, province, children in numdb.get("cn/loc").prefixes:
        if province_code in _NO_RESIDENT_CARD:
            continue
        names = {code: _name_in_force(entry["county"]) for _, code, _, entry, _ in children}
        for code, county in names.items():
            city = names.get(f"{code[:2]}00")
            if county is None or code.endswith("00") or (city is None and province_code not in _MUNICIPALITIES):
                continue
            name, since = county
            if name in _HEADINGS or (city is not None and city[0] in _HEADINGS):
                continue
            of_city = "" if city is None or province_code in _MUNICIPALITIES else city[0]
            found.append(District(province_code + code, province["province"], of_city, name, since))
    return tuple(found)


def district(rng: np.random.Generator, born: date) -> District:
    """A district whose code was in force when somebody born then was given a number."""
    choices = _known_by(max(born.year, FIRST_NUMBERS))
    return choices[int(rng.integers(len(choices)))]


@lru_cache(maxsize=64)
def _known_by(year: int) -> tuple[District, ...]:
    return tuple(place for place in districts() if place.since <= year)


def _name_in_force(entries: str) -> tuple[str, int] | None:
    for entry in _ENTRY.finditer(entries):
        if not entry["end"]:
            return entry["name"], int(entry["start"] or 0)
    return None

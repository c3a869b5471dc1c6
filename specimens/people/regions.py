"""Real divisions of China (GB/T 2260) out of python-stdnum's table: code, province, city and county, names in force."""

import re
from dataclasses import dataclass
from functools import lru_cache

from stdnum import numdb

_ENTRY = re.compile(r"(?:\[(?P<start>\d*)-(?P<end>\d*)\])?(?P<name>[^,\[\]]+)")
_HEADINGS = frozenset({"市辖区", "县", "市", "林区", "省直辖行政单位", "省直辖县级行政单位", "自治区直辖县级行政单位"})
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_NO_RESIDENT_CARD = frozenset({"71", "81", "82", "83", "91"})


@dataclass(frozen=True, slots=True)
class District:
    """A county or district: its six digits and the names of the levels; `city` is empty in municipalities."""

    code: str
    province: str
    city: str
    county: str

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
            if county is None or county in _HEADINGS or code.endswith("00"):
                continue
            if province_code in _MUNICIPALITIES:
                city = ""
            if city is None or city in _HEADINGS:
                continue
            found.append(District(province_code + code, _name_in_force(province["province"]) or "", city, county))
    return tuple(found)


def _name_in_force(entries: str) -> str | None:
    for entry in _ENTRY.finditer(entries):
        if not entry["end"]:
            return entry["name"]
    return None

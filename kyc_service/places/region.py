"""Regions of China: GB/T 2260 codes and the names people write -> names and a position.

A region stands where its chief town stands. A code of the past stands where its own
name, or else its prefecture's, is found today; what cannot be found so stands at the
capital of its province, with the radius of the whole province.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from kyc_service.domain.facts import FactSource, Position, RegionFact
from kyc_service.places.area import Area, AreaNames
from kyc_service.places.distance import distance_km
from kyc_service.places.gb2260 import (
    HEADINGS,
    SUCCESSOR_PROVINCES,
    CodeBook,
    read_code_book,
    short_province,
)
from kyc_service.places.tables import read_table

_CODE: Final = re.compile(r"[0-9]{6}")


class Regions:
    """The divisions of China. Built once; read-only after that."""

    def __init__(self) -> None:
        self._book: Final[CodeBook] = read_code_book()
        table = read_table("cn_regions")
        self._areas: Final[Mapping[str, Area]] = {
            code: Area(code, Position(float(lat), float(lon)), float(radius)) for code, lat, lon, radius in table.rows
        }
        self._names: Final = AreaNames(self._book, self._areas)
        self.sources: Final[tuple[FactSource, ...]] = (self._book.source, table.source)

    def look_up(self, code: str) -> RegionFact | None:
        """What the code stands for; ``None`` where not even its province exists.

        A code that was never given to a county has ``county=None``, one whose prefecture
        does not exist ``city=None``: the position is then the province's.
        """
        province = self._book.provinces.get(code[:2]) if _CODE.fullmatch(code) else None
        if province is None:
            return None
        area = self.area(code)
        county = None if code.endswith("00") else self._book.latest_name(code)
        return RegionFact(
            code=code,
            province=province,
            city=None if code[2:4] == "00" else self._book.latest_name(f"{code[:4]}00"),
            county=county,
            position=area.position if area else None,
            radius_km=area.radius_km if area else 0.0,
            sources=self.sources,
        )

    def area(self, code: str) -> Area | None:
        """The smallest area known to hold region ``code`` (2 to 6 digits)."""
        for known in (code, code[:4]):
            if known in self._areas:
                return self._areas[known]
        former = self._area_of_former(code) if len(code) > len("33") else None
        return former or self._areas.get(code[:2])

    def area_of_text(self, text: str) -> Area | None:
        """The area a phone region such as ``浙江省杭州市`` or ``四川省成都市、资阳市`` names.

        Several towns make one area: it stands at the first and reaches around all.
        """
        province = next((c for c, name in self._book.provinces.items() if text.startswith(short_province(name))), None)
        if province is None:
            return None
        full = self._book.provinces[province]
        rest = text.removeprefix(full if text.startswith(full) else short_province(full)).lstrip("省市")
        towns = [a for part in rest.split("、") if (a := self._names.find(province, part))]
        return _around(towns) if towns else self._areas.get(province)

    def province(self, code: str) -> str | None:
        """The Chinese name of the province that region ``code`` lies in."""
        return self._book.provinces.get(code[:2])

    def _area_of_former(self, code: str) -> Area | None:
        """Where the division that ``code`` stood for is today, by its name, then its prefecture's."""
        provinces = [code[:2], *filter(None, [SUCCESSOR_PROVINCES.get(code[:2])])]
        for former in (code, f"{code[:4]}00"):
            for name in reversed(self._book.names.get(former, ())):
                for province in provinces:
                    if name.text not in HEADINGS and (area := self._names.find(province, name.text)):
                        return area
        return None


def _around(areas: list[Area]) -> Area:
    """One area at the first of ``areas`` that reaches around all of them."""
    first = areas[0]
    reach_km = max(distance_km(first.position, a.position) + a.radius_km for a in areas)
    return Area(first.code, first.position, reach_km)

"""Regions of China: GB/T 2260 codes and the names people write -> names and a position.

A region stands where its chief town stands. A code of the past stands where it lies
today (``succession``); what cannot be found finer stands at the capital of its province,
with the radius of the whole province. Chinese names are those the code stood for, English
ones those of today's maps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from kyc_service.domain.facts import FactSource, Position, RegionFact
from kyc_service.places.area import Area, AreaNames
from kyc_service.places.distance import distance_km
from kyc_service.places.gb2260 import CodeBook, read_code_book, short_province
from kyc_service.places.succession import Succession, own_province
from kyc_service.places.tables import read_table

_CODE: Final = re.compile(r"[0-9]{6}")
_PROVINCE: Final = "0000"
_PREFECTURE: Final = "00"


class Regions:
    """The divisions of China. Built once; read-only after that."""

    def __init__(self) -> None:
        self.book: Final[CodeBook] = read_code_book()
        seats, mergers, names = read_table("cn_regions"), read_table("cn_mergers"), read_table("cn_names")
        self._areas: Final[Mapping[str, Area]] = {
            code: Area(code, Position(float(lat), float(lon)), float(radius)) for code, lat, lon, radius in seats.rows
        }
        self._english: Final[Mapping[str, str]] = {row[0]: row[1] for row in names.rows}
        self._names: Final = AreaNames(self.book, self._areas)
        succession = Succession(self.book, {row[0]: row[1] for row in mergers.rows})
        self.current_code: Final = lru_cache(maxsize=None)(succession.current_code)
        self.sources: Final[tuple[FactSource, ...]] = (
            self.book.source,
            mergers.source,
            seats.source,
            names.source,
        )

    def look_up(self, code: str) -> RegionFact | None:
        """What the code stands for; ``None`` where not even its province exists.

        A code that was never given to a county has ``county=None``, one whose prefecture
        does not exist ``city=None``: the position is then the province's.
        """
        own = own_province(code) + code[2:] if _CODE.fullmatch(code) else ""
        return self._fact(code, own, self.area(own)) if own[:2] in self.book.provinces else None

    def of_text(self, text: str) -> RegionFact | None:
        """The region of today that a phone region such as ``浙江省杭州市`` names, with the reach of ``area_of_text``."""
        area = self.area_of_text(text)
        code = area.code.ljust(6, "0") if area else ""
        return self._fact(code, code, area) if area else None

    def _fact(self, code: str, own: str, area: Area | None) -> RegionFact:
        current = self.current_code(own)
        return RegionFact(
            code=code,
            province=self.book.provinces[own[:2]],
            city=None if own.endswith(_PROVINCE) else self.book.latest_name(own[:4] + _PREFECTURE),
            county=None if own.endswith(_PREFECTURE) else self.book.latest_name(own),
            position=area.position if area else None,
            radius_km=area.radius_km if area else 0.0,
            sources=self.sources,
            current_code=current,
            province_en=self._english.get(current[:2]),
            city_en=self._english.get(current) or self._english.get(current[:4]),
        )

    def area(self, code: str) -> Area | None:
        """The smallest area known to hold region ``code`` (2 to 6 digits), wherever that is today."""
        if own_province(code) not in self.book.provinces:
            return None
        current = self.current_code(code.ljust(6, "0"))
        return next((self._areas[c] for c in (current, current[:4], current[:2]) if c in self._areas), None)

    def area_of_text(self, text: str) -> Area | None:
        """The area a phone region such as ``浙江省杭州市`` or ``四川省成都市、资阳市`` names.

        Several towns make one area: it stands at the first and reaches around all.
        """
        province = next((c for c, name in self.book.provinces.items() if text.startswith(short_province(name))), None)
        if province is None:
            return None
        full = self.book.provinces[province]
        rest = text.removeprefix(full if text.startswith(full) else short_province(full)).lstrip("省市")
        towns = [a for part in rest.split("、") if (a := self._names.find(province, part))]
        return _around(towns) if towns else self._areas.get(province)

    def province(self, code: str) -> str | None:
        """The Chinese name of the province that region ``code`` lies in."""
        return self.book.provinces.get(code[:2])


def _around(areas: list[Area]) -> Area:
    """One area at the first of ``areas`` that reaches around all of them."""
    first = areas[0]
    reach_km = max(distance_km(first.position, a.position) + a.radius_km for a in areas)
    return Area(first.code, first.position, reach_km)

"""Areas: points with a reach, found by the names that their divisions have or had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kyc_service.domain.facts import Position
from kyc_service.places.gb2260 import HEADINGS, CodeBook, DivisionName, stem

_PREFECTURE_DIGITS: Final = 4

_NameIndex = Mapping[str, Mapping[str, set[str]]]


@dataclass(frozen=True, slots=True)
class Area:
    """A point and how far the region around it reaches. ``code``: the leading digits of GB/T 2260."""

    code: str
    position: Position
    radius_km: float


class AreaNames:
    """Finds the area of today that a name of any time stands for. Read-only."""

    def __init__(self, book: CodeBook, areas: Mapping[str, Area]) -> None:
        self._book = book
        self._areas = areas
        self._present: Final = self._index_names(current=True)
        self._former: Final = self._index_names(current=False)

    def find(self, province: str, name: str) -> Area | None:
        """The one area of ``province`` that goes by ``name``, or by a name that begins like it.

        Names of today come before names of the past: a county may have changed hands.
        """
        wanted = stem(name)
        for index in (self._present, self._former):
            names = index.get(province, {}) if wanted else {}
            found = names.get(wanted) or {c for known in names if known.startswith(wanted) for c in names[known]}
            best = {c for c in found if self._goes_by(c, wanted)} or found
            if len(best) == 1:
                return self._areas[next(iter(best))]
        return None

    def _goes_by(self, area: str, wanted: str) -> bool:
        """Whether the area itself, not only a county in it, has the name."""
        return any(n.text.startswith(wanted) for n in self._book.names.get(area.ljust(6, "0"), ()))

    def _index_names(self, *, current: bool) -> _NameIndex:
        """Province -> stem of every name used in it -> the areas of today that hold it."""
        index: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for code, names in self._book.names.items():
            area = self._area_code(code, names)
            for name in of_one_place(names) if area else ():
                if area and name.is_current is current and name.text not in HEADINGS:
                    index[code[:2]][stem(name.text)].add(area)
        return {province: dict(names) for province, names in index.items()}

    def _area_code(self, code: str, names: tuple[DivisionName, ...]) -> str | None:
        """The area that holds ``code`` itself; a municipality's own area is the finest there is."""
        known = next((a for a in (code, code[:4]) if a in self._areas), None)
        if known is None and names[-1].is_current and self._is_municipality(code):
            return code[:2]
        return known

    def _is_municipality(self, code: str) -> bool:
        """Whether the province has no prefectures, so that its own area is the finest there is."""
        return not any(len(c) == _PREFECTURE_DIGITS and c.startswith(code[:2]) for c in self._areas)


def of_one_place(names: tuple[DivisionName, ...]) -> tuple[DivisionName, ...]:
    """The latest names that follow each other without a gap: before it, the code meant another place."""
    first = len(names) - 1
    while first > 0 and (names[first - 1].end or 0) + 1 >= (names[first].start or 0):
        first -= 1
    return names[first:]

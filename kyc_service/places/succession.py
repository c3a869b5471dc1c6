"""Where a division of the past lies today: abolished GB/T 2260 codes -> codes in force.

A division that kept its name in another rank or prefecture (昌平县, now 昌平区) is the one
division of that name today, sought in its prefecture first and then in its province. One
that was merged away is, where the table of mergers knows it, the division that took it
in; otherwise the prefecture that held it, or its province. Nothing finer than is certain
is ever said.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kyc_service.places.area import of_one_place
from kyc_service.places.gb2260 import HEADINGS, SUCCESSOR_PROVINCES, CodeBook, DivisionName, stem

_CODE_DIGITS: Final = 6
# Numbers of residents of Taiwan begin with 83, the island's own code with 71.
_OTHER_CODES: Final[Mapping[str, str]] = {"83": "71"}
# Counties and their cities move between prefectures; a district of the same name elsewhere is another place.
_MOVABLE: Final = re.compile(r".(?:县|市|旗|地区|盟)$")
_ONE_CHARACTER_COUNTY: Final = re.compile(r"(?P<name>.)县")


class Succession:
    """Abolished codes -> codes in force. Read-only."""

    def __init__(self, book: CodeBook, mergers: Mapping[str, str]) -> None:
        self._book: Final = book
        self._mergers: Final = mergers
        self._by_stem: Final = _index(book, mergers)

    def current_code(self, code: str) -> str:
        """The finest division in force that surely holds six-digit ``code``, of a province that exists.

        A code in force is its own; one that was never given is its prefecture's or province's.
        """
        code = own_province(code) + code[2:]
        if code in self._mergers:
            return self._mergers[code]
        if is_in_force(self._book, code):
            return code
        names = [n for n in of_one_place(self._book.names.get(code, ())) if n.text not in HEADINGS]
        found = next(filter(None, (self._namesakes(code, n) for n in reversed(names))), None)
        return found or self._parent(code, names)

    def _namesakes(self, code: str, name: DivisionName) -> str | None:
        """The division of today that goes by ``name`` where ``code`` was, or what holds all of them."""
        for prefix in self._where(code, name):
            found = {c for s in _stems(name.text) for c in self._by_stem.get(s, ()) if c.startswith(prefix)}
            if found:
                return _common(found)
        return None

    def _where(self, code: str, name: DivisionName) -> Iterator[str]:
        if self._held(code, name):
            yield code[:4]
        if _MOVABLE.search(name.text):
            yield code[:2]
        if code[:2] in SUCCESSOR_PROVINCES:
            yield SUCCESSOR_PROVINCES[code[:2]]

    def _held(self, code: str, name: DivisionName) -> bool:
        """Whether the prefecture that has the first four digits today had them already at the time of ``name``."""
        prefecture = of_one_place(self._book.names.get(f"{code[:4]}00", ()))
        return bool(prefecture) and prefecture[-1].is_current and (prefecture[0].start or 0) <= (name.end or 0)

    def _parent(self, code: str, names: list[DivisionName]) -> str:
        """The prefecture that held ``code``, as far as it is known today; else its province."""
        prefecture, province = f"{code[:4]}00", f"{code[:2]}0000"
        if code == prefecture:
            return province
        if names and not self._held(code, names[-1]) and is_in_force(self._book, prefecture):
            return province
        return self.current_code(prefecture)


def is_in_force(book: CodeBook, code: str) -> bool:
    """Whether six-digit ``code`` is a place's own today, not a heading of the table."""
    if code.endswith("0000"):
        return code[:2] in book.provinces
    names = book.names.get(code, ())
    return bool(names) and names[-1].is_current and names[-1].text not in HEADINGS


def own_province(code: str) -> str:
    """The two digits by which the table knows the province of ``code``.

    >>> own_province("830000"), own_province("330106")
    ('71', '33')
    """
    return _OTHER_CODES.get(code[:2], code[:2])


def _stems(name: str) -> tuple[str, ...]:
    """What is left of a name in another rank; a county of one character took another one with its rank.

    >>> _stems("昌平县"), _stems("滦县")
    (('昌平',), ('滦县', '滦州'))
    """
    short = _ONE_CHARACTER_COUNTY.fullmatch(name)
    return (name, short["name"] + "州") if short else (stem(name),)


def _common(codes: Iterable[str]) -> str:
    """The smallest division that holds all of ``codes``, which lie in one province.

    >>> _common(["320800", "320803"]), _common(["110114"]), _common(["320803", "321300"])
    ('320800', '110114', '320000')
    """
    first, *others = sorted(codes)
    if not others:
        return first
    same = next(n for n in (4, 2) if all(c.startswith(first[:n]) for c in others))
    is_municipality_part = first[2:4] in {"01", "02"} and first[:2] in {"11", "12", "31", "50"}
    return first[: 2 if is_municipality_part else same].ljust(_CODE_DIGITS, "0")


def _index(book: CodeBook, mergers: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Stem of a name of today -> the codes in force that have it."""
    index: defaultdict[str, list[str]] = defaultdict(list)
    for code in book.names:
        if is_in_force(book, code) and code not in mergers:
            index[stem(book.names[code][-1].text)].append(code)
    for code, name in book.provinces.items():
        index[stem(name)].append(f"{code}0000")
    return {name: tuple(dict.fromkeys(codes)) for name, codes in index.items()}

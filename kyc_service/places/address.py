"""Chinese addresses in words -> GB/T 2260: the smallest division that is certainly named.

An address is read from its beginning: province, prefecture, county, each by its name of
today or of the past, any of them left out. Readings that lead to different divisions end
at what they have in common; a county that several cities have says nothing without its
city or province. A bare 南京 counts, 南京路 does not; a bare county needs its city before it. Nothing is searched for inside the
text and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kyc_service.domain.facts import AddressFact
from kyc_service.places import characters
from kyc_service.places.gazetteer import Gazetteer, Named
from kyc_service.places.region import Regions

_MAX_LENGTH: Final = 200
_COUNTY_DIGITS: Final = 6
_NOISE: Final = re.compile(r"[\s,，、.。;；:：/|\\\-—_()（）\[\]【】·•]+")
_LEADING: Final = re.compile(
    r"^(?:[0-9]{6})?(?:(?:户籍|家庭|联系|通讯|居住)?(?:地址|住址|所在地))?(?:中华人民共和国|中国(?!路|街))?"
)
_BETWEEN: Final = re.compile(r"(?:市辖区|省直辖(?:行政单位|县级行政(?:单位|区划))|自治区直辖县级行政(?:单位|区划))?")
# After a bare name: it is a street's, a building's or a village's, not the city's.
_OTHER_THING: Final = re.compile(
    r"[东南西北中上下前后内外新老大小一二三四五六七八九十第环]{0,3}"
    r"(?:路|街|大道|巷|弄|胡同|里|道|村|镇|乡|屯|庄|店|寨|苑|园|花园|小区|公寓|大厦|广场|酒店|宾馆|饭店|餐厅|大学|学院|学校|医院|公司|"
    r"集团|银行|桥|山|河|湖|江|海|岛|站|楼|塔|城|门|县|区|市|省|州|旗|盟|公园|人家|会馆|新村)"
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the beginning of an address: the divisions it names, from large to small."""

    named: tuple[Named, ...] = ()
    end: int = 0

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """How much of the text it explains, and how well."""
        present = sum(n.is_present for n in self.named)
        return bool(self.named), self.end, sum(n.is_whole for n in self.named), present - len(self.named)


class AddressBook:
    """Addresses in words -> regions. Built once; read-only after that."""

    def __init__(self, regions: Regions) -> None:
        self._regions: Final = regions
        self._gazetteer: Final = Gazetteer(regions.book)
        self._code_of: Final = lru_cache(maxsize=4096)(self._resolve)

    def look_up(self, text: str) -> AddressFact:
        """The region an address names, whatever ``text`` is; ``region=None`` where it names none."""
        code = self._code_of(text[:_MAX_LENGTH])
        region = self._regions.look_up(code) if code else None
        return AddressFact(
            text=text,
            region=region,
            position=region.position if region else None,
            radius_km=region.radius_km if region else 0.0,
            sources=(*self._regions.sources, characters.SOURCE),
        )

    def _resolve(self, text: str) -> str | None:
        written = _NOISE.sub("", characters.normalise(text))
        if not characters.has_han(written):
            return None
        written = _LEADING.sub("", characters.simplify(written))
        readings = list(self._read(written, _Reading()))
        best = max((r.rank for r in readings), default=None)
        return self._agreed([r for r in readings if r.rank == best]) if best and best[0] else None

    def _agreed(self, readings: list[_Reading]) -> str | None:
        """The division that all of ``readings`` lie in, with the code as written where it is one."""
        codes = {r.named[-1].code for r in readings}
        if len(codes) == 1:
            return codes.pop()
        current = {self._regions.current_code(c) for c in codes}
        return _shared(current)

    def _read(self, text: str, reading: _Reading) -> Iterator[_Reading]:
        """Every way to read on from ``reading``, and itself."""
        yield reading
        start = _end_of_heading(text, reading)
        for named in self._gazetteer.at(text, start):
            if self._follows(reading, named):
                end = start + named.length
                further = list(self._read(text, _Reading((*reading.named, named), end)))
                # A bare name counts where a division follows, or at least nothing that is called after it.
                if named.is_whole or len(further) > 1 or _OTHER_THING.match(text, end) is None:
                    yield from further

    def _follows(self, reading: _Reading, named: Named) -> bool:
        """Whether ``named`` is a smaller division within what was read so far."""
        if not reading.named:
            return named.is_whole or _digits(named.code) < _COUNTY_DIGITS
        outer = reading.named[-1].code
        return _digits(outer) < _digits(named.code) and any(named.code.startswith(p) for p in self._prefixes(outer))

    def _prefixes(self, outer: str) -> Iterable[str]:
        """The digits that divisions within ``outer`` begin with, in its own time and today."""
        current = self._regions.current_code(outer)
        return {code[: _digits(outer)] for code in (outer, current) if _digits(code) <= _digits(outer)}


def _end_of_heading(text: str, reading: _Reading) -> int:
    """Where the next name may begin: past 市辖区 and its like."""
    heading = _BETWEEN.match(text, reading.end) if reading.named else None
    return heading.end() if heading else reading.end


def _digits(code: str) -> int:
    """How many digits of a code tell its division from others of its kind.

    >>> _digits("330000"), _digits("330100"), _digits("330106")
    (2, 4, 6)
    """
    return 2 if code.endswith("0000") else 4 if code.endswith("00") else 6


def _shared(codes: set[str]) -> str | None:
    """The smallest division that holds all of ``codes``; ``None`` where not even a province does."""
    for digits in (6, 4, 2):
        heads = {c[:digits] for c in codes}
        if len(heads) == 1:
            return heads.pop().ljust(6, "0")
    return None

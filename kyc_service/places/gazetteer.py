"""Every name China's divisions have or had, to be found at the beginning of a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kyc_service.places.characters import simplify
from kyc_service.places.gb2260 import HEADINGS, CodeBook, plain_name, short_province, stem
from kyc_service.places.succession import is_in_force

_MIN_STEM: Final = 2
_TAIWAN_CODE: Final = "710000"


@dataclass(frozen=True, slots=True)
class Named:
    """A division as a text names it.

    ``is_whole`` says that the word for its kind was there (杭州市, not 杭州), ``is_present``
    that it bears the name today.
    """

    code: str
    length: int
    is_whole: bool
    is_present: bool


# Cities and counties of Taiwan have no codes of their own: they stand for the island.
_TAIWAN: Final = tuple(
    (name, Named(_TAIWAN_CODE, len(name), is_whole=True, is_present=True))
    for name in [
        "台北市",
        "新北市",
        "桃园市",
        "台中市",
        "台南市",
        "高雄市",
        "基隆市",
        "新竹市",
        "嘉义市",
        "新竹县",
        "苗栗县",
        "彰化县",
        "南投县",
        "云林县",
        "嘉义县",
        "屏东县",
        "宜兰县",
        "花莲县",
        "台东县",
        "澎湖县",
    ]
)


class Gazetteer:
    """Names -> codes. Read-only."""

    def __init__(self, book: CodeBook) -> None:
        self._named: Final = _index(book)
        self._longest: Final = max(map(len, self._named))

    def at(self, text: str, start: int) -> Iterator[Named]:
        """Every division that ``text`` may name from ``start`` on, longest names first."""
        for length in range(min(self._longest, len(text) - start), 1, -1):
            yield from self._named.get(text[start : start + length], ())


def _index(book: CodeBook) -> Mapping[str, tuple[Named, ...]]:
    index: defaultdict[str, dict[Named, None]] = defaultdict(dict)
    for spelling, named in (*_provinces(book), *_divisions(book), *_TAIWAN):
        index[spelling][named] = None
    return {spelling: tuple(named) for spelling, named in index.items()}


def _provinces(book: CodeBook) -> Iterator[tuple[str, Named]]:
    for code, name in book.provinces.items():
        for spelling in {simplify(name), simplify(short_province(name))}:
            yield spelling, Named(f"{code}0000", len(spelling), spelling == simplify(name), is_present=True)


def _divisions(book: CodeBook) -> Iterator[tuple[str, Named]]:
    for code, names in book.names.items():
        for name in names if not code.endswith("0000") else ():
            is_present = name.is_current and is_in_force(book, code)
            for spelling, is_whole in _spellings(name.text):
                yield spelling, Named(code, len(spelling), is_whole, is_present)


def _spellings(name: str) -> Iterator[tuple[str, bool]]:
    """Ways to write a division, and whether they say what kind of division it is."""
    if name in HEADINGS:
        return
    written = simplify(name)
    yield written, True
    if plain_name(written) != written:
        yield plain_name(written), True
    if _MIN_STEM <= len(stem(written)) < len(written):
        yield stem(written), False

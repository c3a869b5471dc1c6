"""Names: their simplified characters, and every way they may be read in pinyin.

Readings come from ``pypinyin``, those of surnames, the likeliest first, from a table of our own. Passports write ü as
YU, older ones as V or U; all three are given. Names in Latin letters have no readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import metadata
from typing import Final

from pypinyin import Style, pinyin

from kyc_service.domain.facts import FactSource, NameFact
from kyc_service.places import characters
from kyc_service.places.tables import read_table

MAX_READINGS: Final = 64

_SOURCE: Final = FactSource("Pinyin readings (pypinyin)", metadata.version("pypinyin"))
_DOTS: Final = re.compile(r"\s*[·•・‧∙⋅.．。]\s*")
_MAX_LENGTH: Final = 60
_MIN_WITH_COMPOUND: Final = 3

_TABLE: Final = read_table("surnames")
_SURNAMES: Final[Mapping[str, tuple[str, ...]]] = {row[0]: tuple(row[1].split()) for row in _TABLE.rows}

# A part of a name: a way to read it, and how unusual that is.
_Reading = tuple[int, str]


def describe_name(text: str) -> NameFact:
    """The spellings of a name, whatever ``text`` is. At most 64 readings, the usual first.

    >>> describe_name("單雄信").romanised[0], describe_name("歐陽修").simplified
    ('SHAN XIONGXIN', '欧阳修')
    """
    normal = characters.normalise(text)
    if not characters.has_han(normal):
        return NameFact(text, normal, (), (characters.SOURCE,))
    simplified = characters.simplify(_DOTS.sub("·", normal).replace(" ", "")).strip("·")
    return NameFact(text, simplified, tuple(_romanise(simplified)), (characters.SOURCE, _SOURCE, _TABLE.source))


def _romanise(name: str) -> Iterable[str]:
    """Every reading of a simplified name, the usual first."""
    parts = name.split("·")
    if len(name) > _MAX_LENGTH or not all(characters.is_han(c) for part in parts for c in part):
        return ()
    splits = [[_given(part) for part in parts]] if len(parts) > 1 else list(_splits(name))
    readings = [r for split in splits for r in _product(split, " ")]
    spelt = dict.fromkeys(s for _, reading in sorted(readings, key=lambda r: r[0]) for s in _spellings(reading))
    return tuple(spelt)[:MAX_READINGS]


def _splits(name: str) -> Iterator[list[list[_Reading]]]:
    """Surname and given name; both ways where the surname may have two characters."""
    lengths = (2, 1) if len(name) >= _MIN_WITH_COMPOUND and name[:2] in _SURNAMES else (1,)
    for length in lengths:
        surname, given = name[:length], name[length:]
        yield [_surname(surname), _given(given)] if given else [_surname(surname)]


def _surname(characters_: str) -> list[_Reading]:
    known = [(0, reading) for reading in _SURNAMES.get(characters_, ())]
    return known + [(cost + bool(known), reading) for cost, reading in _given(characters_)]


def _given(part: str) -> list[_Reading]:
    return _product([list(enumerate(_readings(c))) for c in part], "")


def _product(parts: Sequence[Sequence[_Reading]], between: str) -> list[_Reading]:
    """The most usual ways to read ``parts`` one after the other."""
    best: list[_Reading] = [(0, "")]
    for part in parts:
        joined = [(a + b, head + between + tail if head else tail) for a, head in best for b, tail in part]
        best = sorted(joined, key=lambda r: r[0])[:MAX_READINGS]
    return best


@lru_cache(maxsize=8192)
def _readings(character: str) -> tuple[str, ...]:
    """Syllables in small letters, ü as v; none for characters without a known reading."""
    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(s for s in (found[0] if found else ()) if s.isascii() and s.isalpha()))


def _spellings(reading: str) -> Iterator[str]:
    """``lv bu`` -> ``LYU BU``, ``LV BU``, ``LU BU``."""
    capitals = reading.upper()
    for letters in ("YU", "V", "U") if "V" in capitals else ("",):
        yield capitals.replace("V", letters)

"""Names in pinyin: spaces, hyphens, apostrophes and tone marks are written or left out, surnames are not run together.

The letters of 方安 and 范甘 are the same once run together (FANG AN, FAN GAN): where the
surname ends is part of the name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_PARTING: Final = re.compile(r"[\s,\-‐‑·•・]+")
_UNWRITTEN: Final = re.compile(r"['’ʼ`´]")
_LETTERS: Final = re.compile(r"[A-Z ]+")
# Passports write YU for the ü of LÜ and NÜ, keyboards V, and those without either U with a diaeresis.
_UMLAUT: Final = re.compile("V|U\u0308")


def is_pinyin_of(text: str, readings: Iterable[str]) -> bool:
    """Whether ``text`` is one of ``readings`` (capitals, ``SURNAME GIVEN``).

    >>> is_pinyin_of("Ouyang Xiao-Ming", ["OUYANG XIAOMING"]), is_pinyin_of("Lǚ Bù", ["LYU BU"])
    (True, True)
    >>> is_pinyin_of("Fan Gan", ["FANG AN"]), is_pinyin_of("Xiaoming Ouyang", ["OUYANG XIAOMING"])
    (False, False)
    """
    return not _partings(text).isdisjoint(map(_parted, readings))


def is_reordered_pinyin_of(text: str, readings: Iterable[str]) -> bool:
    """Whether ``text`` is one of ``readings`` with the given name first.

    >>> is_reordered_pinyin_of("Xiaoming Ouyang", ["OUYANG XIAOMING"]), is_reordered_pinyin_of("San", ["SAN"])
    (True, False)
    """
    swapped = {(surname, given) for given, surname in _partings(text) if surname}
    return not swapped.isdisjoint(map(_parted, readings))


def _partings(text: str) -> frozenset[tuple[str, str]]:
    """Every way to part the words of ``text`` in two; of what is not all Latin letters, none."""
    words = _folded(text).split()
    return frozenset(("".join(words[:cut]), "".join(words[cut:])) for cut in range(1, len(words) + 1))


def _parted(reading: str) -> tuple[str, str]:
    surname, _, given = _folded(reading).partition(" ")
    return surname, given.replace(" ", "")


def _folded(text: str) -> str:
    """``text`` as capitals and single spaces, or nothing where other letters are among them.

    >>> _folded("Lü  Xi'an"), _folded("lv-bu"), _folded("张 San")
    ('LYU XIAN', 'LYU BU', '')
    """
    capitals = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).upper())
    umlauts = _UMLAUT.sub("YU", capitals)
    plain = "".join(c for c in umlauts if not unicodedata.combining(c))
    parted = _PARTING.sub(" ", _UNWRITTEN.sub("", plain)).strip()
    return parted if _LETTERS.fullmatch(parted) else ""

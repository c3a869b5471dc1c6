"""When a reading equals the truth, and how far from it a wrong one is."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def comparable(text: str) -> str:
    """``text`` as it is compared: Unicode NFKC, without white space and control characters.

    Case and diacritics stay: what a document prints is what has to be read.

    >>> comparable("ＨＡＲＲＩＥＴ  June"), comparable("杭州市 西湖区")
    ('HARRIETJune', '杭州市西湖区')
    """
    normal = unicodedata.normalize("NFKC", text)
    return "".join(c for c in normal if not c.isspace() and unicodedata.category(c) != "Cc")


def edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Least number of characters inserted, removed or replaced to turn ``one`` into ``other``.

    >>> edit_distance("kitten", "sitting"), edit_distance("", "abc"), edit_distance("ab", "ba")
    (3, 3, 2)

    Source: Levenshtein (1966); computed row by row as Wagner and Fischer (1974).
    """
    above = list(range(len(other) + 1))
    for i, mine in enumerate(one, 1):
        row = [i]
        for j, theirs in enumerate(other, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (mine != theirs)))
        above = row
    return above[-1]

"""Names in one spelling, for registers that are files: letters alone, without marks, in any order of words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")


def spellings(name: str) -> frozenset[str]:
    """The keys under which ``name`` is found: written in one go, and its words in order of the alphabet.

    >>> spellings("MÜLLER, Anna") & spellings("Anna Muller")
    frozenset({'anna muller'})
    >>> bool(spellings("欧阳·示例") & spellings("欧阳示例"))
    True
    >>> bool(spellings("LU QINGHE") & spellings("Lu Qing-he"))
    True
    >>> spellings("...")
    frozenset()
    """
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    words = _WORD.findall("".join(letter for letter in decomposed if not unicodedata.combining(letter)))
    return frozenset({"".join(words), " ".join(sorted(words))}) if words else frozenset()

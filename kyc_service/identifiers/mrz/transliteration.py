"""How names are written in a machine-readable zone: ICAO Doc 9303 part 3, sections 4.6 and 6.

Apostrophes and full stops vanish, hyphens and commas become a space, letters outside A to Z
are written as the table says (some in several ways), other marks are dropped. There is no
likeness here: a name is either written so or it is not.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_TABLE: Final[dict[str, tuple[str, ...]]] = {
    "Ä": ("AE", "A"),
    "Å": ("AA", "A"),
    "Æ": ("AE",),
    "Ð": ("D",),
    "Đ": ("D",),
    "Ħ": ("H",),
    "Ł": ("L",),
    "Ñ": ("N", "NXX"),
    "Ŋ": ("N",),
    "Ö": ("OE", "O"),
    "Ø": ("OE",),
    "Œ": ("OE",),
    "Þ": ("TH",),
    "Ŧ": ("T",),
    "Ü": ("UE", "U", "UXX"),
    "ẞ": ("SS",),
}
_DROPPED: Final = re.compile(r"['’‘ʼ`´.]")
_SPACES: Final = re.compile(r"[\s,\-‐‑–]+")
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ ")


def is_writable(name: str) -> bool:
    """Whether the table covers every letter of ``name``; names in other scripts are not.

    >>> is_writable("Zoë Łuczak-Müller"), is_writable("张三")
    (True, False)
    """
    return bool(_letters(name)) and all(_ways(c) for c in _letters(name))


def is_written_as(name: str, written: str, *, is_truncated: bool = False) -> bool:
    """Whether ``name`` may be written as ``written``, which is ``A-Z`` and single spaces.

    With ``is_truncated``, ``written`` may be only the beginning of it.

    >>> is_written_as("Müller", "MUELLER"), is_written_as("Müller", "MULLER"), is_written_as("Müller", "MILLER")
    (True, True, False)
    >>> is_written_as("Nilavadhanananda Chayapa", "NILAVADHANANANDA CHA", is_truncated=True)
    True
    """
    reached = {0}
    for letter in _letters(name):
        reached = {
            min(at + len(way), len(written))
            for at in reached
            for way in _ways(letter)
            if written.startswith(way, at) or (is_truncated and way.startswith(written[at:]))
        }
        if is_truncated and len(written) in reached:
            return True
    return len(written) in reached


def _letters(name: str) -> str:
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).upper())
    return _SPACES.sub(" ", _DROPPED.sub("", composed)).strip()


def _ways(letter: str) -> tuple[str, ...]:
    if letter in _TABLE:
        return _TABLE[letter]
    base = "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))
    return (base,) if base in _PLAIN or not base else ()

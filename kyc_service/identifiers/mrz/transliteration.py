"""How names are written in a machine-readable zone: ICAO Doc 9303 part 3, sections 4.6 and 6.

Hyphens and commas part the components of a name, all other punctuation vanishes, letters
outside A to Z are written as the tables say, some in several ways. There is no likeness here:
a name is either written so or it is not. The tables recommend; many states spell Cyrillic and
nearly all spell Arabic names otherwise, so there only agreement says something.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from kyc_service.identifiers.mrz.arabic import ARABIC, ARABIC_LAST, SHADDA
from kyc_service.identifiers.mrz.cyrillic import CYRILLIC, CYRILLIC_FIRST

_LATIN: Final[dict[str, tuple[str, ...]]] = {
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
    "Ü": ("UE", "UXX", "U"),
    "ẞ": ("SS",),
}
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_APOSTROPHES: Final = frozenset("`´ʼʹ")
_UNWRITTEN: Final = frozenset({"Mn", "Lm", "Cf"})


def is_writable(name: str) -> bool:
    """Whether the Latin table covers every letter of ``name``, so that another spelling is another name.

    >>> is_writable("Zoë Łuczak-Müller"), is_writable("张三"), is_writable("Владимир")
    (True, False, False)
    """
    parts = _components(name)
    return bool(parts) and all(_latin(letter) for part in parts for letter in part)


def is_written_as(name: str, written: str, *, is_truncated: bool = False) -> bool:
    """Whether ``name`` may be written as ``written``, which is ``A-Z`` and single spaces.

    With ``is_truncated`` its components may lack their ends and the last of them be left out
    (sections 4.2.3 of parts 4 to 7).

    >>> is_written_as("Müller", "MUELLER"), is_written_as("Müller", "MULLER"), is_written_as("Müller", "MILLER")
    (True, True, False)
    >>> is_written_as("Nilavadhanananda Arnpol Petch", "NILAVADHANANANDA ARN P", is_truncated=True)
    True
    >>> is_written_as("Соколова Юлия", "SOKOLOVA IULIIA")
    True
    """
    parts, seen = _components(name), written.split(" ")
    if not parts or not all(seen) or len(seen) > len(parts) or (len(seen) < len(parts) and not is_truncated):
        return False
    return all(_is_spelt(part, text, is_truncated=is_truncated) for part, text in zip(parts, seen, strict=False))


def _components(name: str) -> list[str]:
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).upper())
    return "".join(map(_separated, composed)).split()


def _separated(character: str) -> str:
    """``character``, a space where it parts components, or nothing where the zone leaves it out."""
    category = unicodedata.category(character)
    if character == "," or category in {"Pd", "Zs", "Cc"}:
        return " "
    return "" if category[0] == "P" or character in _APOSTROPHES else character


def _is_spelt(component: str, written: str, *, is_truncated: bool) -> bool:
    reached = {0}
    for ways in _ways_of(component):
        reached = {
            min(at + len(way), len(written))
            for at in reached
            for way in ways
            if written.startswith(way, at) or (is_truncated and way.startswith(written[at:]))
        }
        if is_truncated and len(written) in reached:
            return True
    return len(written) in reached


def _ways_of(component: str) -> Iterator[Iterable[str]]:
    """For each letter, the ways to write it. A doubled sequence repeats what follows its X (section 6, note 3)."""
    last = len(component) - 1
    for index, letter in enumerate(component):
        ways = _ways(letter, is_first=index == 0, is_last=index == last)
        is_doubled = component[index + 1 : index + 2] == SHADDA
        yield tuple(way + way.removeprefix("X") for way in ways) if is_doubled else ways


def _ways(letter: str, *, is_first: bool, is_last: bool) -> tuple[str, ...]:
    if letter in CYRILLIC:
        return CYRILLIC[letter] + (CYRILLIC_FIRST.get(letter, ()) if is_first else ())
    if is_last and letter in ARABIC_LAST:
        return ARABIC_LAST[letter]
    if letter in ARABIC:
        return (ARABIC[letter],)
    return _latin(letter)


def _latin(letter: str) -> tuple[str, ...]:
    if letter in _LATIN:
        return _LATIN[letter]
    base = "".join(c for c in unicodedata.normalize("NFD", letter) if unicodedata.category(c) not in _UNWRITTEN)
    return (base,) if base in _PLAIN or not base else ()

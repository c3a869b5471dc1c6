"""Whether a claimed name is the document's: equal, equal once normalised, or written otherwise. Never alike."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kyc_service.identifiers import mrz

_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# The dot between the parts of ethnic names, in the ways that keyboards and recognisers write it.
_SPACES_AND_DOTS: Final = re.compile(r"[\s·•・‧∙⋅․.]+")
_SPACES: Final = re.compile(r"\s+")


class NameMatch(StrEnum):
    """How a claimed name relates to the document's."""

    EXACT = "exact"
    NORMALISED = "normalised"
    SIMPLIFIED = "simplified"
    PINYIN = "pinyin"
    TRANSLITERATED = "transliterated"
    REORDERED = "reordered"
    DIFFERENT = "different"
    INCOMPARABLE = "incomparable"


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name as a machine-readable zone writes it."""

    surname: str
    given_names: str
    is_truncated: bool

    @property
    def whole(self) -> str:
        """Surname, then given names.

        >>> WrittenName("ERIKSSON", "ANNA MARIA", is_truncated=False).whole
        'ERIKSSON ANNA MARIA'
        """
        return f"{self.surname} {self.given_names}".strip()


def normalise(name: str) -> str:
    """``name`` in one spelling: compatibility forms, case, spaces, nothing invisible; in Han script also without dots.

    >>> normalise("阿卜杜拉 • 买买提"), normalise("  ANNA  Maria ")
    ('阿卜杜拉买买提', 'anna maria')
    """
    seen = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    text = seen.casefold().strip()
    return _SPACES_AND_DOTS.sub("", text) if is_han(text) else _SPACES.sub(" ", text)


def is_han(name: str) -> bool:
    """Whether ``name`` holds a Han character.

    >>> is_han("张三"), is_han("Zhang San")
    (True, False)
    """
    return _HAN.search(name) is not None


def match_name(claimed: str, printed: str | None, written: WrittenName | None) -> NameMatch:
    """Compare ``claimed`` with the name as ``printed`` and as ``written`` in the machine-readable zone.

    >>> match_name("Anna Müller", None, WrittenName("MUELLER", "ANNA", is_truncated=False))
    <NameMatch.REORDERED: 'reordered'>
    >>> match_name("张三", "李四", None)
    <NameMatch.DIFFERENT: 'different'>
    """
    if claimed == printed:
        return NameMatch.EXACT
    known = [name for name in (printed, written.whole if written else None) if name]
    if normalise(claimed) in map(normalise, known):
        return NameMatch.NORMALISED
    return _match_written(claimed, written) if written else NameMatch.DIFFERENT


def _match_written(claimed: str, written: WrittenName) -> NameMatch:
    if not mrz.is_writable(claimed):
        return NameMatch.INCOMPARABLE
    if mrz.is_written_as(claimed, written.whole, is_truncated=written.is_truncated):
        return NameMatch.TRANSLITERATED
    words = claimed.replace(",", " ").split()
    is_swapped = any(
        mrz.is_written_as(" ".join(words[cut:]), written.surname)
        and mrz.is_written_as(" ".join(words[:cut]), written.given_names, is_truncated=written.is_truncated)
        for cut in range(1, len(words))
    )
    return NameMatch.REORDERED if is_swapped else NameMatch.DIFFERENT

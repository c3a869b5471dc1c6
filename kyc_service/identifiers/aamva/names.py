"""The holder's name, which every version of the standard spells in other elements.

Version 1: DAA, all of it with commas (last, first, middle, suffix). Versions 2 and 3: DCS
and DCT, the given names in one. From version 4: DCS, DAC, DAD, each with a flag that says
whether it was cut (DDE, DDF, DDG). Cards before the standard, and some of version 1, have
DAB, DAC and DAD.

Source: AAMVA DL/ID-2000, 6.2; Card Design Specification 2003 and 2005, D.12.5.1; Card
Design Standard 2009 to 2020, D.12.5.1.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from kyc_service.identifiers.aamva.elements import Elements

_CUT: Final = "T"
_JOINTS: Final = re.compile(r"[\s,\-]+")
_NOT_A_LETTER: Final = re.compile(r"[^A-Z ]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts.

    ``family`` alone holds all of it where a card of version 1 gives one string without
    commas: then nobody can tell the parts apart. ``is_truncated``: a part was cut, or it is not known
    that none was.
    """

    family: str
    given: str
    suffix: str
    is_family_truncated: bool
    is_given_truncated: bool

    @property
    def full(self) -> str:
        """Family name, then given names, as machine-readable zones order them; without the suffix.

        >>> Name("SAMPLE", "MICHAEL JOHN", "JR", False, False).full
        'SAMPLE MICHAEL JOHN'
        """
        return f"{self.family} {self.given}".strip()

    @property
    def is_truncated(self) -> bool:
        """Whether a part of the name was cut."""
        return self.is_family_truncated or self.is_given_truncated


def read_name(elements: Elements) -> Name | None:
    """The holder's name, ``None`` where no element holds it.

    >>> read_name(Elements((), {"DAA": "DOE,SUE,ANN,"}, ()))
    Name(family='DOE', given='SUE ANN', suffix='', is_family_truncated=False, is_given_truncated=False)
    >>> read_name(Elements((), {"DCS": "DOE", "DCT": "SUE,ANN"}, ())).given
    'SUE ANN'
    """
    family = elements.get("DCS", "DAB")
    if family is None:
        return _from_one_field(elements.get("DAA"))
    parts = [elements.get("DAC"), elements.get("DAD")] if elements.get("DAC") else [elements.get("DCT")]
    return Name(
        family=family,
        given=_spaced(" ".join(part for part in parts if part)),
        suffix=elements.get("DCU", "DAE") or "",
        is_family_truncated=elements.get("DDE") == _CUT,
        is_given_truncated=_CUT in (elements.get("DDF"), elements.get("DDG")),
    )


def letters_only(text: str) -> str:
    """``text`` in A to Z and single spaces, as a machine-readable zone writes names: without marks and apostrophes.

    >>> letters_only("O'Neil-Muñoz,  Jr.")
    'ONEIL MUNOZ JR'
    """
    marks_off = "".join(c for c in unicodedata.normalize("NFKD", text.upper()) if not unicodedata.combining(c))
    return _NOT_A_LETTER.sub("", _JOINTS.sub(" ", marks_off)).strip()


def _from_one_field(text: str | None) -> Name | None:
    if text is None:
        return None
    family, *given = [part.strip() for part in text.split(",")]
    if not family:
        return None
    # Last, first, middle, suffix: a fourth part is the suffix.
    suffix = given.pop() if len(given) > 2 else ""  # noqa: PLR2004 - first and middle
    return Name(family, _spaced(" ".join(given)), suffix, is_family_truncated=False, is_given_truncated=False)


def _spaced(text: str) -> str:
    return " ".join(text.replace(",", " ").split())

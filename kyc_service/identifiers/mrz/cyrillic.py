"""Cyrillic letters in a machine-readable zone: ICAO Doc 9303 part 3, section 6 B.

The table makes exceptions by language, which a name alone does not tell: each letter has all
its ways, the general one first. Where the printed table gives a letter's code and another
letter's shape (0402 for ћ, 0492 for ѓ, 04BA for ћ) both are taken.
"""

from __future__ import annotations

from typing import Final

CYRILLIC: Final[dict[str, tuple[str, ...]]] = {
    "А": ("A",),
    "Б": ("B",),
    "В": ("V",),
    "Г": ("G", "H"),  # H in Belarusian, Serbian, Ukrainian
    "Д": ("D",),
    "Е": ("E",),
    "Ж": ("ZH", "Z"),  # Z in Serbian
    "З": ("Z",),
    "И": ("I", "Y"),  # Y in Ukrainian
    "Й": ("I",),
    "К": ("K",),
    "Л": ("L",),
    "М": ("M",),
    "Н": ("N",),
    "О": ("O",),
    "П": ("P",),
    "Р": ("R",),
    "С": ("S",),
    "Т": ("T",),
    "У": ("U",),
    "Ф": ("F",),
    "Х": ("KH", "H"),  # H in Serbian, Macedonian
    "Ц": ("TS", "C"),  # C in Serbian, Macedonian
    "Ч": ("CH", "C"),  # C in Serbian
    "Ш": ("SH", "S"),  # S in Serbian
    "Щ": ("SHCH", "SHT"),  # SHT in Bulgarian
    "Ъ": ("IE",),
    "Ы": ("Y",),
    "Ь": ("",),  # not in the table
    "Э": ("E",),
    "Ю": ("IU",),
    "Я": ("IA",),
    "Ё": ("E", "IO"),  # IO in Belarusian
    "Ђ": ("D",),
    "Є": ("IE",),
    "Ѕ": ("DZ",),
    "І": ("I",),
    "Ї": ("I",),
    "Ј": ("J",),
    "Љ": ("LJ",),
    "Њ": ("NJ",),
    "Ћ": ("D", "C"),
    "Ќ": ("K", "KJ"),  # KJ in Macedonian
    "Ѓ": ("G", "GJ"),  # GJ in Macedonian
    "Ў": ("U",),
    "Џ": ("DZ", "DJ"),  # DJ in Macedonian
    "Ѫ": ("U",),
    "Ѵ": ("Y",),
    "Ґ": ("G",),
    "Ғ": ("G", "GJ"),
    "Һ": ("C",),
}
CYRILLIC_FIRST: Final[dict[str, tuple[str, ...]]] = {
    "Є": ("YE",),
    "Ї": ("YI",),
    "Й": ("Y",),
    "Ю": ("YU",),
    "Я": ("YA",),
}
"""Further ways of a letter that begins a name: Ukrainian."""

"""Arabic letters in a machine-readable zone: ICAO Doc 9303 part 3, section 6 C."""

from __future__ import annotations

from typing import Final

SHADDA: Final = "\u0651"
"""Doubles the letter before it."""
_TEH_MARBUTA: Final = "\u0629"
# Marks and letters that the table does not encode: tatweel, vowel signs, shadda itself, obsolete letters.
_NOT_ENCODED: Final = "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u069c\u06a2\u06a7\u06a8"
_TABLE: Final = """
    0621 XE   0622 XAA  0623 XAE  0624 U    0625 I    0626 XI   0627 A    0628 B    0629 XTA  062A T
    062B XTH  062C J    062D XH   062E XKH  062F D    0630 XDH  0631 R    0632 Z    0633 S    0634 XSH
    0635 XSS  0636 XDZ  0637 XTT  0638 XZZ  0639 E    063A G    0641 F    0642 Q    0643 K    0644 L
    0645 M    0646 N    0647 H    0648 W    0649 XAY  064A Y    0671 XXA  0679 XXT  067C XRT  067E P
    0681 XKE  0685 XXH  0686 XC   0688 XXD  0689 XDR  0691 XXR  0693 XRR  0696 XRX  0698 XJ   069A XXS
    06A9 XKK  06AB XXK  06AD XNG  06AF XGG  06BA XNN  06BC XXN  06BE XDO  06C0 XYH  06C1 XXG  06C2 XGE
    06C3 XTG  06CC XYA  06CD XXY  06D0 Y    06D2 XYB  06D3 XBE
""".split()  # noqa: SIM905 - a list of quoted strings would hide the table
ARABIC: Final[dict[str, str]] = {
    **{chr(int(code, 16)): written for code, written in zip(_TABLE[::2], _TABLE[1::2], strict=True)},
    **dict.fromkeys(_NOT_ENCODED, ""),
}
ARABIC_LAST: Final[dict[str, tuple[str, ...]]] = {_TEH_MARBUTA: ("XAH",)}
"""How a letter is written that ends a component of the name (note 2)."""

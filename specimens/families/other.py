"""What is no identity document: a loyalty card, a business card, a letter, a plain card with Latin text (family `none`)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from specimens.attack_protocol import Split
from specimens.drawing.faces import CHINESE, LATIN
from specimens.drawing.grounds import SheetKind, ground
from specimens.drawing.portraits import portrait
from specimens.drawing.sheet import Sheet
from specimens.families.protocol import FRONT, NO_ATTACK, DrawnSide
from specimens.flat import FlatDocument

_NAMES = ("H. Marlowe", "R. Ashby", "P. Novak", "I. Lindqvist", "J. Santos", "M. Tran")
_FIRMS = ("Sample Trading", "Example & Sons", "Specimen Books", "Beispiel GmbH", "Muster Kaffee")
_WORDS = ("dear", "sample", "reader", "we", "thank", "you", "for", "the", "order", "of", "twelve", "boxes", "which", "will", "reach",
          "Exampleham", "by", "Monday", "with", "kind", "regards", "our", "number", "is")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Paper:
    """One such thing."""

    draw_front: Callable[[Split, np.random.Generator], FlatDocument]
    split: Split
    seed: int

    def draw(self, side: str) -> DrawnSide:
        """Its one side; it has no true fields."""
        del side
        return DrawnSide(self.draw_front(self.split, np.random.default_rng(self.seed)), {})


class NotAnIdentityDocument:
    """The family `none`."""

    name = "none"
    sides = (FRONT,)
    own_attacks: tuple[str, ...] = ()

    def issue(self, rng: np.random.Generator, split: Split, attack: str = NO_ATTACK) -> _Paper:
        """One of the kinds."""
        del attack
        return _Paper(_KINDS[int(rng.integers(len(_KINDS)))], split, int(rng.integers(2**31)))


def _ground(name: str, size_mm: tuple[float, float], px_per_mm: float, split: Split, rng: np.random.Generator) -> Sheet:
    tone = 246 if name == "letter" else int(rng.integers(150, 240))
    tint = (tone, tone - int(rng.integers(0, 12)), tone - int(rng.integers(0, 20)))
    if name in {"letter", "business"}:
        flat = np.full((round(size_mm[1] * px_per_mm), round(size_mm[0] * px_per_mm), 3), tint, np.uint8)
        return Sheet(flat, px_per_mm)
    kind = SheetKind(name, *size_mm, px_per_mm, ((170, 196, 226), (214, 200, 232), (240, 206, 190)), (120, 120, 160))
    return Sheet(ground(kind, split, rng), px_per_mm)


def _loyalty(split: Split, rng: np.random.Generator) -> FlatDocument:
    sheet = _ground("loyalty", (85.6, 54.0), 18.0, split, rng)
    regular, bold = LATIN[split][int(rng.integers(len(LATIN[split])))]
    sheet.text(str(rng.choice(_FIRMS)), (6, 11), em_mm=5.0, face=bold, colour=(40, 40, 90))
    chinese = str(rng.choice(CHINESE[split]))
    sheet.text("会员卡 MEMBER CARD", (6, 20), em_mm=4.0, face=chinese, colour=(60, 40, 60))
    digits = " ".join("".join(str(v) for v in rng.integers(0, 10, 4)) for _ in range(4))
    sheet.text(digits, (6, 34), em_mm=4.6, face="mono", colour=(30, 30, 34))
    sheet.text(
        f"VALID THRU {rng.integers(1, 13):02d}/{rng.integers(26, 33)}",
        (6, 41),
        em_mm=2.4,
        face=regular,
        colour=(30, 30, 34),
    )
    sheet.text(str(rng.choice(_NAMES)).upper(), (6, 48), em_mm=3.4, face=regular, colour=(30, 30, 34))
    sheet.specimen((66, 46), 2.4)
    return sheet.finished()


def _business(split: Split, rng: np.random.Generator) -> FlatDocument:
    sheet = _ground("business", (90.0, 54.0), 17.0, split, rng)
    regular, bold = LATIN[split][int(rng.integers(len(LATIN[split])))]
    sheet.text(str(rng.choice(_FIRMS)), (7, 14), em_mm=5.0, face=bold, colour=(30, 70, 90))
    sheet.text(str(rng.choice(_NAMES)), (7, 28), em_mm=4.0, face=bold, colour=(30, 30, 34))
    sheet.text("Head of Samples", (7, 33), em_mm=2.6, face=regular, colour=(80, 80, 86))
    for i, text in enumerate(("12 Example Road, Exampleham", "Tel. 0000 000 000", "mail@example.org")):
        sheet.text(text, (7, 40 + 4 * i), em_mm=2.5, face=regular, colour=(60, 60, 66))
    sheet.specimen((68, 8), 2.2)
    return sheet.finished(0.3)


def _letter(split: Split, rng: np.random.Generator) -> FlatDocument:
    sheet = _ground("letter", (148.0, 105.0), 11.0, split, rng)
    regular, bold = LATIN[split][int(rng.integers(len(LATIN[split])))]
    sheet.text(str(rng.choice(_FIRMS)), (12, 14), em_mm=5.0, face=bold, colour=(30, 30, 34))
    for i in range(12):
        words = " ".join(str(word) for word in rng.choice(_WORDS, 10))
        sheet.text(words, (12, 28 + 5.4 * i), em_mm=3.2, face=regular, colour=(40, 40, 44))
    sheet.specimen((120, 12), 3.2)
    return sheet.finished(0.2)


def _badge(split: Split, rng: np.random.Generator) -> FlatDocument:
    """A plain card with a portrait and Latin text but no zone: a staff or library card."""
    sheet = _ground("badge", (85.6, 54.0), 18.0, split, rng)
    regular, bold = LATIN[split][int(rng.integers(len(LATIN[split])))]
    sheet.picture(portrait(rng, (360, 450), split), (60, 14))
    sheet.text(f"{rng.choice(_FIRMS)} - LIBRARY", (6, 9), em_mm=3.8, face=bold, colour=(40, 40, 90))
    for i, (caption, value) in enumerate((("Name", str(rng.choice(_NAMES))), ("Reader No.", str(rng.integers(10**6, 10**7))),
                                          ("Joined", f"{rng.integers(1, 29):02d}/{rng.integers(1, 13):02d}/2024"))):  # fmt: skip
        sheet.text(caption, (6, 18 + 10 * i), em_mm=2.0, face=regular, colour=(90, 90, 100))
        sheet.text(value, (6, 22.5 + 10 * i), em_mm=3.6, face=regular, colour=(30, 30, 34))
    sheet.specimen((30, 49), 2.6)
    return sheet.finished()


_KINDS = (_loyalty, _business, _letter, _badge)

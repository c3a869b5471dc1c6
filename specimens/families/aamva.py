"""North American driving licences: fields labelled as the AAMVA card design standard labels them, a PDF417 on the back.

The standard fixes labels, their numbers and the size of the symbol; places, tints and type are no jurisdiction's, and
both sides are marked SPECIMEN.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import zxingcpp

from specimens.attack_protocol import Split
from specimens.drawing.faces import LATIN
from specimens.drawing.grounds import SheetKind, ground
from specimens.drawing.portraits import melted, portrait
from specimens.drawing.sheet import Colour, Place, Sheet
from specimens.families.aamva_holder import Driver, driver, payload, with_one_other_digit
from specimens.families.protocol import BACK, FRONT, NO_ATTACK, DrawnSide
from specimens.flat import PORTRAIT, FlatDocument, Picture

BARCODE_MISMATCH = "barcode_mismatch"
"""The attack: one digit of the number printed on the front is not the barcode's."""

PX_PER_MM = 18.0
PORTRAIT_MM = (24.0, 31.0)
SYMBOL_MM = (72.0, 20.0)
"""Widest symbol of the standard: 75.565 mm (D.4); modules of about 0.25 mm."""
_KINDS = {
    side: SheetKind(f"aamva_{side}", 85.6, 54.0, PX_PER_MM, tints, ink, (0.62, 0.5), 0.8)
    for side, tints, ink in (
        (FRONT, ((224, 234, 242), (242, 238, 228), (228, 238, 230)), (150, 176, 190)),
        (BACK, ((238, 240, 240), (242, 242, 238), (236, 240, 242)), (196, 206, 210)),
    )
}
_HEADS = ("DRIVER LICENSE", "DRIVER'S LICENCE", "LICENCE / PERMIS")


@dataclass(frozen=True, slots=True)
class Style:
    """What differs from issue to issue."""

    regular: str
    bold: str
    band: Colour
    label_ink: Colour
    text_ink: Colour
    head: str
    portrait_at_mm: Place
    size: float


@dataclass(frozen=True, slots=True)
class Licence:
    """One issued licence; ``barcode`` is what its symbol says."""

    holder: Driver
    barcode: str
    style: Style
    split: Split
    seed: int

    def draw(self, side: str) -> DrawnSide:
        """The front (portrait and print) or the back (symbol)."""
        rng = np.random.default_rng((self.seed, side == BACK))
        if side == BACK:
            return DrawnSide(self._back(rng), self._back_truth())
        return DrawnSide(self._front(rng), front_truth(self.holder))

    def _front(self, rng: np.random.Generator) -> FlatDocument:
        sheet = Sheet(ground(_KINDS[FRONT], self.split, rng), PX_PER_MM)
        style, person = self.style, self.holder
        sheet.band((0, 0, 85.6, 9.2), style.band)
        for text, at_mm, em_mm in ((person.issuer.name, (4.0, 6.4), 4.6), (style.head, (52.0, 6.2), 2.6)):
            sheet.text(text, at_mm, em_mm=em_mm, face=style.bold, colour=(250, 250, 250))
        size = (round(PORTRAIT_MM[0] * PX_PER_MM), round(PORTRAIT_MM[1] * PX_PER_MM))
        picture = melted(portrait(rng, size, self.split), sheet.under(style.portrait_at_mm, size))
        sheet.picture(picture, style.portrait_at_mm, PORTRAIT)
        for label, text, field, x_mm, y_mm in _fields(person):
            self._field(sheet, label, text, field, (x_mm, y_mm))
        sheet.specimen((66.0, 45.6), 3.6, 8.0)
        sheet.specimen((30.0, 50.6), 2.4)
        return sheet.finished()

    def _field(self, sheet: Sheet, label: str, text: str, field: str | None, at_mm: Place) -> None:
        style = self.style
        x_mm = sheet.text(label, at_mm, em_mm=1.9, face=style.regular, colour=style.label_ink)
        em_mm = min(2.75 * style.size, (84.0 - x_mm) / max(1, len(text)) / 0.62)
        sheet.text(text, (x_mm + 0.9, at_mm[1]), em_mm=em_mm, face=style.bold, colour=style.text_ink, field=field)

    def _back(self, rng: np.random.Generator) -> FlatDocument:
        sheet = Sheet(ground(_KINDS[BACK], self.split, rng), PX_PER_MM)
        style = self.style
        at_mm = (float(rng.uniform(5.5, 8.0)), float(rng.uniform(6.0, 20.0)))
        sheet.picture(symbol(self.barcode), at_mm, "barcode")
        lines = ("CLASS: D - ANY SINGLE VEHICLE", "END: NONE   REST: NONE", "IF FOUND DROP IN ANY MAILBOX - SPECIMEN")
        for row, text in enumerate(lines):
            place = (6.0, at_mm[1] + SYMBOL_MM[1] + 5.0 + 3.2 * row)
            sheet.text(text, place, em_mm=2.0, face=style.regular, colour=style.text_ink)
        sheet.specimen((58.0, 50.0), 3.2)
        return sheet.finished()

    def _back_truth(self) -> dict[str, str]:
        """What the symbol says; control characters as Python writes them, for a line of CSV holds none."""
        return {**front_truth(self.holder), "barcode": self.barcode.encode("unicode_escape").decode("ascii")}


class Aamva:
    """The family."""

    name = "aamva"
    sides = (FRONT, BACK)
    own_attacks: tuple[str, ...] = (BARCODE_MISMATCH,)

    def issue(self, rng: np.random.Generator, split: Split, attack: str = NO_ATTACK) -> Licence:
        """A licence of an invented driver; under the attack its front and its symbol disagree."""
        holder = driver(rng)
        text = payload(holder)
        if attack == BARCODE_MISMATCH:
            holder = replace(holder, number=with_one_other_digit(holder.number, rng))
        return Licence(holder, text, _style(rng, split), split, int(rng.integers(2**31)))


def front_truth(person: Driver) -> dict[str, str]:
    """The manifest's columns of a front."""
    return {
        "full_name": person.full_name, "sex": person.sex, "date_of_birth": person.born.isoformat(),
        "address": person.address, "document_number": person.number, "valid_from": person.issued.isoformat(),
        "valid_until": person.expires.isoformat(), "issuing_country": person.issuer.country,
    }  # fmt: skip


def symbol(text: str) -> Picture:
    """The PDF417 symbol with its quiet zone on white, RGB, in the pixels of the sheet; error correction level 5 (D.5)."""
    made = zxingcpp.create_barcode(text.encode("latin-1"), zxingcpp.BarcodeFormat.PDF417, columns=13, ec_level="5")
    modules = np.array(zxingcpp.write_barcode_to_image(made, scale=1, add_quiet_zones=True))
    width = round(SYMBOL_MM[0] * PX_PER_MM)
    height = min(round(SYMBOL_MM[1] * PX_PER_MM), round(width * modules.shape[0] / modules.shape[1] * 1.35))
    drawn = cv2.resize(modules, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.ascontiguousarray(np.repeat(drawn[..., None], 3, axis=2))


def _fields(person: Driver) -> tuple[tuple[str, str, str | None, float, float], ...]:
    """Label (the standard's number and word), text, the manifest's column, and the place in mm."""
    left, right = 31.5, 58.5
    town = f"{person.town}, {person.issuer.code} {person.postal_code}"
    return (
        ("4d LIC#", person.number, "document_number", left, 13.6), ("1", person.family, "full_name", left, 17.6),
        ("2", person.given, "full_name", left, 21.4), ("8", person.street, "address", left, 25.2),
        ("", town, "address", left + 1.3, 28.8), ("3 DOB", person.printed(person.born), "date_of_birth", left, 33.2),
        ("15 SEX", person.sex, "sex", right + 4, 33.2), ("4a ISS", person.printed(person.issued), "valid_from", left, 37.2),
        ("4b EXP", person.printed(person.expires), "valid_until", right, 37.2), ("9 CLASS", "D", None, left, 41.2),
        ("5 DD", person.discriminator[:10], None, left, 45.0),
    )  # fmt: skip


def _style(rng: np.random.Generator, split: Split) -> Style:
    """The split's faces, with inks and places of one issue."""
    regular, bold = LATIN[split][int(rng.integers(len(LATIN[split])))]
    dark = int(rng.integers(14, 48))
    return Style(
        regular=regular, bold=bold, band=(int(rng.integers(30, 120)), int(rng.integers(40, 110)), int(rng.integers(80, 150))),
        label_ink=(int(rng.integers(50, 100)), int(rng.integers(50, 90)), int(rng.integers(90, 150))),
        text_ink=(dark, dark, dark + 4), head=str(rng.choice(_HEADS)),
        portrait_at_mm=(float(rng.uniform(3.5, 5.0)), float(rng.uniform(12.0, 15.0))), size=float(rng.uniform(0.95, 1.06)),
    )  # fmt: skip

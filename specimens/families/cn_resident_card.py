"""The Chinese resident identity card, second generation (laid out like GA 448): both sides of an ID-1 card.

The emblem is an abstract roundel and not the emblem.
"""

import re
from dataclasses import dataclass

import numpy as np

from specimens.attack_protocol import Split
from specimens.drawing.faces import CHINESE, FIXED_PITCH
from specimens.drawing.grounds import SheetKind, ground
from specimens.drawing.portraits import melted, portrait
from specimens.drawing.sheet import Colour, Place, Sheet
from specimens.families.protocol import BACK, FRONT, NO_ATTACK, DrawnSide
from specimens.flat import PORTRAIT, FlatDocument
from specimens.people.chinese import OPEN, Resident, resident

PX_PER_MM = 18.0
FRONT_KIND = SheetKind("cn_front", 85.6, 54.0, PX_PER_MM, ((226, 238, 244), (240, 240, 240), (232, 238, 240)),
                       (126, 176, 196), (0.35, 0.5), 0.85)  # fmt: skip
BACK_KIND = SheetKind("cn_back", 85.6, 54.0, PX_PER_MM, ((228, 236, 232), (244, 236, 226), (230, 238, 236)),
                      (190, 168, 138), (0.6, 0.55), 0.95)  # fmt: skip
PORTRAIT_AT_MM: Place = (54.6, 7.6)
PORTRAIT_MM = (24.5, 31.0)
ADDRESS_LINE_CHARACTERS = 11.0
DIGIT_CHARACTERS = 0.58
_NUMBER_PITCH_MM = 2.46
_NUMBER_EM_MM = {"ocr_b": 3.25, "plex_mono": 3.9}
"""Per face, so that digits are about 2.7 mm high and do not touch; other faces: 3.75."""
_LABELS: tuple[tuple[str, float, float], ...] = (
    ("姓 名", 6.2, 10.6), ("性 别", 6.2, 16.9), ("民 族", 24.0, 16.9), ("出 生", 6.2, 23.0), ("年", 23.4, 23.0),
    ("月", 31.6, 23.0), ("日", 39.8, 23.0), ("住 址", 6.2, 29.4), ("公民身份号码", 6.2, 48.0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Style:
    """What differs from card to card of one layout."""

    face: str
    number_face: str
    text_ink: Colour
    label_ink: Colour
    weight_mm: float
    number_weight_mm: float
    size: float
    shift_mm: Place


@dataclass(frozen=True, slots=True)
class ResidentCard:
    """One issued card."""

    holder: Resident
    style: Style
    split: Split
    seed: int

    def draw(self, side: str) -> DrawnSide:
        """The front (holder) or the back (office, validity)."""
        rng = np.random.default_rng((self.seed, side == BACK))
        if side == BACK:
            return DrawnSide(self._back(rng), back_truth(self.holder))
        return DrawnSide(self._front(rng), front_truth(self.holder))

    def _front(self, rng: np.random.Generator) -> FlatDocument:
        sheet = Sheet(ground(FRONT_KIND, self.split, rng), PX_PER_MM)
        _paste_portrait(sheet, rng, self.split)
        for text, x_mm, y_mm in _LABELS:
            self._label(sheet, text, (x_mm, y_mm))
        person, born = self.holder, self.holder.born
        self._value(sheet, person.name, (14.8, 10.8), "full_name", self._name_em(person.name))
        self._value(sheet, "男" if person.sex == "M" else "女", (14.8, 17.1), "sex")
        self._value(sheet, person.ethnicity, (32.6, 17.1), "ethnicity")
        self._value(sheet, str(born.year), (14.8, 23.2), "date_of_birth")
        self._value(sheet, str(born.month), (27.4 if born.month < 10 else 26.9, 23.2), "date_of_birth")
        self._value(sheet, str(born.day), (35.6 if born.day < 10 else 35.1, 23.2), "date_of_birth")
        for i, row in enumerate(address_rows(person.address)):
            self._value(sheet, row, (14.8, 29.6 + 4.5 * i), "address", 3.1)
        sheet.cells(person.number, self._moved((27.6, 48.2)), em_mm=_NUMBER_EM_MM.get(self.style.number_face, 3.75) * self.style.size, pitch_mm=_NUMBER_PITCH_MM,
                    face=self.style.number_face, colour=self.style.text_ink, weight_mm=self.style.number_weight_mm,
                    field="id_number")  # fmt: skip
        sheet.specimen((44.5, 4.6), 2.4)
        sheet.specimen((66.8, 41.8), 2.7)
        return sheet.finished()

    def _back(self, rng: np.random.Generator) -> FlatDocument:
        sheet = Sheet(ground(BACK_KIND, self.split, rng), PX_PER_MM)
        roundel(sheet, (14.8, 14.6), 8.6)
        style, person = self.style, self.holder
        sheet.text("中华人民共和国", self._moved((30.0, 13.2)), em_mm=5.0, face=style.face, colour=style.text_ink,
                   weight_mm=0.05, tracking_mm=1.1)  # fmt: skip
        sheet.text("居民身份证", self._moved((30.0, 23.4)), em_mm=7.4, face=style.face, colour=style.text_ink,
                   weight_mm=0.08, tracking_mm=1.35)  # fmt: skip
        for text, y_mm in (("签发机关", 41.2), ("有效期限", 47.6)):
            sheet.text(
                text,
                self._moved((20.5, y_mm)),
                em_mm=2.9,
                face=style.face,
                colour=style.text_ink,
                weight_mm=style.weight_mm,
            )
        self._value(sheet, person.authority, (35.2, 41.2), "authority", 3.1)
        x_mm = self._value(sheet, f"{person.valid_from:%Y.%m.%d}", (35.2, 47.6), "valid_from", 3.1)
        x_mm = sheet.text("-", (x_mm, 47.6 + style.shift_mm[1]), em_mm=3.1, face=style.face, colour=style.text_ink)
        until = "长期" if person.valid_until is None else f"{person.valid_until:%Y.%m.%d}"
        self._value(sheet, until, (x_mm - style.shift_mm[0], 47.6), "valid_until", 3.1)
        sheet.specimen((46.0, 31.2), 4.2, 6.0)
        return sheet.finished()

    def _label(self, sheet: Sheet, text: str, at_mm: Place) -> None:
        style = self.style
        sheet.text(text, self._moved(at_mm), em_mm=2.75, face=style.face, colour=style.label_ink, weight_mm=0.02)

    def _value(self, sheet: Sheet, text: str, at_mm: Place, field: str, em_mm: float = 3.25) -> float:
        style = self.style
        return sheet.text(text, self._moved(at_mm), em_mm=em_mm * style.size, face=style.face, colour=style.text_ink,
                          weight_mm=style.weight_mm, tracking_mm=0.10, field=field)  # fmt: skip

    def _moved(self, at_mm: Place) -> Place:
        return at_mm[0] + self.style.shift_mm[0], at_mm[1] + self.style.shift_mm[1]

    @staticmethod
    def _name_em(name: str) -> float:
        """Long names are set smaller, so that they end before the portrait."""
        return min(3.7, 38.0 / len(name) - 0.15)


class CnResidentCard:
    """The family."""

    name = "cn_resident_identity_card"
    sides = (FRONT, BACK)
    own_attacks: tuple[str, ...] = ()

    def issue(self, rng: np.random.Generator, split: Split, attack: str = NO_ATTACK) -> ResidentCard:
        """A card of an invented resident."""
        del attack
        return ResidentCard(resident(rng), style_of(rng, split), split, int(rng.integers(2**31)))


def style_of(rng: np.random.Generator, split: Split) -> Style:
    """The split's faces, with inks, weights and places of one printing."""
    dark = int(rng.integers(15, 50))
    label = (int(rng.integers(45, 90)), int(rng.integers(100, 135)), int(rng.integers(140, 180)))
    return Style(
        face=str(rng.choice(CHINESE[split])), number_face=str(rng.choice(FIXED_PITCH[split])),
        text_ink=(dark, dark, dark + 4), label_ink=label, weight_mm=float(rng.uniform(0.0, 0.05)),
        number_weight_mm=float(rng.uniform(0.0, 0.06)), size=float(rng.uniform(0.96, 1.03)),
        shift_mm=(float(rng.uniform(-0.3, 0.3)), float(rng.uniform(-0.3, 0.3))),
    )  # fmt: skip


def front_truth(person: Resident) -> dict[str, str]:
    """The manifest's columns of a front."""
    return {
        "full_name": person.name, "sex": person.sex, "ethnicity": person.ethnicity,
        "date_of_birth": person.born.isoformat(), "address": person.address, "id_number": person.number,
    }  # fmt: skip


def back_truth(person: Resident) -> dict[str, str]:
    """The manifest's columns of a back."""
    until = OPEN if person.valid_until is None else person.valid_until.isoformat()
    return {"authority": person.authority, "valid_from": person.valid_from.isoformat(), "valid_until": until}


def address_rows(address: str) -> list[str]:
    """The address broken where the line is full, never inside a number.

    >>> address_rows("浙江省杭州市西湖区样例路12号3幢401室")
    ['浙江省杭州市西湖区样例', '路12号3幢401室']
    """
    rows, width = [""], 0.0
    for part in re.findall(r"[0-9A-Z]+|.", address):
        wide = len(part) * (DIGIT_CHARACTERS if part.isascii() else 1.0)
        if width + wide > ADDRESS_LINE_CHARACTERS:
            rows.append("")
            width = 0.0
        rows[-1] += part
        width += wide
    return rows


def roundel(sheet: Sheet, centre_mm: Place, radius_mm: float) -> None:
    """Rings and a hexagon in red: a placeholder that cannot be taken for a state's emblem."""
    sheet.ring(centre_mm, radius_mm, 0.7, (186, 46, 44))
    sheet.ring(centre_mm, radius_mm * 0.84, 0.25, (186, 46, 44))
    sheet.hexagon(centre_mm, radius_mm * 0.62, 0.5, (186, 46, 44))
    sheet.ring(centre_mm, radius_mm * 0.22, radius_mm * 0.22, (186, 46, 44))


def _paste_portrait(sheet: Sheet, rng: np.random.Generator, split: Split) -> None:
    size = (round(PORTRAIT_MM[0] * PX_PER_MM), round(PORTRAIT_MM[1] * PX_PER_MM))
    at_mm = (PORTRAIT_AT_MM[0] + float(rng.uniform(-0.3, 0.3)), PORTRAIT_AT_MM[1] + float(rng.uniform(-0.3, 0.3)))
    sheet.picture(melted(portrait(rng, size, split), sheet.under(at_mm, size)), at_mm, PORTRAIT)

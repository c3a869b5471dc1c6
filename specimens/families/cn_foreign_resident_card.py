"""The Chinese foreign permanent resident ID card, version 2023: its front, with the issuer's labels at invented places.

What stands on the card has been published, where it stands has not: a reader that goes by places learns nothing here.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from specimens.attack_protocol import Split
from specimens.drawing.faces import CHINESE, FIXED_PITCH
from specimens.drawing.grounds import SheetKind, ground
from specimens.drawing.portraits import melted, portrait
from specimens.drawing.sheet import Colour, Sheet
from specimens.families.protocol import FRONT, NO_ATTACK, DrawnSide
from specimens.flat import PORTRAIT
from specimens.people.numbers import RESERVED_SEQUENCES, resident_number
from specimens.people.travellers import Traveller, traveller

PX_PER_MM = 18.0
PORTRAIT_AT_MM = (5.0, 14.0)
PORTRAIT_MM = (21.0, 27.0)
_KIND = SheetKind("cn_foreign_front", 85.6, 54.0, PX_PER_MM, ((224, 236, 232), (242, 240, 230), (228, 236, 240)),
                  (150, 180, 172), (0.55, 0.5), 0.85)  # fmt: skip
_LABEL_INK: Colour = (70, 100, 130)
_TEXT_INK: Colour = (28, 28, 32)
_PROVINCES = ("11", "31", "32", "33", "44", "51")
_NATIONALITIES = (("加拿大", "CAN", "124"), ("法国", "FRA", "250"), ("新西兰", "NZL", "554"), ("日本", "JPN", "392"))


@dataclass(frozen=True, slots=True)
class ForeignResidentCard:
    """One issued card."""

    holder: Traveller
    nationality: tuple[str, str, str]
    province: str
    issued: date
    split: Split
    seed: int

    @property
    def number(self) -> str:
        """9, province, nationality, birth date, a reserved sequence, check character."""
        sequence = RESERVED_SEQUENCES["F" if self.holder.sex == "F" else "M"][0]
        return resident_number(f"9{self.province}{self.nationality[2]}", self.holder.born, sequence)

    @property
    def expires(self) -> date:
        """The day before the tenth anniversary."""
        return self.issued.replace(year=self.issued.year + 10, day=min(self.issued.day, 28)) - timedelta(days=1)

    def draw(self, side: str) -> DrawnSide:
        """The front; the other side carries nothing that is read."""
        del side
        rng = np.random.default_rng(self.seed)
        faces = CHINESE[self.split]
        face = faces[int(rng.integers(len(faces)))]
        sheet = Sheet(ground(_KIND, self.split, rng), PX_PER_MM)
        size = (round(PORTRAIT_MM[0] * PX_PER_MM), round(PORTRAIT_MM[1] * PX_PER_MM))
        picture = portrait(rng, size, self.split)
        sheet.picture(melted(picture, sheet.under(PORTRAIT_AT_MM, size)), PORTRAIT_AT_MM, PORTRAIT)
        heads = (("中华人民共和国外国人永久居留身份证", 2.9, 6.0), ("FOREIGN PERMANENT RESIDENT ID CARD", 2.2, 10.0))
        for text, em_mm, y_mm in heads:
            sheet.text(text, (18.0, y_mm), em_mm=em_mm, face=face, colour=_LABEL_INK)
        for label, value, field, x_mm, y_mm in self._rows():
            sheet.text(label, (x_mm, y_mm), em_mm=1.9, face=face, colour=_LABEL_INK)
            sheet.text(value, (x_mm, y_mm + 3.4), em_mm=2.8, face=face, colour=_TEXT_INK, weight_mm=0.03, field=field)
        sheet.text("证件号码/ID No.", (5.0, 49.4), em_mm=2.0, face=face, colour=_LABEL_INK)
        number_face = FIXED_PITCH[self.split][0]
        sheet.cells(self.number, (27.6, 49.6), em_mm=3.25, pitch_mm=2.46, face=number_face, colour=_TEXT_INK,
                    weight_mm=0.03, field="id_number")  # fmt: skip
        sheet.specimen((70.0, 43.6), 2.2)
        return DrawnSide(sheet.finished(), self.truth())

    def truth(self) -> dict[str, str]:
        """What is printed."""
        return {
            "full_name": self._name(),
            "sex": self._sex(),
            "date_of_birth": self.holder.born.isoformat(),
            "id_number": self.number,
            "valid_from": self.issued.isoformat(),
            "valid_until": self.expires.isoformat(),
            "nationality": self.nationality[1],
            "issuing_country": "CHN",
        }

    def _rows(self) -> tuple[tuple[str, str, str, float, float], ...]:
        sex = "女/F" if self._sex() == "F" else "男/M"
        period = f"{self.issued:%Y.%m.%d}-{self.expires:%Y.%m.%d}"
        return (
            ("姓名/Name", self._name(), "full_name", 29.0, 16.0),
            ("性别/Sex", sex, "sex", 29.0, 24.0),
            ("出生日期/Date of Birth", f"{self.holder.born:%Y.%m.%d}", "date_of_birth", 50.0, 24.0),
            ("国籍/Nationality", f"{self.nationality[0]}/{self.nationality[1]}", "nationality", 29.0, 32.0),
            ("有效期限/Period of Validity", period, "valid_until", 29.0, 40.0),
        )

    def _name(self) -> str:
        return f"{self.holder.surname}, {self.holder.given or 'ANNA'}"[:30]

    def _sex(self) -> str:
        return "F" if self.holder.sex == "F" else "M"


class CnForeignResidentCard:
    """The family."""

    name = "cn_foreign_permanent_resident_card"
    sides = (FRONT,)
    own_attacks: tuple[str, ...] = ()

    def issue(self, rng: np.random.Generator, split: Split, attack: str = NO_ATTACK) -> ForeignResidentCard:
        """A card of an invented resident."""
        del attack
        nationality = _NATIONALITIES[int(rng.integers(len(_NATIONALITIES)))]
        province = _PROVINCES[int(rng.integers(len(_PROVINCES)))]
        issued = date(2023, 12, 1) + timedelta(days=int(rng.integers(700)))
        return ForeignResidentCard(traveller(rng), nationality, province, issued, split, int(rng.integers(2**32)))

"""How invented states lay out travel documents: sizes by ICAO 9303, portraits, headings and fields in several designs."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from specimens.attack_protocol import Split
from specimens.drawing.faces import FIXED_PITCH, LATIN
from specimens.drawing.grounds import SheetKind, ground
from specimens.drawing.portraits import portrait
from specimens.drawing.sheet import Colour, Sheet
from specimens.flat import PORTRAIT, Box, FlatDocument
from specimens.people.travellers import Traveller

MRZ_PITCH_MM = 2.54
MRZ_LINE_MM = 6.35
MRZ_LAST_BASELINE_MM = 8.25
"""Of the last line, from the lower edge; the lines stand in the lowest 23.2 mm (ICAO 9303-3, figure 3)."""
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_TINTS = (
    ((222, 232, 238), (238, 234, 228), (224, 234, 230)),
    ((240, 226, 228), (236, 236, 226), (226, 230, 240)),
    ((226, 238, 226), (240, 240, 224), (228, 236, 238)),
    ((232, 228, 240), (236, 238, 242), (240, 232, 226)),
)
_INKS: tuple[Colour, ...] = ((132, 162, 176), (186, 140, 146), (136, 170, 136), (150, 140, 184))
_CAPTIONS: dict[str, tuple[str, ...]] = {
    "surname": ("Surname", "Surname / Nom", "1. Surname"),
    "given": ("Given names", "Given names / Prénoms", "2. Given names"),
    "number": ("Document No.", "No. / N°", "Number"),
    "nationality": ("Nationality", "Nationality / Nationalité", "3. Nationality"),
    "born": ("Date of birth", "Date of birth / Date de naissance", "4. Born"),
    "sex": ("Sex", "Sex / Sexe", "5. Sex"),
    "born_at": ("Place of birth", "Place of birth / Lieu", "6. Place of birth"),
    "issued": ("Date of issue", "Date of issue / Délivrance", "7. Issued"),
    "expires": ("Date of expiry", "Date of expiry / Expiration", "8. Expires"),
    "personal": ("Personal No.", "Personal No. / N° personnel", "9. Personal No."),
}


@dataclass(frozen=True, slots=True)
class Format:
    """A document format: size, scale, title, lines of its machine readable zone and their length, portrait size in mm."""

    name: str
    width_mm: float
    height_mm: float
    px_per_mm: float
    title: str
    portrait_mm: tuple[float, float]
    corner_mm: float = 3.18


@dataclass(frozen=True, slots=True)
class Design:
    """A state's choices."""

    tint: int
    captions: int
    faces: tuple[str, str]
    mrz_face: str
    mrz_em_mm: float
    mrz_weight_mm: float
    portrait_right: bool
    band: Colour | None
    date_style: int
    shift_mm: float


def design(rng: np.random.Generator, split: Split) -> Design:
    """One of the designs of a split: other faces in each, portrait on the right for half of the test documents only."""
    faces = LATIN[split]
    red, green, blue = (int(v) for v in rng.integers(40, 130, 3))
    band = (red, green, blue) if rng.random() < 0.4 else None
    return Design(
        tint=int(rng.integers(len(_TINTS))), captions=int(rng.integers(3)), faces=faces[int(rng.integers(len(faces)))],
        mrz_face=str(rng.choice(FIXED_PITCH[split])), mrz_em_mm=float(rng.uniform(3.35, 3.6)),
        mrz_weight_mm=float(rng.uniform(0.0, 0.05)), portrait_right=split is Split.TEST and rng.random() < 0.5,
        band=band, date_style=int(rng.integers(3)), shift_mm=float(rng.uniform(-0.8, 0.8)),
    )  # fmt: skip


def data_page(
    form: Format, holder: Traveller, look: Design, lines: tuple[str, ...], split: Split, rng: np.random.Generator
) -> FlatDocument:
    """The side with portrait and fields, and the zone where it stands on this side (else no lines)."""
    sheet = _sheet(form, look, split, rng, "data")
    floor_mm = form.height_mm - (23.2 if lines else 3.0)
    size = (round(form.portrait_mm[0] * form.px_per_mm), round(form.portrait_mm[1] * form.px_per_mm))
    left_mm = form.width_mm - 5.0 - form.portrait_mm[0] if look.portrait_right else 5.0
    top_mm = 12.0 if floor_mm > 45 else 9.5
    sheet.picture(portrait(rng, size, split), (left_mm, top_mm), PORTRAIT)
    _heading(sheet, form, holder, look)
    x_mm = 5.0 if look.portrait_right else 5.0 + form.portrait_mm[0] + 3.0
    end_mm = left_mm - 3.0 if look.portrait_right else form.width_mm - 3.0
    _fields(sheet, holder, look, Box(x_mm, top_mm + 1.0, end_mm, floor_mm))
    _zone(sheet, form, look, lines)
    if lines:
        sheet.specimen(
            (left_mm + form.portrait_mm[0] / 2, min(top_mm + form.portrait_mm[1] + 2.2, floor_mm + 1.0)), 2.2
        )
    else:
        sheet.specimen((left_mm + form.portrait_mm[0] / 2, top_mm + form.portrait_mm[1] + 3.0), 2.4)
    return sheet.finished(form.corner_mm)


def zone_back(
    form: Format, look: Design, lines: tuple[str, ...], split: Split, rng: np.random.Generator
) -> FlatDocument:
    """The back of a card: remarks and the zone."""
    sheet = _sheet(form, look, split, rng, "zone")
    regular, bold = look.faces
    sheet.text("Authority", (6, 7), em_mm=1.8, face=regular, colour=(70, 90, 120))
    sheet.text("SPECIMEN OFFICE", (6, 10.5), em_mm=2.6, face=bold, colour=(24, 24, 28))
    sheet.text("If found, return to any specimen office.", (6, 16), em_mm=1.9, face=regular, colour=(60, 60, 66))
    sheet.ring((form.width_mm - 12, 12), 6.5, 0.5, _INKS[look.tint])
    sheet.specimen((form.width_mm / 2, 24.5), 4.0, 4.0)
    _zone(sheet, form, look, lines)
    return sheet.finished(form.corner_mm)


def printed(day: date, style: int) -> str:
    """A date as states print it.

    >>> [printed(date(2021, 5, 7), style) for style in range(3)]
    ['07 MAY 2021', '07.05.2021', '07 MAY/MAY 21']
    """
    month = _MONTHS[day.month - 1]
    return (f"{day.day:02d} {month} {day.year}", f"{day:%d.%m.%Y}", f"{day.day:02d} {month}/{month} {day:%y}")[style]


def _sheet(form: Format, look: Design, split: Split, rng: np.random.Generator, side: str) -> Sheet:
    kind = SheetKind(f"{form.name}-{side}-{look.tint}", form.width_mm, form.height_mm, form.px_per_mm, _TINTS[look.tint],
                     _INKS[look.tint], (0.65, 0.4), 0.6)  # fmt: skip
    return Sheet(ground(kind, split, rng), form.px_per_mm)


def _heading(sheet: Sheet, form: Format, holder: Traveller, look: Design) -> None:
    _, bold = look.faces
    colour: Colour = (58, 88, 120)
    if look.band is not None:
        sheet.band((0, 0, form.width_mm, 7.6), look.band)
        colour = (246, 246, 240)
    em_mm = 3.4 if form.width_mm < 100 else 4.2
    x_mm = sheet.text(holder.state.name, (5.0, 5.8), em_mm=em_mm, face=bold, colour=colour)
    sheet.text(form.title, (max(x_mm + 4.0, form.width_mm * 0.52), 5.8), em_mm=em_mm * 0.9, face=bold, colour=colour)


def _fields(sheet: Sheet, holder: Traveller, look: Design, area: Box) -> None:
    """Captions with values below them, the wide ones in lines of their own, the narrow ones in two columns."""
    rows = _rows(holder, look)
    step = min((area.bottom - area.top - 1.0) / len(rows), 7.4)
    for i, row in enumerate(rows):
        y_mm = area.top + (i + 0.28) * step
        for j, (key, value, field) in enumerate(row):
            x_mm = area.left + j * (area.right - area.left) / 2
            room = (area.right - area.left) / len(row) - 1.0
            em_mm = min(step * 0.46, 3.1, room / max(len(value), 1) / 0.66)
            caption = _CAPTIONS[key][look.captions]
            small_mm = min(step * 0.27, 1.7, room / len(caption) / 0.56)
            sheet.text(caption, (x_mm, y_mm), em_mm=small_mm, face=look.faces[0], colour=(58, 88, 120))
            sheet.text(value, (x_mm, y_mm + step * 0.47), em_mm=em_mm, face=look.faces[0], colour=(24, 24, 28),
                       weight_mm=0.02, field=field)  # fmt: skip


def _rows(holder: Traveller, look: Design) -> list[list[tuple[str, str, str | None]]]:
    issued, expires, born = (printed(day, look.date_style) for day in (holder.issued, holder.expires, holder.born))
    last: list[tuple[str, str, str | None]] = [("born_at", holder.born_at, None)]
    if holder.personal_number:
        last.append(("personal", holder.personal_number, None))
    return [
        [("surname", holder.surname, "full_name")],
        [("given", holder.given, "full_name")],
        [("number", holder.number, "document_number"), ("nationality", holder.nationality.name, "nationality")],
        [("born", born, "date_of_birth"), ("sex", holder.sex, "sex")],
        [("issued", issued, "valid_from"), ("expires", expires, "valid_until")],
        last,
    ]


def _zone(sheet: Sheet, form: Format, look: Design, lines: tuple[str, ...]) -> None:
    for i, line in enumerate(lines):
        left = (form.width_mm - len(line) * MRZ_PITCH_MM) / 2 + look.shift_mm
        y_mm = form.height_mm - MRZ_LAST_BASELINE_MM - (len(lines) - 1 - i) * MRZ_LINE_MM
        sheet.cells(line, (left, y_mm), em_mm=look.mrz_em_mm, pitch_mm=MRZ_PITCH_MM, face=look.mrz_face,
                    colour=(24, 24, 28), weight_mm=look.mrz_weight_mm, field="mrz")  # fmt: skip

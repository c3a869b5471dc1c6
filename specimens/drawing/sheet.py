"""A sheet to draw on: sizes and places in millimetres, and a record of where each field was set."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from specimens.drawing.faces import face_with, font
from specimens.flat import Box, Cover, FlatDocument, Picture

Colour = tuple[int, int, int]
Place = tuple[float, float]
"""x and y in millimetres from the left top corner."""

SPECIMEN_TEXT = "样本 SPECIMEN"
SPECIMEN_ALPHA = 105
CORNER_RADIUS_MM = 3.18


class Sheet:
    """A flat document being drawn. `boxes` grows as named fields are set."""

    def __init__(self, ground: Picture, px_per_mm: float) -> None:
        self.image = Image.fromarray(ground, "RGB")
        self.px_per_mm = px_per_mm
        self.boxes: dict[str, Box] = {}
        self._draw = ImageDraw.Draw(self.image)

    def text(
        self,
        text: str,
        at_mm: Place,
        *,
        em_mm: float,
        face: str,
        colour: Colour,
        weight_mm: float = 0.0,
        tracking_mm: float = 0.0,
        field: str | None = None,
    ) -> float:
        """One line, its baseline starting at `at_mm`; the x in millimetres where it ends."""
        x_px, y_px = at_mm[0] * self.px_per_mm, at_mm[1] * self.px_per_mm
        stroke = round(weight_mm * self.px_per_mm, 1)
        for run, run_face in self._runs(text, face, single=tracking_mm != 0):
            type_face = font(run_face, max(1, round(em_mm * self.px_per_mm)))
            self._set(run, (x_px, y_px), type_face, "ls", colour, stroke, field)
            x_px += type_face.getlength(run) + tracking_mm * self.px_per_mm
        return x_px / self.px_per_mm

    def cells(
        self,
        text: str,
        at_mm: Place,
        *,
        em_mm: float,
        pitch_mm: float,
        face: str,
        colour: Colour,
        weight_mm: float = 0.0,
        field: str | None = None,
    ) -> None:
        """One line in equal cells, as OCR-B is set; a face whose zero is crossed gets an open one."""
        stroke = round(weight_mm * self.px_per_mm, 1)
        for i, character in enumerate(text):
            own = "sans" if character == "0" and face == "mono" else face
            type_face = font(own, max(1, round(em_mm * self.px_per_mm)))
            place = ((at_mm[0] + (i + 0.5) * pitch_mm) * self.px_per_mm, at_mm[1] * self.px_per_mm)
            self._set(character, place, type_face, "ms", colour, stroke, field)

    def picture(self, picture: Picture, at_mm: Place, field: str | None = None) -> None:
        """RGB pixels with their left top corner at a place."""
        left, top = round(at_mm[0] * self.px_per_mm), round(at_mm[1] * self.px_per_mm)
        self.image.paste(Image.fromarray(picture, "RGB"), (left, top))
        if field is not None:
            self.grow(field, Box(left, top, left + picture.shape[1], top + picture.shape[0]))

    def specimen(
        self,
        centre_mm: Place,
        em_mm: float,
        tilt_deg: float = 0.0,
        colour: Colour = (176, 52, 60),
        text: str = SPECIMEN_TEXT,
    ) -> None:
        """The half-transparent mark, centred on a place that holds no field."""
        type_face = font("hei", round(em_mm * self.px_per_mm))
        width = round(type_face.getlength(text)) + 4
        side = round(width + 2 * em_mm * self.px_per_mm)
        layer = Image.new("RGBA", (side, side), (*colour, 0))
        ImageDraw.Draw(layer).text(
            (side / 2, side / 2), text, (*colour, SPECIMEN_ALPHA), type_face, "mm", stroke_width=1
        )
        turned = layer.rotate(tilt_deg, Image.Resampling.BICUBIC)
        place = (round(centre_mm[0] * self.px_per_mm - side / 2), round(centre_mm[1] * self.px_per_mm - side / 2))
        self.image.paste(turned, place, turned)

    def under(self, at_mm: Place, size_px: tuple[int, int]) -> Picture:
        """What is drawn already in a rectangle with its left top corner at a place."""
        left, top = round(at_mm[0] * self.px_per_mm), round(at_mm[1] * self.px_per_mm)
        return np.asarray(self.image.crop((left, top, left + size_px[0], top + size_px[1])), np.uint8)

    def ring(self, centre_mm: Place, radius_mm: float, thick_mm: float, colour: Colour) -> None:
        """A circle's line; as thick as the radius: a disc."""
        x, y, radius = (value * self.px_per_mm for value in (*centre_mm, radius_mm))
        thick = max(1, round(thick_mm * self.px_per_mm))
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=colour, width=thick)

    def hexagon(self, centre_mm: Place, radius_mm: float, thick_mm: float, colour: Colour) -> None:
        """A regular hexagon's line."""
        x, y, radius = (value * self.px_per_mm for value in (*centre_mm, radius_mm))
        self._draw.regular_polygon(
            (x, y, radius), 6, rotation=15, outline=colour, width=round(thick_mm * self.px_per_mm)
        )

    def band(self, box_mm: tuple[float, float, float, float], colour: Colour) -> None:
        """A filled rectangle: left, top, right, bottom in millimetres."""
        self._draw.rectangle(tuple(value * self.px_per_mm for value in box_mm), fill=colour)

    def grow(self, field: str, box: Box) -> None:
        """Make the field's box hold this box too."""
        was = self.boxes.get(field, box)
        self.boxes[field] = Box(
            min(was.left, box.left), min(was.top, box.top), max(was.right, box.right), max(was.bottom, box.bottom)
        )

    def finished(self, corner_radius_mm: float = CORNER_RADIUS_MM) -> FlatDocument:
        """The sheet cut out with rounded corners."""
        pixels = np.asarray(self.image, np.uint8)
        return FlatDocument(
            pixels, rounded(self.image.size, corner_radius_mm * self.px_per_mm), self.px_per_mm, self.boxes
        )

    def _set(
        self,
        text: str,
        place: Place,
        type_face: ImageFont.FreeTypeFont,
        anchor: str,
        colour: Colour,
        stroke: float,
        field: str | None,
    ) -> None:
        self._draw.text(place, text, fill=colour, font=type_face, anchor=anchor, stroke_width=stroke)
        if field is not None and text.strip():
            self.grow(field, Box(*self._draw.textbbox(place, text, font=type_face, anchor=anchor, stroke_width=stroke)))

    @staticmethod
    def _runs(text: str, face: str, *, single: bool) -> list[tuple[str, str]]:
        runs: list[tuple[str, str]] = []
        for character in text:
            own = face_with(character, face)
            if runs and not single and runs[-1][1] == own:
                runs[-1] = (runs[-1][0] + character, own)
            else:
                runs.append((character, own))
        return runs


def rounded(size: tuple[int, int], radius_px: float) -> Cover:
    """Share of each pixel inside a sheet with rounded corners."""
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius=radius_px, fill=255)
    return (np.asarray(mask, np.float32) / np.float32(255)).astype(np.float32)

"""A contact sheet: every picture, upright and made small, in rows on one page."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from specimens.drawing.faces import font

CELL = (420, 340)
LARGEST = 60


def contact_sheet(paths: list[Path], target: Path, columns: int = 5) -> None:
    """Write a PNG with the first sixty pictures and their names."""
    shown = paths[:LARGEST]
    rows = -(-len(shown) // columns)
    page = Image.new("RGB", (columns * CELL[0], rows * CELL[1]), (250, 250, 250))
    pen = ImageDraw.Draw(page)
    for i, path in enumerate(shown):
        left, top = (i % columns) * CELL[0], (i // columns) * CELL[1]
        with Image.open(path) as stored:
            small = ImageOps.exif_transpose(stored)
            small.thumbnail((CELL[0] - 8, CELL[1] - 26), Image.Resampling.BOX)
            page.paste(small.convert("RGB"), (left + 4, top + 20))
        pen.text((left + 4, top + 3), path.name[-62:], (20, 20, 20), font("sans", 12))
    page.save(target)

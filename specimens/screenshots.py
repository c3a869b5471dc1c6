"""A screenshot of a picture viewer that shows a document: no camera, no noise, bars of an app around it."""

import cv2
import numpy as np
from PIL import Image, ImageDraw

from specimens.drawing.faces import font
from specimens.flat import FlatDocument, Picture

SIZES = ((1080, 2340), (1170, 2532), (1440, 3200), (1920, 1080))


def screenshot(document: FlatDocument, rng: np.random.Generator) -> Picture:
    """RGB bytes of a screen's size, the document fitted into its width."""
    width, height = SIZES[int(rng.integers(len(SIZES)))]
    dark = rng.random() < 0.6
    ground, ink = ((12, 12, 14), (235, 235, 238)) if dark else ((246, 246, 248), (30, 30, 34))
    image = Image.new("RGB", (width, height), ground)
    pen = ImageDraw.Draw(image)
    bar = max(60, height // 26)
    pen.text((bar, bar // 4), f"{rng.integers(0, 24):02d}:{rng.integers(0, 60):02d}", ink, font("sans_bold", bar // 2))
    pen.text((width - 3.2 * bar, bar // 4), f"4G {rng.integers(9, 100)}%", ink, font("sans", bar // 2))
    pen.text((bar, height - 1.2 * bar), "相册     分享     编辑     删除", ink, font("hei", bar // 2))
    scale = min(width * float(rng.uniform(0.86, 1.0)) / document.size[0], (height - 4 * bar) / document.size[1])
    size = (round(document.size[0] * scale), round(document.size[1] * scale))
    shown = cv2.resize(document.pixels, size, interpolation=cv2.INTER_AREA)
    share = cv2.resize(document.cover, size, interpolation=cv2.INTER_AREA)[..., None]
    sheet = np.array(image, np.uint8)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    part = sheet[top : top + size[1], left : left + size[0]]
    sheet[top : top + size[1], left : left + size[0]] = (part * (1 - share) + shown * share).astype(np.uint8)
    return sheet

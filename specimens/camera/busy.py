"""Surfaces that mislead a finder of edges or of text: marble, carpet, newspaper, keyboard, tiles, printed cloth, a page.

All are RGB, float32, 0 to 255, shape (height, width, 3).
"""

import cv2
import numpy as np
from PIL import Image, ImageDraw

from fixtures.patterns import FloatImage, Size, fractal_noise
from specimens.drawing.faces import font
from specimens.people.chinese import GIVEN

_WORDS = (
    "lorem",
    "ipsum",
    "dolor",
    "amet",
    "sample",
    "report",
    "street",
    "garden",
    "number",
    "river",
    "window",
    "paper",
)


def marble(rng: np.random.Generator, size: Size) -> FloatImage:
    """Veins on light stone."""
    bend = fractal_noise(rng, size, cell_px=260, octaves=4)
    veins = np.exp(-np.abs(bend) * 9) + 0.5 * np.exp(-np.abs(fractal_noise(rng, size, cell_px=120, octaves=3)) * 14)
    return _mixed((228, 226, 222), (120, 118, 122), np.clip(veins, 0, 1))


def carpet(rng: np.random.Generator, size: Size) -> FloatImage:
    """Rows of diamonds and stripes, rough like wool."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    step = float(rng.uniform(70, 130))
    diamonds = ((np.abs(x % step - step / 2) + np.abs(y % step - step / 2)) < step * 0.38).astype(np.float32)
    inner = ((np.abs(x % step - step / 2) + np.abs(y % step - step / 2)) < step * 0.18).astype(np.float32)
    wool = 12 * fractal_noise(rng, size, cell_px=3, octaves=1)
    base = _mixed((132, 40, 44), (206, 178, 128), diamonds * (1 - inner)) + wool[..., None]
    return base.astype(np.float32)


def patterned_cloth(rng: np.random.Generator, size: Size) -> FloatImage:
    """Checks with dots."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    step = float(rng.uniform(44, 80))
    checks = 0.5 * ((x // step) % 2) + 0.5 * ((y // step) % 2)
    dots = (np.hypot(x % step - step / 2, y % step - step / 2) < step * 0.16).astype(np.float32)
    base = _mixed((236, 232, 222), (62, 96, 140), checks) * (1 - dots[..., None]) + np.float32(180) * dots[..., None]
    return np.asarray(base + 5 * fractal_noise(rng, size, cell_px=4, octaves=1)[..., None], np.float32)


def tiles(rng: np.random.Generator, size: Size) -> FloatImage:
    """Rectangular tiles with joints, some the size of a card."""
    image = Image.new("RGB", size, (96, 94, 92))
    pen = ImageDraw.Draw(image)
    wide, high = int(rng.integers(180, 300)), int(rng.integers(110, 180))
    for row, top in enumerate(range(0, size[1], high)):
        for left in range(-(row % 2) * wide // 2, size[0], wide):
            tone = int(rng.integers(170, 220))
            pen.rectangle((left + 4, top + 4, left + wide - 4, top + high - 4), fill=(tone, tone - 6, tone - 14))
    return np.asarray(np.asarray(image, np.float32) + 4 * fractal_noise(rng, size, cell_px=30)[..., None], np.float32)


def keyboard(rng: np.random.Generator, size: Size) -> FloatImage:
    """Dark keys with letters."""
    image = Image.new("RGB", size, (34, 35, 38))
    pen = ImageDraw.Draw(image)
    key = 78
    for row, top in enumerate(range(0, size[1], key)):
        for left in range((row * 23) % key - key, size[0], key):
            pen.rounded_rectangle((left + 4, top + 4, left + key - 5, top + key - 5), 8, fill=(56, 57, 62))
            pen.text((left + 16, top + 10), chr(int(rng.integers(65, 91))), (214, 214, 218), font("sans", 26))
    return np.asarray(image, np.float32)


def news_print(rng: np.random.Generator, size: Size) -> FloatImage:
    """Columns of Chinese text with headlines and grey pictures."""
    image = Image.new("RGB", size, (222, 218, 206))
    pen = ImageDraw.Draw(image)
    for left in range(16, size[0], 236):
        top = 12
        while top < size[1]:
            if rng.random() < 0.12:
                pen.text((left, top), _characters(rng, 6), (30, 30, 30), font("hei", 36))
                top += 54
            elif rng.random() < 0.04:
                tone = int(rng.integers(90, 170))
                pen.rectangle((left, top, left + 215, top + 140), fill=(tone, tone, tone))
                top += 156
            else:
                pen.text((left, top), _characters(rng, 12), (48, 48, 48), font("song", 18))
                top += 25
    return _shaded(image, rng, size)


def book_page(rng: np.random.Generator, size: Size) -> FloatImage:
    """Lines of Latin text and figures, as a form or a bill has."""
    image = Image.new("RGB", size, (240, 238, 232))
    pen = ImageDraw.Draw(image)
    for top in range(24, size[1], 34):
        if rng.random() < 0.12:
            pen.line((40, top + 10, size[0] - 40, top + 10), fill=(90, 90, 96), width=2)
            continue
        words = " ".join(
            str(rng.choice(_WORDS)) if rng.random() < 0.8 else str(rng.integers(10, 99999)) for _ in range(17)
        )
        pen.text((40, top), words, (44, 44, 52), font("serif", 20))
    return _shaded(image, rng, size)


def _characters(rng: np.random.Generator, count: int) -> str:
    return "".join(GIVEN[int(i)] for i in rng.integers(len(GIVEN), size=count))


def _shaded(image: Image.Image, rng: np.random.Generator, size: Size) -> FloatImage:
    soft = cv2.GaussianBlur(np.asarray(image, np.float32), (0, 0), 0.6)
    return (soft + 5 * fractal_noise(rng, size, cell_px=300, octaves=2)[..., None]).astype(np.float32)


def _mixed(low: tuple[int, int, int], high: tuple[int, int, int], share: FloatImage) -> FloatImage:
    weight = share[..., None].astype(np.float32)
    return (np.array(low, np.float32) * (1 - weight) + np.array(high, np.float32) * weight).astype(np.float32)

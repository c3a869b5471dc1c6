"""Light, lens and sensor on a scene of RGB bytes: uneven light, gain, glare, blur, noise, JPEG with its EXIF."""

from functools import lru_cache
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from specimens.flat import Picture

GAMMA = 2.2
_TILE = 1024
_STRIP_ROWS = 64
"""Rows lit at a time: three float planes of a whole frame would not stay in the processor's cache."""
_EXIF_ORIENTATION = 0x0112
_STORED = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.transpose(1, 0, 2),
    6: lambda p: np.rot90(p, 1),
    7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
    8: lambda p: np.rot90(p, -1),
}
"""How the stored pixels lie for each EXIF orientation, so that a viewer who honours it sees the picture upright."""


def lit(picture: Picture, gain: float, uneven: float, rng: np.random.Generator) -> Picture:
    """Gain and uneven light: fall-off to one side and a soft shadow, both up to `uneven` of the light; a vignette."""
    y, x = np.mgrid[-1:1:48j, -1:1:64j].astype(np.float32)
    angle = float(rng.uniform(0, 2 * np.pi))
    slope = 0.5 * uneven * (x * np.cos(angle) + y * np.sin(angle))
    turn, offset, soft = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(-0.7, 0.7)), float(rng.uniform(0.08, 0.6))
    shadow = uneven / (1 + np.exp(-(x * np.cos(turn) + y * np.sin(turn) - offset) / soft))
    vignette = 0.08 * (x * x + y * y) / 2
    light = np.clip(gain * (1 + slope - shadow - vignette), 0.02, 4)
    return _multiplied(picture, np.power(light, 1 / GAMMA).astype(np.float32))


def _multiplied(picture: Picture, factor: NDArray[np.float32]) -> Picture:
    large = cv2.resize(factor, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    out = np.empty_like(picture)
    for top in range(0, len(picture), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        strip = large[rows]
        cv2.multiply(picture[rows], cv2.merge((strip, strip, strip)), dst=out[rows], dtype=cv2.CV_8U)
    return out


def glared(picture: Picture, at: tuple[float, float], radius_px: float, rng: np.random.Generator) -> Picture:
    """A lamp or a window mirrored by the card: a saturated soft blob or band around a place, added in place of light."""
    height, width = picture.shape[:2]
    angle, stretch = float(rng.uniform(0, np.pi)), float(rng.uniform(1.0, 2.8))
    reach = radius_px * 2 * stretch
    x0, y0 = max(0, int(at[0] - reach)), max(0, int(at[1] - reach))
    x1, y1 = min(width, int(at[0] + reach) + 1), min(height, int(at[1] + reach) + 1)
    if x1 <= x0 or y1 <= y0:
        return picture
    y, x = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    along = ((x - at[0]) * np.cos(angle) + (y - at[1]) * np.sin(angle)) / stretch
    across = -(x - at[0]) * np.sin(angle) + (y - at[1]) * np.cos(angle)
    distance = np.sqrt(along**2 + across**2) / radius_px
    light = 520 * np.exp(-((1.25 * distance) ** 2))
    part = picture[y0:y1, x0:x1].astype(np.float32) + light[..., None] * np.array((1.0, 0.99, 0.95), np.float32)
    out = picture.copy()
    out[y0:y1, x0:x1] = np.clip(part, 0, 255).astype(np.uint8)
    return out


def blurred(picture: Picture, sigma_px: float, motion_px: float, rng: np.random.Generator) -> Picture:
    """Defocus (Gaussian) and a shake of the hand along a straight line."""
    angle = float(rng.uniform(0, np.pi))
    if motion_px > 0.4:
        picture = np.asarray(cv2.filter2D(picture, -1, _line_kernel(motion_px, angle)), np.uint8)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma_px), np.uint8) if sigma_px > 0 else picture


def _line_kernel(length_px: float, angle: float) -> NDArray[np.float32]:
    side = 2 * int(np.ceil(length_px / 2)) + 1
    fine = 8
    canvas = np.zeros((side * fine, side * fine), np.uint8)
    middle = side * fine / 2
    step = np.array((np.cos(angle), np.sin(angle))) * length_px * fine / 2
    start, end = (np.round(middle - step).astype(int).tolist(), np.round(middle + step).astype(int).tolist())
    cv2.line(canvas, start, end, 255, fine)
    kernel = cv2.resize(canvas.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(kernel / kernel.sum(), np.float32)


def noisy(picture: Picture, sigma: float, rng: np.random.Generator) -> Picture:
    """Sensor noise of a standard deviation in grey levels: fine in brightness, coarser in colour."""
    height, width = picture.shape[:2]
    top, left = (int(v) for v in rng.integers(_TILE, size=2))
    tile = np.rint(_grain() * np.float32(sigma)).astype(np.int16)
    tile = np.roll(tile, (top, left), axis=(0, 1))[: min(height, _TILE), : min(width, _TILE)]
    grain = cv2.copyMakeBorder(tile, 0, max(0, height - _TILE), 0, max(0, width - _TILE), cv2.BORDER_WRAP)
    return np.asarray(cv2.add(picture, grain, dtype=cv2.CV_8U), np.uint8)


@lru_cache(maxsize=1)
def _grain() -> NDArray[np.float32]:
    rng = np.random.default_rng(20261123)
    fine = rng.standard_normal((_TILE, _TILE, 1), dtype=np.float32)
    coarse = cv2.resize(rng.standard_normal((_TILE // 2, _TILE // 2, 3), dtype=np.float32), (_TILE, _TILE))
    grain = fine + 0.55 * coarse
    return np.asarray(grain / grain.std(), np.float32)


def as_jpeg(picture: Picture, quality: int, orientation: int = 1) -> bytes:
    """The file, its pixels stored in an EXIF orientation (1 to 8)."""
    stored = Image.fromarray(np.ascontiguousarray(_STORED[orientation](picture)), "RGB")
    exif = Image.Exif()
    if orientation != 1:
        exif[_EXIF_ORIENTATION] = orientation
    target = BytesIO()
    stored.save(target, "JPEG", quality=quality, exif=exif.tobytes() if orientation != 1 else b"")
    return target.getvalue()


def through_jpeg(picture: Picture, quality: int) -> Picture:
    """The pixels after one JPEG compression."""
    return np.array(Image.open(BytesIO(as_jpeg(picture, quality))).convert("RGB"), np.uint8)


def as_png(picture: Picture) -> bytes:
    """A lossless file, as screenshots are."""
    target = BytesIO()
    Image.fromarray(picture, "RGB").save(target, "PNG", compress_level=1)
    return target.getvalue()

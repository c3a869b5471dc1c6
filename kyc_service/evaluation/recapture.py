"""A portrait printed, photographed as a document, and photographed again as a selfie: simulated.

No attack of this kind was at hand, so what is measured with these pictures says
"simulated". Everything random comes from the generator that is handed in. The selfie is
of the very print (``PRINT``) or of the file it was printed from, on a screen (``SCREEN``).
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.inference.engines import Pixels

Light = NDArray[np.float32]
"""BGR, float32, height x width x 3, 0..1."""

_PRINT_SCALE: Final = 4
_LARGEST: Final = 255.0


class Species(StrEnum):
    """What the camera that takes the selfie is shown."""

    PRINT = "reused_print"
    SCREEN = "reused_screen"


def printed_portrait(photograph: Pixels, rng: np.random.Generator) -> Light:
    """The photograph as a card shows it: 110 to 190 px wide, toned, and screened, dithered or dye-printed."""
    width = int(rng.uniform(110, 190))
    small = _scaled(_to_light(photograph), width / photograph.shape[1])
    large = _toned(_scaled(small, _PRINT_SCALE), rng, contrast=(0.7, 1.05))
    match int(rng.integers(3)):
        case 0:
            return _halftone(large, rng)
        case 1:
            return _dithered(large, rng)
        case _:
            return _dye_printed(large, rng)


def document_capture(print_: Light, rng: np.random.Generator) -> Pixels:
    """The print on a document, photographed and rectified: 140 to 260 px wide, laminated, nearly straight."""
    seen = _seen_at_a_tilt(print_, rng, rng.uniform(140, 260) / print_.shape[1], tilt_deg=3, roll_deg=2)
    return _sensed(_glare(_shaded(seen, rng, 0.2), rng, 0.25), rng, blur=(0.4, 1.3), noise=(1, 4), quality=(70, 92))


def selfie_of(flat: Light, species: Species, rng: np.random.Generator) -> Pixels:
    """The flat thing filling a selfie's frame: tilted, bent if it is a print, lit anew, blurred, saved."""
    shown = _on_screen(_scaled(flat, 1.5), rng) if species is Species.SCREEN else flat
    seen = _seen_at_a_tilt(shown, rng, rng.uniform(250, 480) / shown.shape[1], tilt_deg=25, roll_deg=8)
    bent = _bent(seen, rng) if species is Species.PRINT else seen
    lit = _glare(_shaded(_toned(bent, rng, contrast=(0.8, 1.1)), rng, 0.5), rng, 0.3)
    return _sensed(lit, rng, blur=(0.4, 2.0), noise=(1, 5), quality=(60, 95))


def reused(photograph: Pixels, species: Species, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
    """The document's portrait and the selfie that reuses it, both BGR uint8."""
    print_ = printed_portrait(photograph, rng)
    shown = print_ if species is Species.PRINT else _toned(_scaled(_to_light(photograph), 2), rng, contrast=(0.8, 1.1))
    return document_capture(print_, rng), selfie_of(shown, species, rng)


def _bounded(light: NDArray[np.floating] | cv2.typing.MatLike) -> Light:
    return np.asarray(np.clip(light, 0, 1), dtype=np.float32)


def _to_light(pixels: Pixels) -> Light:
    return (pixels / _LARGEST).astype(np.float32)


def _scaled(light: Light, factor: float) -> Light:
    interpolation = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(light, None, fx=factor, fy=factor, interpolation=interpolation)
    return _bounded(scaled)


def _toned(light: Light, rng: np.random.Generator, contrast: tuple[float, float]) -> Light:
    bent = (light ** rng.uniform(0.8, 1.25) - 0.5) * rng.uniform(*contrast) + 0.5 + rng.uniform(-0.06, 0.06)
    return _bounded(bent * (1 + rng.uniform(-0.1, 0.1, 3)))


def _grid(light: Light) -> tuple[Light, Light]:
    rows, columns = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    return rows, columns


def _halftone(light: Light, rng: np.random.Generator) -> Light:
    """Three screens of round dots at the angles printers use, half as strong as ink alone would be."""
    rows, columns = _grid(light)
    pitch = rng.uniform(5, 9)
    inks = []
    for channel, degrees in enumerate((15, 75, 45)):
        angle = math.radians(degrees + rng.uniform(-3, 3))
        along = (columns * math.cos(angle) + rows * math.sin(angle)) * (2 * math.pi / pitch)
        across = (rows * math.cos(angle) - columns * math.sin(angle)) * (2 * math.pi / pitch)
        level = 0.5 + 0.25 * (np.cos(along) + np.cos(across))
        inks.append(1 / (1 + np.exp(-12 * (light[..., channel] - level))))
    return (0.55 * np.stack(inks, axis=-1) + 0.45 * light).astype(np.float32)


def _dithered(light: Light, rng: np.random.Generator) -> Light:
    noise = rng.random(light.shape[:2]).astype(np.float32)
    fine = np.sign(noise - cv2.GaussianBlur(noise, (0, 0), 1.0)) * rng.uniform(0.05, 0.15)
    return _bounded(light + fine[..., None])


def _dye_printed(light: Light, rng: np.random.Generator) -> Light:
    step = int(rng.integers(2, 4))
    lined = light.copy()
    lined[::step] *= 0.9
    lined[:, ::step] *= 0.95
    return np.asarray(cv2.GaussianBlur(lined, (0, 0), 0.7), dtype=np.float32)


def _on_screen(light: Light, rng: np.random.Generator) -> Light:
    pitch = int(rng.integers(3, 5))
    mask = np.full((pitch, pitch, 3), 0.55, dtype=np.float32)
    for channel in range(3):
        start = channel * pitch // 3
        mask[:-1, start : max(start + 1, (channel + 1) * pitch // 3), 2 - channel] = 1.3
    height, width = light.shape[:2]
    tiled = np.tile(mask, (height // pitch + 1, width // pitch + 1, 1))[:height, :width]
    return _bounded(light * tiled)


def _seen_at_a_tilt(light: Light, rng: np.random.Generator, zoom: float, tilt_deg: float, roll_deg: float) -> Light:
    height, width = light.shape[:2]
    size = (max(8, int(width * zoom)), max(8, int(height * zoom)))
    pitch, yaw = np.radians(rng.uniform(-tilt_deg, tilt_deg, 2))
    roll, focal = math.radians(rng.uniform(-roll_deg, roll_deg)), rng.uniform(1.3, 3) * max(size)
    flat = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) * np.array([size[0] / 2, size[1] / 2, 1])
    turn = cv2.Rodrigues(np.array([0, 0, roll]))[0] @ cv2.Rodrigues(np.array([pitch, yaw, 0]))[0]
    stood = flat @ np.asarray(turn).T
    seen = stood[:, :2] * (focal / (stood[:, 2:] + focal)) + np.array(size) / 2
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    flags = cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC
    around = tuple(float(value) for value in rng.uniform(0.2, 0.8, 3))
    source = light if zoom >= 0.5 else cv2.GaussianBlur(light, (0, 0), 0.4 / zoom)  # noqa: PLR2004 - a warp skips pixels
    return _bounded(cv2.warpPerspective(source, matrix, size, flags=flags, borderValue=around))


def _bent(light: Light, rng: np.random.Generator) -> Light:
    """A sheet that is not quite flat: points move by up to a hundredth of its width."""
    rows, columns = _grid(light)
    width = light.shape[1]
    wave = (
        np.sin(columns * (rng.uniform(0.8, 2) * math.pi / width) + rng.uniform(0, 3)) * rng.uniform(-0.01, 0.01) * width
    )
    moved = ((columns + wave).astype(np.float32), (rows + wave / 2).astype(np.float32))
    return np.asarray(cv2.remap(light, *moved, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.float32)


def _shaded(light: Light, rng: np.random.Generator, most: float) -> Light:
    rows, columns = _grid(light)
    angle, share = rng.uniform(0, 2 * math.pi), rng.uniform(0, most)
    across = (columns / light.shape[1] - 0.5) * math.cos(angle) + (rows / light.shape[0] - 0.5) * math.sin(angle)
    return _bounded(light * ((1 + share * across) * rng.uniform(0.75, 1.15))[..., None])


def _glare(light: Light, rng: np.random.Generator, most: float) -> Light:
    """A lamp and a window in the lamination or the glass."""
    rows, columns = _grid(light)
    width = light.shape[1]
    x, y, size = rng.uniform(0, width), rng.uniform(0, light.shape[0]), rng.uniform(0.08, 0.4) * width
    lamp = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * size**2)) * rng.uniform(0, most)
    window = np.clip(1 - np.abs((columns * 0.83 + rows * 0.56 - rng.uniform(0, width)) / (0.1 * width)), 0, 1)
    return _bounded(light + (lamp + window * rng.uniform(0, 0.4 * most))[..., None])


def _sensed(
    light: Light,
    rng: np.random.Generator,
    blur: tuple[float, float],
    noise: tuple[float, float],
    quality: tuple[int, int],
) -> Pixels:
    soft = np.asarray(cv2.GaussianBlur(light, (0, 0), rng.uniform(*blur))) * _LARGEST
    noisy = np.clip(soft + rng.normal(0, rng.uniform(*noise), light.shape), 0, 255).astype(np.uint8)
    _, encoded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*quality))])
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), dtype=np.uint8)

"""A screen that shows the face: sub-pixels, tone curve and gamut of its own, a bezel, a mirroring glass, refresh bands.

The grid of sub-pixels is evaluated where each sample of the camera looks, so that grid or moire come from the two
pitches alone. Lengths are in widths of the shown face.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from specimens.attack_protocol import Split
from specimens.presentations.faces import Art, Light, Pixels, Plane, to_bytes, to_light

Layout = Literal["stripes", "bgr", "columns", "delta", "diamond"]
Rect = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of screens: pixels across the shown face, the lit area's width and height over width, its rim."""

    pitch: tuple[float, float]
    width: tuple[float, float]
    aspect: tuple[float, float]
    rim: tuple[float, float]
    is_window: bool


PHONE = Kind((260, 850), (1.35, 2.5), (1.6, 2.15), (0.02, 0.14), is_window=False)
TABLET = Kind((240, 800), (1.7, 3.0), (1.25, 1.5), (0.08, 0.28), is_window=False)
MONITOR = Kind((90, 420), (2.6, 5.5), (0.52, 0.66), (0.05, 0.25), is_window=True)
BORDERLESS = Kind((90, 700), (6.0, 9.0), (0.8, 1.4), (0.0, 0.01), is_window=False)
_LAYOUTS: dict[Split, tuple[Layout, ...]] = {
    Split.TRAIN: ("stripes", "stripes", "diamond"),
    Split.TEST: ("columns", "delta", "bgr", "diamond"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """One screen with what it shows."""

    page: Pixels
    lit: Rect
    body: Rect
    corner: float
    pitch: float
    layout: Layout
    depth: float
    fill: float
    rim_light: tuple[float, float, float]
    peak: float
    black: float
    gamma: float
    gamut: np.ndarray
    band_depth: float
    bands: float
    band_duty: float

    def seen(self, across: Plane, down: Plane, samples_per_face: float, phase: float) -> tuple[Light, Plane]:
        """Light and cover (0 to 1) at points in face widths from the face's middle; ``phase`` is the refresh's."""
        left, top, _, _ = self.lit
        u, v = (across - np.float32(left)) * np.float32(self.pitch), (down - np.float32(top)) * np.float32(self.pitch)
        height, width = self.page.shape[:2]
        shown = cv2.remap(self.page, np.floor(u), np.floor(v), cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
        light = np.power(to_light(np.asarray(shown, np.uint8)), np.float32(self.gamma))
        light = np.asarray(cv2.transform(light, self.gamut), np.float32)
        # Where the grid is finer than the samples, drawing it would make a moire of the drawing's own.
        depth = self.depth * float(np.clip(samples_per_face / self.pitch - 0.9, 0, 1))
        if depth > 0.02:
            light *= _mask(self.layout, u, v, depth, self.fill, with_rows=samples_per_face / self.pitch > 1.6)
        light = light * np.float32(self.peak) + np.float32(self.black)
        rows = np.arange(len(u), dtype=np.float32)[:, None] / len(u) * np.float32(self.bands) + np.float32(phase)
        pulse = np.clip((np.cos(2 * np.pi * rows) - 1 + 2 * self.band_duty) * 4, 0, 1).astype(np.float32)
        light *= 1 - np.float32(self.band_depth) * pulse[..., None]
        inside = (u >= 0) & (v >= 0) & (u < width) & (v < height)
        light[~inside] = self.rim_light
        return light, _rounded(across, down, self.body, self.corner, samples_per_face)


def screen(art: Art, kind: Kind, split: Split, rng: np.random.Generator) -> Screen:
    """A screen of this kind with the face on it."""
    pitch = float(np.exp(rng.uniform(*np.log(kind.pitch))))
    width = float(rng.uniform(*kind.width))
    height = width * float(rng.uniform(*kind.aspect))
    left = -width / 2 + float(rng.normal(0, 0.05)) * width
    top = -height * float(rng.uniform(0.36, 0.52))
    lit = (left, top, left + width, top + height)
    rim, heavy = width * float(rng.uniform(*kind.rim)) / 2, width * float(rng.uniform(*kind.rim)) / 2
    tone = float(rng.choice((0.006, 0.02, 0.35), p=(0.6, 0.25, 0.15)))
    layouts = _LAYOUTS[split]
    mix = float(rng.uniform(0.0, 0.09))
    gamut = np.eye(3) * (1 - 3 * mix) + mix
    white = np.diag(np.exp(rng.normal((0.07, 0.0, -0.06), 0.06)))
    return Screen(
        page=_page(art, lit, pitch, kind, rng),
        lit=lit,
        body=(lit[0] - rim, lit[1] - max(rim, heavy), lit[2] + rim, lit[3] + max(rim, heavy)),
        corner=float(rng.uniform(0, 0.12)) * width if not kind.is_window else 0.01,
        pitch=pitch,
        layout=layouts[int(rng.integers(len(layouts)))],
        depth=float(rng.uniform(0.35, 0.9) if split is Split.TEST else rng.uniform(0.3, 1.0)),
        fill=float(rng.uniform(0.22, 0.32)),
        rim_light=(tone, tone * 0.99, tone * 0.97),
        peak=float(np.exp(rng.uniform(np.log(0.35), np.log(2.2)))),
        black=float(rng.uniform(0.002, 0.03)),
        gamma=float(rng.uniform(0.85, 1.2)),
        gamut=np.asarray(white @ gamut, np.float32),
        band_depth=float(rng.choice((0.0, rng.uniform(0.04, 0.35)))),
        bands=float(rng.uniform(0.6, 4)),
        band_duty=float(rng.uniform(0.15, 0.6)),
    )


def glare(size: tuple[int, int], rng: np.random.Generator) -> Plane:
    """Lamps and windows mirrored by the glass, as light over a frame of ``size``; often none."""
    small = np.zeros((48, 48), np.float32)
    if rng.random() < 0.6:
        for _ in range(int(rng.integers(1, 4))):
            middle = (int(rng.integers(0, 48)), int(rng.integers(0, 48)))
            axes = (int(rng.integers(1, 14)), int(rng.integers(1, 9)))
            cv2.ellipse(small, middle, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.uniform(0.03, 0.5)), -1)
        small = np.asarray(cv2.GaussianBlur(small, (0, 0), float(rng.uniform(0.5, 4))), np.float32)
    small += np.float32(rng.uniform(0, 0.02))
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _page(art: Art, lit: Rect, pitch: float, kind: Kind, rng: np.random.Generator) -> Pixels:
    """What the screen shows, one value per pixel: the picture over all of it, or in a window with things around."""
    size = (max(8, round((lit[2] - lit[0]) * pitch)), max(8, round((lit[3] - lit[1]) * pitch)))
    size = (min(size[0], 2600), min(size[1], 2600))
    ground = int(rng.choice((8, 30, 215, 245))) if kind.is_window else int(rng.integers(0, 14))
    page = np.full((size[1], size[0], 3), ground, np.uint8)
    scale = pitch / art.face_px
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    shown = to_bytes(np.asarray(cv2.resize(art.light, None, fx=scale, fy=scale, interpolation=how), np.float32))
    if rng.random() < 0.5:
        _, encoded = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 95))])
        shown = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
    x, y = round(-lit[0] * pitch - art.centre[0] * scale), round(-lit[1] * pitch - art.centre[1] * scale)
    if kind.is_window:
        _decorate(page, rng)
    elif kind is BORDERLESS or rng.random() < 0.8:
        shown = _extended(shown, (x, y), size)
        x = y = 0
    x0, y0, x1, y1 = max(0, x), max(0, y), min(size[0], x + shown.shape[1]), min(size[1], y + shown.shape[0])
    page[y0:y1, x0:x1] = shown[y0 - y : y1 - y, x0 - x : x1 - x]
    return page


def _extended(shown: Pixels, at: tuple[int, int], size: tuple[int, int]) -> Pixels:
    """A picture that fills the screen, as a recorded selfie does."""
    into = np.array(((1, 0, at[0]), (0, 1, at[1])), np.float64)
    return np.asarray(
        cv2.warpAffine(shown, into, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101), np.uint8
    )


def _decorate(page: Pixels, rng: np.random.Generator) -> None:
    height, width = page.shape[:2]
    for _ in range(int(rng.integers(0, 12))):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        colour = [int(v) for v in rng.integers(0, 255, 3)]
        cv2.rectangle(
            page, (x, y), (x + int(rng.integers(4, max(5, width // 3))), y + int(rng.integers(2, 30))), colour, -1
        )


def _mask(layout: Layout, u: Plane, v: Plane, depth: float, fill: float, *, with_rows: bool) -> Light:
    """What each sub-pixel lets out where the samples look, one in the mean."""
    if layout == "columns":
        u, v = v, u
    turn = np.float32(2 * np.pi)
    if layout == "diamond":
        c, d = np.cos(u * turn), np.cos(v * turn)
        e, f = np.cos((u + v) * (turn / 2)), np.cos((u - v) * (turn / 2))
        planes = [(1 - e) * (1 - f), (1 + c) * (1 + d), (1 + e) * (1 + f)]
    else:
        shift = np.float32(0.5) * (np.floor(v) % 2) if layout == "delta" else np.float32(0)
        order = (0, 1, 2) if layout == "bgr" else (2, 1, 0)
        planes = [_pulse(u + shift - np.float32((order[i] + 0.5) / 3), fill) for i in range(3)]
        if with_rows:
            gap = _pulse(v - np.float32(0.5), 0.82)
            planes = [plane * gap for plane in planes]
    return np.asarray(1 - depth + depth * cv2.merge([np.asarray(p, np.float32) for p in planes]), np.float32)


def _pulse(place: Plane, fill: float) -> Plane:
    away = np.abs(place - np.round(place))
    return np.asarray(np.clip((fill / 2 - away) / 0.08 + 0.5, 0, 1) / np.float32(fill), np.float32)


def _rounded(across: Plane, down: Plane, body: Rect, corner: float, samples_per_face: float) -> Plane:
    """Share of each sample inside a rectangle with round corners."""
    left, top, right, bottom = body
    x = np.abs(across - np.float32((left + right) / 2)) - np.float32((right - left) / 2 - corner)
    y = np.abs(down - np.float32((top + bottom) / 2)) - np.float32((bottom - top) / 2 - corner)
    outside = np.hypot(np.maximum(x, 0), np.maximum(y, 0)) + np.minimum(np.maximum(x, y), 0) - np.float32(corner)
    return np.asarray(np.clip(0.5 - outside * np.float32(samples_per_face), 0, 1), np.float32)

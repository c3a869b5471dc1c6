"""A print of the face: screened or scattered ink, paper with a white of its own, curl, gloss, and its outline.

As with screens the dots are evaluated where the camera's samples look. Lengths are in widths of the printed face.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np

from specimens.attack_protocol import Split
from specimens.presentations.faces import Art, Light, Plane
from specimens.presentations.screens import Rect

Dots = Literal["round", "line", "diamond", "scattered", "photo"]
Outline = Literal["sheet", "silhouette", "oval"]
_MASK_PX = 256
_DOTS: dict[Split, tuple[Dots, ...]] = {
    Split.TRAIN: ("round", "round", "scattered", "photo"),
    Split.TEST: ("line", "diamond", "scattered", "photo"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """One print. ``bend`` is the radius it is bent to (large: flat), about an upright axis or a level one."""

    art: Art
    outline: Outline
    sheet: Rect
    margin: float
    dots: Dots
    pitch: float
    angles_deg: tuple[float, float, float]
    hardness: float
    lost_colour: float
    ink_black: float
    white: tuple[float, float, float]
    bend: float
    is_bent_upright: bool
    light_deg: float
    gloss: float
    fibre: float
    rim: float
    oval: tuple[float, float]
    eye_holes: float
    creases: tuple[float, ...]

    def seen(self, across: Plane, down: Plane, samples_per_face: float) -> tuple[Light, Plane]:
        """Light and cover (0 to 1) at points in face widths from the face's middle."""
        along = across if self.is_bent_upright else down
        lean = np.clip(along / np.float32(self.bend), -0.97, 0.97)
        turned = np.arcsin(lean)
        flat = np.asarray(turned * np.float32(self.bend), np.float32)
        a, b = (flat, down) if self.is_bent_upright else (across, flat)
        light = self._printed(np.asarray(a, np.float32), np.asarray(b, np.float32), samples_per_face)
        slope = turned - np.float32(np.radians(self.light_deg))
        shade = np.clip(0.55 + 0.45 * np.cos(slope), 0, 2) + self._folds(along)
        light *= np.asarray(shade, np.float32)[..., None]
        if self.gloss > 0:
            light += (np.float32(self.gloss) * np.exp(-((slope / np.float32(0.12)) ** 2)))[..., None]
        cover = self._cover(np.asarray(a, np.float32), np.asarray(b, np.float32), samples_per_face)
        if self.bend < 3:
            cover = cover * (np.abs(along) < 0.95 * self.bend)
        return light, np.asarray(cover, np.float32)

    def _printed(self, a: Plane, b: Plane, samples_per_face: float) -> Light:
        x = a * np.float32(self.art.face_px) + np.float32(self.art.centre[0])
        y = b * np.float32(self.art.face_px) + np.float32(self.art.centre[1])
        picture = cv2.remap(self.art.light, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        grey = picture.mean(axis=2, keepdims=True)
        ink = 1 - (picture + (grey - picture) * np.float32(self.lost_colour))
        depth = float(np.clip(samples_per_face / self.pitch - 1.0, 0, 1))
        if self.dots != "photo" and depth > 0.05:
            planes = [self._dotted(np.ascontiguousarray(ink[..., i]), a, b, i, depth) for i in range(3)]
            ink = cv2.merge(planes)
        light = (1 - ink * np.float32(1 - self.ink_black)) * np.array(self.white, np.float32)
        if self.fibre > 0:
            light *= 1 + np.float32(self.fibre) * (_tiled(a * np.float32(140), b * np.float32(140)) - 0.5)[..., None]
        return np.asarray(self._margined(light, a, b), np.float32)

    def _dotted(self, ink: Plane, a: Plane, b: Plane, channel: int, depth: float) -> Plane:
        if self.dots == "scattered":
            shift = np.float32(37 * channel)
            threshold = _tiled(a * np.float32(self.pitch) + shift, b * np.float32(self.pitch))
        else:
            turn = np.radians(self.angles_deg[channel])
            wave = np.float32(2 * np.pi * self.pitch)
            first = np.cos((a * np.float32(np.cos(turn)) + b * np.float32(np.sin(turn))) * wave)
            second = np.cos((b * np.float32(np.cos(turn)) - a * np.float32(np.sin(turn))) * wave)
            if self.dots == "line":
                threshold = np.asarray(0.5 + first / 2, np.float32)
            elif self.dots == "diamond":
                threshold = np.asarray(0.5 + (np.arcsin(first) + np.arcsin(second)) / np.float32(2 * np.pi), np.float32)
            else:
                threshold = np.asarray(0.5 + (first + second) / 4, np.float32)
        dots = np.clip((ink - threshold) * np.float32(self.hardness) + 0.5, 0, 1)
        return np.asarray(ink + np.float32(depth) * (dots - ink), np.float32)

    def _margined(self, light: Light, a: Plane, b: Plane) -> Light:
        if self.margin <= 0 or self.outline != "sheet":
            return light
        left, top, right, bottom = self.sheet
        edge = np.maximum(np.maximum(left - a, a - right), np.maximum(top - b, b - bottom)) + np.float32(self.margin)
        light[edge > 0] = self.white
        return light

    def _folds(self, along: Plane) -> Plane:
        total = np.zeros_like(along)
        for at in self.creases:
            away = (along - np.float32(at)) / np.float32(0.018)
            total += np.float32(0.25) * away * np.exp(-(away**2))
        return np.asarray(total, np.float32)

    def _cover(self, a: Plane, b: Plane, samples_per_face: float) -> Plane:
        soft = np.float32(samples_per_face)
        if self.outline == "sheet":
            left, top, right, bottom = self.sheet
            inside = -np.maximum(np.maximum(left - a, a - right), np.maximum(top - b, b - bottom))
        elif self.outline == "oval":
            away = np.hypot(a / np.float32(self.oval[0]), (b + np.float32(0.05)) / np.float32(self.oval[1]))
            inside = np.asarray((1 - away) * np.float32(min(self.oval)), np.float32)
        else:
            x = a * np.float32(self.art.face_px) + np.float32(self.art.centre[0])
            y = b * np.float32(self.art.face_px) + np.float32(self.art.centre[1])
            grown = cv2.GaussianBlur(self.art.person, (0, 0), max(1.0, self.rim * self.art.face_px))
            # Hard as scissors cut, and some way outside the person.
            share = cv2.remap(grown, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            inside = (share - np.float32(0.25)) * np.float32(self.rim * 2.5)
        cover = np.asarray(np.clip(inside * soft + 0.5, 0, 1), np.float32)
        for eye in (self.art.eyes - np.array(self.art.centre, np.float32)) / np.float32(self.art.face_px):
            if self.eye_holes > 0:
                away = np.hypot((a - eye[0]) / np.float32(1.5), b - eye[1])
                cover = cover * np.clip((away - np.float32(self.eye_holes)) * soft + 0.5, 0, 1)
        return np.asarray(cover, np.float32)


def paper(art: Art, outline: Outline, split: Split, rng: np.random.Generator, *, borderless: bool = False) -> Paper:
    """A print of the split's kind."""
    is_test = split is Split.TEST
    width = float(rng.uniform(6, 9) if borderless else rng.uniform(1.4, 3.2))
    height = width * float(rng.uniform(1.1, 1.5))
    left, top = -width / 2 * float(rng.uniform(0.85, 1.15)), -height * float(rng.uniform(0.38, 0.52))
    turn = float(rng.uniform(-15, 15)) if is_test else 0.0
    kinds = _DOTS[split]
    white = rng.uniform(0.78, 0.95) * np.array((rng.uniform(0.88, 1.02), 1.0, rng.uniform(0.97, 1.05)))
    is_oval = outline == "oval"
    dots = kinds[int(rng.integers(len(kinds)))]
    # Single drops of ink are finer than the cells of a screen.
    pitch = np.exp(rng.uniform(*np.log((160, 420) if dots == "scattered" else (50, 260))))
    return Paper(
        art=art,
        outline=outline,
        sheet=(left, top, left + width, top + height),
        margin=0.0 if borderless else float(rng.choice((0.0, rng.uniform(0.03, 0.3)))),
        dots=dots,
        pitch=float(pitch),
        angles_deg=(turn, 75.0 + turn, 15.0 + turn),
        hardness=float(rng.uniform(2, 8)),
        lost_colour=float(rng.uniform(0.0, 0.3)),
        ink_black=float(rng.uniform(0.03, 0.12)),
        white=(float(white[0]), float(white[1]), float(white[2])),
        bend=float(rng.uniform(0.62, 0.95)) if is_oval else float(np.exp(rng.uniform(np.log(2.5), np.log(40)))),
        is_bent_upright=is_oval or bool(rng.random() < 0.7),
        light_deg=float(rng.uniform(-50, 50)),
        gloss=float(rng.choice((0.0, rng.uniform(0.05, 0.5)))),
        fibre=float(rng.uniform(0.0, 0.08)),
        rim=float(rng.uniform(0.015, 0.06)),
        oval=(float(rng.uniform(0.5, 0.68)), float(rng.uniform(0.66, 0.85))),
        eye_holes=0.0 if outline == "sheet" or rng.random() < 0.5 else float(rng.uniform(0.06, 0.12)),
        creases=tuple(float(v) for v in rng.uniform(-0.9, 0.9, int(rng.integers(0, 3)))),
    )


def _tiled(u: Plane, v: Plane) -> Plane:
    """The scatter mask, one value per unit of ``u`` and ``v``."""
    return np.asarray(
        cv2.remap(_scatter(), np.mod(u, _MASK_PX - 1), np.mod(v, _MASK_PX - 1), cv2.INTER_NEAREST), np.float32
    )


@lru_cache(maxsize=1)
def _scatter() -> Plane:
    """Thresholds 0 to 1, every level as frequent, low frequencies taken out."""
    noise = np.random.default_rng(11).standard_normal((_MASK_PX, _MASK_PX)).astype(np.float32)
    fine = noise - cv2.GaussianBlur(noise, (0, 0), 1.2)
    ranks = np.argsort(np.argsort(fine.ravel())).reshape(fine.shape)
    return ((ranks + 0.5) / fine.size).astype(np.float32)

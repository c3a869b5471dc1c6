"""One photograph: the document on its surface among other things, seen, lit, blurred and grained."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from specimens.attack_protocol import Split
from specimens.camera.clutter import finger, hand, strew
from specimens.camera.sensor import blurred, glared, lit, noisy
from specimens.camera.shot import Placing, Shot, outline, placed, projected
from specimens.camera.surfaces import surface
from specimens.flat import Box, Cover, FlatDocument, Homography, Picture

SHADOW_MM = 1.2
EDGE_GREY = 168


@dataclass(frozen=True, slots=True)
class Photograph:
    """RGB bytes, upright, and the way of the flat document's pixels into them (no document: None)."""

    picture: Picture
    flat_to_picture: Homography | None


@dataclass(frozen=True, slots=True)
class Mishap:
    """What else goes wrong: glare of a radius (mm) on a place of the flat document, a hand over a box, a second card."""

    glare_at: tuple[float, float] | None = None
    glare_radius_mm: float = 0.0
    covered: Box | None = None
    second: FlatDocument | None = None
    shift: tuple[float, float] = (0.0, 0.0)
    """Moves the document out of the frame, in shares of its extent."""


def photograph(
    document: FlatDocument, taken: Shot, split: Split, rng: np.random.Generator, mishap: Mishap | None = None
) -> Photograph:
    """The document as the shot sees it."""
    mishap = mishap or Mishap()
    placing = _shifted(placed(taken, document.size, rng), document.size, mishap.shift)
    like = tuple(float(v) for v in cv2.mean(document.pixels)[:3]) if taken.low_contrast else None
    scene = surface(split, placing.frame_px, placing.plane_to_frame, rng, like)
    strew(scene, taken.clutter_objects, taken.long_side_px, split, rng)
    if mishap.second is not None:
        scene = _beside(scene, mishap.second, placing, document.size, rng)
    scene = laid_down(scene, document, placing.flat_to_frame, rng)
    if taken.finger:
        fields = list(document.boxes.values())
        scene = finger(scene, placing.flat_to_frame, document.size, fields, document.px_per_mm, rng)
    if mishap.covered is not None:
        scene = hand(scene, projected(placing.flat_to_frame, mishap.covered.corners), rng)
    scene = lit(scene, taken.exposure_gain, taken.uneven_light, rng)
    glare_at, radius_mm = mishap.glare_at, mishap.glare_radius_mm
    if glare_at is None and taken.glare:
        glare_at = (float(rng.uniform(0, document.size[0])), float(rng.uniform(0, document.size[1])))
        radius_mm = float(rng.uniform(2.0, 6.5)) * document.size[0] / document.px_per_mm / 85.6
    if glare_at is not None:
        mm_px = taken.long_side_px / max(document.size) * document.px_per_mm
        centre = projected(placing.flat_to_frame, np.array([glare_at]))[0]
        scene = glared(scene, (float(centre[0]), float(centre[1])), radius_mm * mm_px, rng)
    scene = noisy(blurred(scene, taken.blur_sigma_px, taken.motion_blur_px, rng), taken.noise_sigma, rng)
    return Photograph(scene, placing.flat_to_frame)


def empty_table(taken: Shot, size: tuple[int, int], split: Split, rng: np.random.Generator) -> Photograph:
    """The same without a document."""
    placing = placed(taken, size, rng)
    scene = surface(split, placing.frame_px, placing.plane_to_frame, rng, None)
    strew(scene, taken.clutter_objects, taken.long_side_px, split, rng)
    scene = lit(scene, taken.exposure_gain, taken.uneven_light, rng)
    return Photograph(
        noisy(blurred(scene, taken.blur_sigma_px, taken.motion_blur_px, rng), taken.noise_sigma, rng), None
    )


def laid_down(scene: Picture, document: FlatDocument, into: Homography, rng: np.random.Generator) -> Picture:
    """The document on the scene, with its shadow and its edge; only the part of the frame around it is touched."""
    flat, cover, into = _near_scale(document, into)
    reach = 3 * SHADOW_MM * _mm_px(document, into, flat.shape[1])
    corners = projected(into, outline((flat.shape[1], flat.shape[0])))
    low = np.maximum(np.floor(corners.min(axis=0) - reach), 0).astype(int)
    high = np.minimum(np.ceil(corners.max(axis=0) + reach), (scene.shape[1], scene.shape[0])).astype(int)
    if (high <= low).any():
        return scene
    local = np.array(((1, 0, -low[0]), (0, 1, -low[1]), (0, 0, 1))) @ into
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    part = np.ascontiguousarray(scene[low[1] : high[1], low[0] : high[0]])
    mask = np.asarray(cv2.warpPerspective(cover, local, size, flags=cv2.INTER_LINEAR), np.float32)
    angle, mm_px = float(rng.uniform(0, 2 * np.pi)), reach / 3 / SHADOW_MM
    away = np.array((np.cos(angle), np.sin(angle))) * mm_px
    edge = np.asarray(np.maximum(_moved(mask, away * 0.18) - mask, 0), np.float32)
    part = _blended(part, np.zeros_like(part), _shadow(mask, away * SHADOW_MM, mm_px))
    part = _blended(part, np.full_like(part, EDGE_GREY), edge)
    levels = np.clip(np.arange(256) * 0.95 + rng.normal(0, 3), 0, 255).astype(np.uint8)
    print_ = cv2.LUT(
        cv2.warpPerspective(flat, local, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), levels
    )
    scene[low[1] : high[1], low[0] : high[0]] = _blended(part, np.asarray(print_, np.uint8), mask)
    return scene


def _blended(under: Picture, over: Picture, share: Cover) -> Picture:
    return np.asarray(cv2.blendLinear(under, over, 1 - share, share), np.uint8)


def _shadow(mask: Cover, by: np.ndarray, mm_px: float) -> Cover:
    """A soft shadow of the sheet, made at a quarter of the size."""
    size = (max(1, mask.shape[1] // 4), max(1, mask.shape[0] // 4))
    small = _moved(np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.float32), by / 4)
    soft = cv2.GaussianBlur(small, (0, 0), max(0.5, 0.22 * mm_px))
    return np.asarray(0.55 * cv2.resize(soft, (mask.shape[1], mask.shape[0])), np.float32)


def _near_scale(document: FlatDocument, into: Homography) -> tuple[Picture, Cover, Homography]:
    """Pixels and cover averaged down to about their size in the frame, so that the warp does not alias."""
    corners = projected(into, outline(document.size))
    scale = float(np.linalg.norm(corners[1] - corners[0]) / document.size[0])
    if scale > 0.85:
        return document.pixels, document.cover, into
    size = (max(8, round(document.size[0] * scale * 1.1)), max(8, round(document.size[1] * scale * 1.1)))
    flat = cv2.resize(document.pixels, size, interpolation=cv2.INTER_AREA)
    cover = np.asarray(cv2.resize(document.cover, size, interpolation=cv2.INTER_AREA), np.float32)
    back = np.diag((document.size[0] / size[0], document.size[1] / size[1], 1.0))
    return np.asarray(flat, np.uint8), cover, into @ back


def _mm_px(document: FlatDocument, into: Homography, width_px: int) -> float:
    """Pixels of the frame in a millimetre of the document."""
    ends = projected(into, np.array(((0.0, 0.0), (width_px, 0.0))))
    return float(np.linalg.norm(ends[1] - ends[0])) / (document.size[0] / document.px_per_mm)


def _moved(mask: Cover, by: np.ndarray) -> Cover:
    into = np.array(((1, 0, by[0]), (0, 1, by[1])), np.float64)
    return np.asarray(cv2.warpAffine(mask, into, (mask.shape[1], mask.shape[0])), np.float32)


def _shifted(placing: Placing, size: tuple[int, int], share: tuple[float, float]) -> Placing:
    if share == (0.0, 0.0):
        return placing
    corners = projected(placing.flat_to_frame, outline(size))
    extent, frame = np.ptp(corners, axis=0), np.array(placing.frame_px)
    by = np.zeros(2)
    for axis in range(2):
        if share[axis] < 0:
            by[axis] = -corners[:, axis].min() + share[axis] * extent[axis]
        elif share[axis] > 0:
            by[axis] = frame[axis] - corners[:, axis].max() + share[axis] * extent[axis]
    into = np.array(((1, 0, by[0]), (0, 1, by[1]), (0, 0, 1))) @ placing.flat_to_frame
    return replace(placing, flat_to_frame=into)


def _beside(
    scene: Picture, other: FlatDocument, placing: Placing, size: tuple[int, int], rng: np.random.Generator
) -> Picture:
    """The other document next to the first in its plane, a little turned; the frame is taken as it is."""
    angle = float(rng.uniform(-0.3, 0.3))
    cos, sin = np.cos(angle), np.sin(angle)
    ways = [
        placing.flat_to_frame @ np.array(((cos, -sin, 0), (sin, cos, way * size[1]), (0, 0, 1)))
        for way in (1.12, -1.12)
    ]
    return laid_down(scene, other, max(ways, key=lambda into: _room(into, size, placing.frame_px)), rng)


def _room(into: Homography, size: tuple[int, int], frame_px: tuple[int, int]) -> float:
    """Least distance of a laid document's corners from the frame's edge; negative outside."""
    corners = projected(into, outline(size))
    return float(min(corners.min(), (np.array(frame_px) - corners).min()))

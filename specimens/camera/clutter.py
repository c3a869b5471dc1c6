"""Things that lie about: pens, coins, cups, papers with text, other cards, cables; and a finger at the card's edge."""

from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw

from specimens.attack_protocol import Split
from specimens.camera.shot import projected
from specimens.drawing.faces import font
from specimens.flat import Box, Homography, Picture

_SKIN = ((226, 178, 150), (196, 142, 112), (150, 104, 78), (104, 70, 52))


def strew(picture: Picture, count: int, length_px: float, split: Split, rng: np.random.Generator) -> None:
    """Put things on the table, in place, before the document is laid down; `length_px` is the card's long side."""
    height, width = picture.shape[:2]
    for _ in range(count):
        centre = (float(rng.uniform(0, width)), float(rng.uniform(0, height)))
        kind = int(rng.integers(6))
        if kind == 0:
            _pen(picture, centre, length_px, rng)
        elif kind == 1:
            _disc(picture, centre, length_px * float(rng.uniform(0.1, 0.16)), rng)
        elif kind == 2:
            _disc(picture, centre, length_px * float(rng.uniform(0.4, 0.55)), rng)
        elif kind == 3:
            _cable(picture, length_px, rng)
        else:
            _sheet_of_text(picture, centre, length_px, split, rng, card=kind == 4)


def finger(
    picture: Picture, flat_to_picture: Homography, size: tuple[int, int], fields: list[Box], px_per_mm: float,
    rng: np.random.Generator,
) -> Picture:  # fmt: skip
    """A fingertip reaching a few millimetres over the card's edge where nothing is printed."""
    for _ in range(12):
        side, along = int(rng.integers(4)), float(rng.uniform(0.1, 0.9))
        reach, half = float(rng.uniform(1.5, 4.0)) * px_per_mm, 7.5 * px_per_mm
        width, height = size
        tip, back = {
            0: ((reach, along * height), (-1, 0)),
            1: ((width - reach, along * height), (1, 0)),
            2: ((along * width, reach), (0, -1)),
            3: ((along * width, height - reach), (0, 1)),
        }[side]
        covered = Box(tip[0] - half, tip[1] - half, tip[0] + half, tip[1] + half)
        if side < 2:
            covered = Box(-1e9 if side == 0 else tip[0], covered.top, tip[0] if side == 0 else 1e9, covered.bottom)
        else:
            covered = Box(covered.left, -1e9 if side == 2 else tip[1], covered.right, tip[1] if side == 2 else 1e9)
        if not any(_touch(covered, field) for field in fields):
            far = (tip[0] + back[0] * 250 * px_per_mm, tip[1] + back[1] * 250 * px_per_mm)
            inner = (tip[0] + back[0] * half, tip[1] + back[1] * half)
            ends = projected(
                flat_to_picture, np.array((inner, far, (inner[0] + half, inner[1]), (inner[0], inner[1] + half)))
            )
            radius = float(np.mean(np.linalg.norm(ends[2:] - ends[0], axis=1)))
            return capsule(picture, ends[0], ends[1], radius, _SKIN[int(rng.integers(len(_SKIN)))])
    return picture


def hand(picture: Picture, corners: np.ndarray, rng: np.random.Generator) -> Picture:
    """Two or three fingers, or a thing of one colour, over most of a quadrangle given by its corners, shape (4, 2)."""
    middle = corners.mean(axis=0)
    half_wide = float(np.linalg.norm(corners[1] - corners[0])) / 2
    half_high = float(np.linalg.norm(corners[3] - corners[0])) / 2
    along = (corners[1] - corners[0]) / (2 * half_wide)
    if rng.random() < 0.35:
        grown = middle + (corners - middle) * rng.uniform(1.05, 1.4) + along * half_wide * rng.uniform(-0.3, 0.3)
        cv2.fillConvexPoly(
            picture, np.round(grown).astype(np.int32), [int(v) for v in rng.integers(20, 235, 3)], cv2.LINE_AA
        )
        return picture
    down = np.array((-along[1], along[0]))
    radius = max(half_high * 1.3, half_wide * 0.28)
    colour = _SKIN[int(rng.integers(len(_SKIN)))]
    fingers = max(1, min(3, int(half_wide / radius)))
    for i in range(fingers):
        tip = middle + along * ((i - (fingers - 1) / 2) * 2 * radius)
        lean = down * 40 * radius + along * float(rng.uniform(-8, 8)) * radius
        picture = capsule(picture, tip - down * half_high * 0.4, tip + lean, radius, colour)
    return picture


def capsule(
    picture: Picture, start: np.ndarray, end: np.ndarray, radius_px: float, colour: tuple[int, int, int]
) -> Picture:
    """A finger: a stroke with round ends, darker towards its sides, with a soft edge and a shadow."""
    reach = 2.2 * radius_px
    low = np.maximum(np.minimum(start, end) - reach, 0).astype(int)
    high = np.minimum(np.maximum(start, end) + reach, (picture.shape[1], picture.shape[0])).astype(int)
    if (high <= low).any():
        return picture
    picture = picture.copy()
    part = picture[low[1] : high[1], low[0] : high[0]]
    height, width = part.shape[:2]
    start, end = start - low, end - low
    small = max(1.0, radius_px / 24)
    size = (max(8, round(width / small)), max(8, round(height / small)))
    mask = np.zeros((size[1], size[0]), np.uint8)
    ends = [tuple(int(v) for v in np.clip(point / small, -20000, 20000)) for point in (start, end)]
    cv2.line(mask, ends[0], ends[1], 255, max(2, round(2 * radius_px / small)), cv2.LINE_AA)
    depth = np.clip(cv2.distanceTransform(mask, cv2.DIST_L2, 3) * small / radius_px, 0, 1)
    shade = cv2.resize((0.68 + 0.34 * np.sqrt(depth)).astype(np.float32), (width, height))
    share = cv2.resize(cv2.GaussianBlur(mask, (0, 0), 0.8).astype(np.float32) / 255, (width, height))
    share = np.clip((share - 0.3) / 0.4, 0, 1)
    dark = 1 - 0.35 * cv2.resize(cv2.GaussianBlur(mask, (0, 0), 5).astype(np.float32) / 255, (width, height))
    skin = np.array(colour, np.float32) * shade[..., None]
    mixed = part * dark[..., None] * (1 - share[..., None]) + skin * share[..., None]
    picture[low[1] : high[1], low[0] : high[0]] = np.clip(mixed, 0, 255).astype(np.uint8)
    return picture


def _touch(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _pen(picture: Picture, centre: tuple[float, float], length_px: float, rng: np.random.Generator) -> None:
    angle = float(rng.uniform(0, np.pi))
    half = length_px * 0.8 * np.array((np.cos(angle), np.sin(angle)))
    colour = [int(v) for v in rng.integers(10, 230, 3)]
    start, end = (np.array(centre) - half).astype(int), (np.array(centre) + half).astype(int)
    thick = max(2, round(length_px * 0.1))
    cv2.line(picture, start.tolist(), end.tolist(), [v // 2 for v in colour], thick, cv2.LINE_AA)
    cv2.line(picture, start.tolist(), end.tolist(), colour, max(1, thick // 2), cv2.LINE_AA)


def _disc(picture: Picture, centre: tuple[float, float], radius: float, rng: np.random.Generator) -> None:
    colour = rng.integers(60, 235, 3)
    at = (round(centre[0]), round(centre[1]))
    for share, tone in ((1.0, 0.75), (0.92, 1.0), (0.8, 0.85)):
        cv2.circle(picture, at, max(1, round(radius * share)), [int(v * tone) for v in colour], -1, cv2.LINE_AA)


def _cable(picture: Picture, length_px: float, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    t = np.linspace(0, 1, 60)[:, None]
    p = rng.uniform(-0.1, 1.1, (4, 2)) * (width, height)
    curve = (1 - t) ** 3 * p[0] + 3 * t * (1 - t) ** 2 * p[1] + 3 * t**2 * (1 - t) * p[2] + t**3 * p[3]
    tone = int(rng.integers(15, 240))
    cv2.polylines(picture, [np.round(curve).astype(np.int32)], isClosed=False, color=(tone, tone, tone),
                  thickness=max(2, round(length_px * 0.035)), lineType=cv2.LINE_AA)  # fmt: skip


def _sheet_of_text(
    picture: Picture,
    centre: tuple[float, float],
    length_px: float,
    split: Split,
    rng: np.random.Generator,
    *,
    card: bool,
) -> None:
    sheet = _paper(split, int(rng.integers(4)), card=card)
    height, width = sheet.shape[:2]
    scale = length_px / width * (1.0 if card else float(rng.uniform(1.2, 2.4)))
    angle = float(rng.uniform(0, 2 * np.pi))
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    into = np.array(((cos, -sin, centre[0]), (sin, cos, centre[1])), np.float64)
    into[:, 2] -= into[:, :2] @ (width / 2, height / 2)
    corners = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float64) @ into[:, :2].T + into[:, 2]
    low = np.maximum(np.floor(corners.min(axis=0)), 0).astype(int)
    high = np.minimum(np.ceil(corners.max(axis=0)), (picture.shape[1], picture.shape[0])).astype(int)
    if (high <= low).any():
        return
    into[:, 2] -= low
    part = picture[low[1] : high[1], low[0] : high[0]]
    cv2.warpAffine(sheet, into, (int(high[0] - low[0]), int(high[1] - low[1])), dst=part, flags=cv2.INTER_LINEAR,
                   borderMode=cv2.BORDER_TRANSPARENT)  # fmt: skip
    picture[low[1] : high[1], low[0] : high[0]] = part


@lru_cache(maxsize=16)
def _paper(split: Split, variant: int, *, card: bool) -> Picture:
    rng = np.random.default_rng((variant, split is Split.TEST, card))
    size = (600, 378) if card else (600, 800)
    tint = tuple(int(v) for v in (rng.integers(40, 235, 3) if card else rng.integers(215, 250, 3)))
    image = Image.new("RGB", size, tint)
    pen = ImageDraw.Draw(image)
    ink = (245, 245, 245) if sum(tint) < 380 else (40, 40, 48)
    for top in range(34, size[1] - 30, 92 if card else 40):
        letters = "".join(
            chr(int(v)) for v in rng.choice(np.frombuffer(b"ABDEKLMNORSTU 0123456789", np.uint8), 18 if card else 30)
        )
        pen.text((30, top), letters, ink, font("sans_bold" if card else "serif", 34 if card else 22))
    return np.asarray(image, np.uint8)

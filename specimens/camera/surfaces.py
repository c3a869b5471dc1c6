"""What documents lie on: procedural surfaces, made once per kind and split, then cut, turned, scaled and tinted anew."""

from collections.abc import Callable
from functools import lru_cache
from zlib import crc32

import cv2
import numpy as np

from fixtures.patterns import FloatImage, fractal_noise, table_top
from specimens.attack_protocol import Split
from specimens.camera.busy import book_page, carpet, keyboard, marble, news_print, patterned_cloth, tiles
from specimens.flat import Homography, Picture

SIZE = (1400, 1050)
LARGE_FRAME_PX = 3_000_000
"""Above it the surface is seen at half the scale: it is magnified there anyway, and half the time goes into it."""
_Maker = Callable[[np.random.Generator, tuple[int, int]], FloatImage]


def _table(kind: str) -> _Maker:
    def make(rng: np.random.Generator, size: tuple[int, int]) -> FloatImage:
        return table_top(kind, rng, size)

    return make


def _plain(rng: np.random.Generator, size: tuple[int, int]) -> FloatImage:
    tone = (
        178 + 9 * fractal_noise(rng, size, cell_px=240, octaves=2) + 2 * fractal_noise(rng, size, cell_px=3, octaves=1)
    )
    return np.repeat(tone[..., None], 3, axis=2).astype(np.float32)


MAKERS: dict[Split, dict[str, _Maker]] = {
    Split.TRAIN: {
        "wood": _table("wood"), "cloth": _table("cloth"), "desk": _table("desk"), "plain": _plain, "marble": marble,
        "news_print": news_print, "carpet": carpet,
    },
    Split.TEST: {
        "wood": _table("wood"), "leather": _table("leather"), "plain": _plain, "keyboard": keyboard, "tiles": tiles,
        "patterned_cloth": patterned_cloth, "book_page": book_page, "desk": _table("desk"),
    },
}  # fmt: skip
"""The surfaces of each split; those with one name in both come from other seeds."""


def surface(
    split: Split,
    frame_px: tuple[int, int],
    plane_to_frame: Homography,
    rng: np.random.Generator,
    like: tuple[float, ...] | None,
) -> Picture:
    """A surface seen by the camera, shape of the frame. `like`: an RGB mean that it must hardly differ from.

    `plane_to_frame` takes pixels of the table's plane (about as large as those of the frame) to the frame.
    """
    kinds = MAKERS[split]
    kind = "plain" if like is not None else str(rng.choice(list(kinds)))
    base = _made(kind, split, int(rng.integers(2)))
    tint = rng.uniform(0.65, 1.3) * (1 + rng.uniform(-0.12, 0.12, 3))
    if like is not None:
        tint = np.array(like) / base.reshape(-1, 3).mean(axis=0) * (1 + rng.uniform(-0.05, 0.05))
    base = np.asarray(cv2.LUT(base, np.clip(np.arange(256)[:, None] * tint, 0, 255).astype(np.uint8)[None]), np.uint8)
    scale = max(frame_px) / SIZE[0] * float(rng.uniform(0.8, 1.7))
    angle = float(rng.uniform(0, 2 * np.pi))
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    x, y = (
        frame_px[0] / 2 - SIZE[0] / 2 * cos + SIZE[1] / 2 * sin,
        frame_px[1] / 2 - SIZE[0] / 2 * sin - SIZE[1] / 2 * cos,
    )
    place = np.array(((cos, -sin, x), (sin, cos, y), (0, 0, 1)))
    into = plane_to_frame @ place
    if frame_px[0] * frame_px[1] <= LARGE_FRAME_PX:
        return _warped(base, into, frame_px)
    half = _warped(base, np.diag((0.5, 0.5, 1.0)) @ into, (frame_px[0] // 2, frame_px[1] // 2))
    return np.asarray(cv2.resize(half, frame_px, interpolation=cv2.INTER_LINEAR), np.uint8)


def _warped(base: Picture, into: Homography, size: tuple[int, int]) -> Picture:
    return np.asarray(
        cv2.warpPerspective(base, into, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.uint8
    )


@lru_cache(maxsize=32)
def _made(kind: str, split: Split, variant: int) -> Picture:
    rng = np.random.default_rng((crc32(kind.encode()), crc32(split.encode()), variant))
    return np.clip(MAKERS[split][kind](rng, SIZE), 0, 255).astype(np.uint8)

"""A z-buffer in numpy: which triangle each pixel sees, and where in it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from specimens.heads.parts import ByteImage, Floats, Ints

LARGEST_PX = 4096
"""Triangles whose frame has more pixels than this are cut off the list: they are behind or at the camera."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Triangles to draw: corners in space, corners on the texture, and the texture (BGR or BGRA, linear lookup)."""

    triangles: Ints
    uv_triangles: Ints
    uv: Floats
    texture: ByteImage
    both_sides: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """What the pixels see: ``pixel`` (flat index), ``triangle``, perspective-correct ``weights`` (N x 3), ``depth``."""

    pixel: NDArray[np.int64]
    triangle: NDArray[np.int64]
    weights: Floats
    depth: Floats


def rasterise(screen: Floats, depth: Floats, surface: Surface, width: int, height: int) -> Hits:
    """Nearest hits of ``surface``; ``screen`` (V x 2, pixels), ``depth`` (V, before the camera) of its vertices.

    Texels whose alpha is below one half are holes.
    """
    kept = _visible(screen, depth, surface, width, height)
    corners = screen[surface.triangles[kept]]
    low = np.clip(np.ceil(corners.min(axis=1)), 0, (width, height)).astype(np.int32)
    high = np.clip(np.floor(corners.max(axis=1)) + 1, 0, (width, height)).astype(np.int32)
    span = np.maximum(high - low, 0)
    sizes = span[:, 0] * span[:, 1]
    of = np.repeat(np.arange(len(kept)), sizes)
    inside_frame = (np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)).astype(np.int32)
    down, across = np.divmod(inside_frame, span[of, 0])
    x, y = (low[of, 0] + across).astype(np.float32), (low[of, 1] + down).astype(np.float32)
    flat = _weights(corners, of, x, y)
    inside = flat.min(axis=0) >= 0
    of, x, y, flat = of[inside], x[inside], y[inside], flat[:, inside]
    inverse = flat / depth[surface.triangles[kept[of]]].T
    nearness = inverse.sum(axis=0)
    weights = (inverse / nearness).T.astype(np.float32)
    hits = Hits((y * width + x).astype(np.int64), kept[of], weights, (1 / nearness).astype(np.float32))
    return _nearest(_solid(hits, surface), width * height)


def uv_of(hits: Hits, surface: Surface) -> Floats:
    """Texture coordinates (N x 2, in texels) of ``hits``."""
    rows, columns = surface.texture.shape[:2]
    uv = np.einsum("nk,nkc->nc", hits.weights, surface.uv[surface.uv_triangles[hits.triangle]])
    return np.stack([uv[:, 0] * columns - 0.5, (1 - uv[:, 1]) * rows - 0.5], axis=1).astype(np.float32)


def _visible(screen: Floats, depth: Floats, surface: Surface, width: int, height: int) -> NDArray[np.int64]:
    a, b, c = (screen[surface.triangles[:, corner]] for corner in range(3))
    twice_area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    low, high = np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)
    on_screen = (high >= 0).all(axis=1) & (low[:, 0] < width) & (low[:, 1] < height)
    facing = np.abs(twice_area) > 1e-6 if surface.both_sides else twice_area < -1e-6
    before = (depth[surface.triangles] > 0.1).all(axis=1)
    moderate = np.prod(np.minimum(high, (width, height)) - np.maximum(low, 0), axis=1) < LARGEST_PX * 16
    return np.flatnonzero(on_screen & facing & before & moderate)


def _weights(corners: Floats, of: NDArray[np.int64], x: Floats, y: Floats) -> Floats:
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    lines = []
    for p, q in ((b, c), (c, a)):
        # Each weight is linear in x and y: three numbers a triangle, not a product a pixel.
        dx, dy = -(q[:, 1] - p[:, 1]) / area, (q[:, 0] - p[:, 0]) / area
        lines.append((dx, dy, -(dx * p[:, 0] + dy * p[:, 1])))
    first, second = ((dx[of] * x + dy[of] * y + at[of]) for dx, dy, at in lines)
    return np.stack([first, second, 1 - first - second]).astype(np.float32)


def _solid(hits: Hits, surface: Surface) -> Hits:
    if surface.texture.shape[2] == 3:
        return hits
    texel = np.round(uv_of(hits, surface)).astype(np.int64)
    rows, columns = surface.texture.shape[:2]
    solid = surface.texture[texel[:, 1] % rows, texel[:, 0] % columns, 3] > 127
    return Hits(hits.pixel[solid], hits.triangle[solid], hits.weights[solid], hits.depth[solid])


def _nearest(hits: Hits, pixels: int) -> Hits:
    nearest = np.full(pixels, np.inf, np.float32)
    np.minimum.at(nearest, hits.pixel, hits.depth)
    first = np.flatnonzero(hits.depth <= nearest[hits.pixel])
    _, unique = np.unique(hits.pixel[first], return_index=True)
    kept = first[unique]
    return Hits(hits.pixel[kept], hits.triangle[kept], hits.weights[kept], hits.depth[kept])

"""Drawn pictures and hand-made files that the imaging tests feed to the decoder."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

DATA: Final = Path(__file__).parent / "data"
RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (240, 240, 240)
QUADRANTS_BGR: Final = [(30, 30, 220), (30, 200, 30), (220, 30, 30), (240, 240, 240)]
"""Top left, top right, bottom left, bottom right."""


def quadrants(width: int = 320, height: int = 240) -> Image.Image:
    """Red, green / blue, white: every turn and mirror image of it looks different."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = RED
    pixels[: height // 2, width // 2 :] = GREEN
    pixels[height // 2 :, : width // 2] = BLUE
    pixels[height // 2 :, width // 2 :] = WHITE
    return Image.fromarray(pixels)


def texture(width: int = 96, height: int = 64, seed: int = 7) -> Image.Image:
    """Blocks of random colour: enough entropy that a cut falls into picture data."""
    blocks = np.random.default_rng(seed).integers(0, 255, (height // 4, width // 4, 3), dtype=np.uint8)
    return Image.fromarray(blocks.repeat(4, 0).repeat(4, 1))


def saved(image: Image.Image, file_type: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_type, **options)
    return buffer.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_by_hand(width: int, height: int, *more: bytes, bits: int = 8, colour: int = 2, rows: bytes = b"\x00") -> bytes:
    """A PNG with a correct header, ``more`` chunks after it, and ``rows`` as its inflated picture."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    chunks = [png_chunk(b"IHDR", header), *more, png_chunk(b"IDAT", zlib.compress(rows)), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def corner_colours(pixels: NDArray[np.uint8]) -> list[tuple[int, ...]]:
    """The middle of each quadrant: top left, top right, bottom left, bottom right."""
    height, width = pixels.shape[:2]
    middles = [(height // 4, width // 4), (height // 4, 3 * width // 4)]
    middles += [(y + height // 2, x) for y, x in middles]
    return [tuple(int(v) for v in pixels[y, x]) for y, x in middles]


def is_close(found: list[tuple[int, ...]], expected: list[tuple[int, ...]], tolerance: int = 6) -> bool:
    """Whether all colours agree within what lossy compression does to flat areas."""
    return bool(np.abs(np.subtract(found, expected)).max() <= tolerance)

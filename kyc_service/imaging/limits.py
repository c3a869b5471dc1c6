"""Limits a picture must keep before a single pixel of it is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What ``decode`` accepts.

    ``max_bytes``: 15 MB holds a 50-megapixel JPEG of a phone at its usual quality.
    ``max_pixels``: 50-megapixel sensors write up to 8192 x 6144 = 50.3 million pixels, so
    52 million lets every main camera through and keeps the decoded picture under 156 MB;
    the 108 and 200 megapixel modes add no detail to a card and are refused. Above 89 million
    Pillow's own guard refuses PNG, WebP and CMYK whatever is set here.
    ``max_side_px`` ends stripes that no later stage was made for. ``min_side_px`` is the
    least side on which anything could be seen; whether a document or face is large enough
    is for the stages that find it. ``max_scans`` bounds the work a progressive JPEG asks
    for (cameras write 10 or so; each further scan decodes the whole picture again).
    """

    max_bytes: int = 15_000_000
    max_pixels: int = 52_000_000
    max_side_px: int = 16_384
    min_side_px: int = 32
    max_scans: int = 32


DEFAULT_LIMITS: Final = DecodeLimits()

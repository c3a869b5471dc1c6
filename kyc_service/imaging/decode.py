"""Bytes to checked pixels: the only door by which a picture enters.

The type is recognised from the content. Emptiness, bytes, pixels, sides, frames and the
file's own structure are checked before a decoder runs, so that what is refused costs
almost nothing; what a decoder still finds wrong becomes a refusal too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kyc_service.imaging import heic, jpeg, png, webp
from kyc_service.imaging.header import Header
from kyc_service.imaging.limits import DEFAULT_LIMITS, DecodeLimits
from kyc_service.imaging.metadata import read_metadata
from kyc_service.imaging.picture import MediaType, Picture, Pixels
from kyc_service.imaging.raster import turn_upright
from kyc_service.imaging.refusals import ImageCorrupt, ImageEmpty, ImageTooLarge, ImageTypeUnsupported

_REDUCTIONS: Final = (8, 4, 2)
_UPRIGHT: Final = 1
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})


@dataclass(frozen=True, slots=True)
class _Codec:
    inspect: Callable[[bytes, DecodeLimits], Header]
    read_pixels: Callable[[Header, int], Pixels]


_CODECS: Final = {
    MediaType.JPEG: _Codec(jpeg.inspect, jpeg.read_pixels),
    MediaType.PNG: _Codec(png.inspect, png.read_pixels),
    MediaType.WEBP: _Codec(webp.inspect, webp.read_pixels),
    MediaType.HEIC: _Codec(heic.inspect, heic.read_pixels),
}


def decode(data: bytes, limits: DecodeLimits = DEFAULT_LIMITS, *, target_long_side_px: int | None = None) -> Picture:
    """Check and decode one still picture: JPEG, PNG, WebP or HEIC.

    Args:
        data: The file as it was sent.
        limits: What is accepted.
        target_long_side_px: What the caller needs. The picture is reduced to 1/2, 1/4 or 1/8
            as long as its long side stays at least this; without it, it is decoded in full.

    Returns:
        The picture: BGR uint8 HxWx3, upright by its EXIF orientation, alpha laid on white,
        16 bits scaled to 8, colour profiles ignored.

    Raises:
        ImageRefused: One of its leaves, saying why the bytes cannot be used.
        DecoderMemoryExhausted: No memory for a picture within the limits.
    """
    media_type = _checked_type(data, limits)
    codec = _CODECS[media_type]
    header = codec.inspect(data, limits)
    reduction = choose_reduction(max(header.width, header.height), target_long_side_px)
    stored = codec.read_pixels(header, reduction)
    expected = (-(-header.height // reduction), -(-header.width // reduction), 3)
    if stored.shape != expected:
        raise ImageCorrupt
    metadata = read_metadata(header.exif)
    orientation = _UPRIGHT if media_type is MediaType.HEIC else metadata.orientation or _UPRIGHT
    size = (header.height, header.width) if orientation in _SIDEWAYS else (header.width, header.height)
    return Picture(
        pixels=turn_upright(stored, orientation),
        width=size[0],
        height=size[1],
        media_type=media_type,
        sha256=hashlib.sha256(data).hexdigest(),
        metadata=metadata,
    )


def recognise_type(data: bytes) -> MediaType | None:
    """The type of ``data`` by its first bytes; ``None`` where it is none that is decoded.

    >>> recognise_type(b"hello, I am a selfie.jpg") is None
    True
    """
    if data.startswith(jpeg.MAGIC):
        return MediaType.JPEG
    if data.startswith(png.MAGIC):
        return MediaType.PNG
    if webp.is_webp(data):
        return MediaType.WEBP
    return MediaType.HEIC if heic.is_heif(data) else None


def choose_reduction(long_side_px: int, target_long_side_px: int | None) -> int:
    """The largest of 8, 4, 2 and 1 that leaves a long side of at least the target.

    >>> [choose_reduction(4000, target) for target in (2400, 2000, 1600, 500, None)]
    [1, 2, 2, 8, 1]
    """
    if target_long_side_px is None:
        return 1
    return next((r for r in _REDUCTIONS if -(-long_side_px // r) >= target_long_side_px), 1)


def _checked_type(data: bytes, limits: DecodeLimits) -> MediaType:
    if not data:
        raise ImageEmpty
    if len(data) > limits.max_bytes:
        raise ImageTooLarge(f"The picture has {len(data)} bytes; at most {limits.max_bytes} are allowed.")
    media_type = recognise_type(data)
    if media_type is None:
        raise ImageTypeUnsupported
    return media_type

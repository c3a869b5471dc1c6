"""PNG: walk the chunks, keep the picture, leave the rest behind.

Only IHDR, PLTE, tRNS, IDAT and IEND reach the decoder, so compressed texts and profiles
(zlib bombs) are never inflated. Source: W3C PNG, third edition.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from PIL import Image

from kyc_service.imaging.header import Header, check_size
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.picture import Pixels
from kyc_service.imaging.raster import bgr_from_pillow, refuse_what_decoders_raise
from kyc_service.imaging.refusals import ImageAnimated, ImageCorrupt, ImageTooComplex, ImageTruncated

MAGIC: Final = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS: Final = 20_000

_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_FRAME: Final = 12
_HEADER_BYTES: Final = 13


def inspect(data: bytes, limits: DecodeLimits) -> Header:
    """Size, EXIF and the bare picture of a PNG file.

    Raises:
        ImageAnimated: The file is an APNG of several frames.
        ImageCorrupt: The chunks contradict the standard.
        ImageTooComplex: More chunks than any program writes.
        ImageTooManyPixels: See :func:`check_size`.
        ImageTooSmall: See :func:`check_size`.
        ImageTruncated: The file ends before the picture does.
    """
    kept = [MAGIC]
    exif = b""
    size: tuple[int, int] | None = None
    for kind, whole, body in _chunks(data):
        if (kind == b"IHDR") is (size is not None):
            raise ImageCorrupt
        if size is None:
            size = _read_size(body)
            check_size(*size, limits)
        elif kind == b"acTL" and int.from_bytes(body[:4], "big") > 1:
            raise ImageAnimated
        elif kind == b"eXIf":
            exif = bytes(body)
        if kind in _KEPT:
            kept.append(bytes(whole))
    if size is None:
        raise ImageCorrupt
    return Header(*size, b"".join(kept), exif)


def read_pixels(header: Header, reduction: int) -> Pixels:
    """BGR pixels at 1/``reduction`` of the stored size, rounded up; not yet upright.

    Raises:
        ImageCorrupt: The decoder gave up.
        ImageTruncated: The compressed picture ends too early.
    """
    with refuse_what_decoders_raise(), Image.open(io.BytesIO(header.payload), formats=["PNG"]) as image:
        return bgr_from_pillow(image, reduction)


def _read_size(body: memoryview) -> tuple[int, int]:
    if len(body) != _HEADER_BYTES:
        raise ImageCorrupt
    return int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview, memoryview]]:
    """Each chunk up to IEND: its type, all its bytes, its body."""
    view = memoryview(data)
    position = len(MAGIC)
    for _ in range(MAX_CHUNKS):
        end = position + _FRAME + int.from_bytes(data[position : position + 4], "big")
        if end > len(data):
            raise ImageTruncated
        kind = data[position + 4 : position + 8]
        yield kind, view[position:end], view[position + 8 : end - 4]
        if kind == b"IEND":
            return
        position = end
    raise ImageTooComplex

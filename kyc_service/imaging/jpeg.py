"""JPEG: walk the markers, then decode at the smallest scale that is enough.

The walk (ITU-T T.81, annex B) finds the size, EXIF and the end of the picture without
decoding, and hands on only what a decoder needs: metadata, profiles, comments and trailing
pictures (MPF, gain maps) stay behind. libjpeg fills what a cut-off file lacks with grey,
so a file without its end marker is refused here. Scaling happens inside the inverse DCT,
where half the size costs about half the time.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kyc_service.imaging.header import Header, check_size
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.picture import Pixels
from kyc_service.imaging.raster import bgr_from_pillow, refuse_what_decoders_raise
from kyc_service.imaging.refusals import ImageCorrupt, ImageTooComplex, ImageTruncated, ImageTypeUnsupported

MAGIC: Final = b"\xff\xd8\xff"
MAX_SEGMENTS: Final = 2_000

_SOI: Final = b"\xff\xd8"
_EOI: Final = 0xD9
_SOS: Final = 0xDA
_APP1: Final = 0xE1
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_SUPPORTED_SOF: Final = frozenset({0xC0, 0xC1, 0xC2})
_OTHER_SOF: Final = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
# JFIF and Adobe say how colours are stored; every other APPn and the comment are left behind.
_DROPPED: Final = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
_EXIF_PREFIX: Final = b"Exif\x00\x00"
_SOF_MIN_BYTES: Final = 6
_CMYK: Final = 4
_CHANNELS: Final = frozenset({1, 3, _CMYK})
_BITS: Final = 8

_REDUCED: Final = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}


def inspect(data: bytes, limits: DecodeLimits) -> Header:
    """Size, EXIF and the bare picture of a JPEG file.

    Raises:
        ImageCorrupt: The markers contradict the standard.
        ImageTooComplex: More scans or segments than any camera writes.
        ImageTooManyPixels: See :func:`check_size`.
        ImageTooSmall: See :func:`check_size`.
        ImageTruncated: The file ends before the picture does.
        ImageTypeUnsupported: Arithmetic, lossless, hierarchical or 12-bit JPEG.
    """
    kept = [_SOI]
    exif = b""
    frame: tuple[int, int, int] | None = None
    scans = 0
    for code, whole, body in _segments(data):
        if code == _APP1 and not exif and bytes(body[: len(_EXIF_PREFIX)]) == _EXIF_PREFIX:
            exif = bytes(body[len(_EXIF_PREFIX) :])
        if code in _OTHER_SOF:
            raise ImageTypeUnsupported("Only baseline and progressive JPEG with Huffman coding is supported.")
        if code in _SUPPORTED_SOF:
            if frame is not None:
                raise ImageCorrupt
            frame = _read_frame(body)
            check_size(frame[0], frame[1], limits)
        if code == _SOS:
            scans += 1
        if scans > limits.max_scans:
            raise ImageTooComplex
        if code not in _DROPPED:
            kept.append(bytes(whole))
    if frame is None or not scans:
        raise ImageCorrupt
    width, height, channels = frame
    return Header(width, height, b"".join(kept), exif, channels)


def read_pixels(header: Header, reduction: int) -> Pixels:
    """BGR pixels at 1/``reduction`` (1, 2, 4 or 8) of the stored size, rounded up; not yet upright.

    CMYK goes through Pillow, which knows about Adobe's inverted inks.

    Raises:
        ImageCorrupt: The decoder gave up.
    """
    with refuse_what_decoders_raise():
        if header.channels == _CMYK:
            return _read_cmyk(header, reduction)
        buffer = np.frombuffer(header.payload, dtype=np.uint8)
        pixels = cv2.imdecode(buffer, _REDUCED[reduction] | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        raise ImageCorrupt
    return np.asarray(pixels, dtype=np.uint8)


def _read_cmyk(header: Header, reduction: int) -> Pixels:
    with Image.open(io.BytesIO(header.payload), formats=["JPEG"]) as image:
        # draft() takes the largest reduction that does not fall below the size asked for.
        image.draft(None, (header.width // reduction, header.height // reduction))
        return bgr_from_pillow(image)


def _read_frame(body: memoryview) -> tuple[int, int, int]:
    """Width, height and number of components of a frame header."""
    if len(body) < _SOF_MIN_BYTES:
        raise ImageCorrupt
    bits, channels = body[0], body[5]
    if bits != _BITS or channels not in _CHANNELS:
        raise ImageTypeUnsupported("Only JPEG with 8 bits and 1, 3 or 4 channels is supported.")
    return int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"), channels


def _segments(data: bytes) -> Iterator[tuple[int, memoryview, memoryview]]:
    """Each segment up to the end of the picture: marker code, all its bytes, its body.

    A start of scan comes with the entropy-coded data that follows it.
    """
    view = memoryview(data)
    position = len(_SOI)
    markers: NDArray[np.intp] | None = None
    for _ in range(MAX_SEGMENTS):
        start = position
        while position < len(data) and data[position] == 0xFF:  # noqa: PLR2004 - the marker byte
            position += 1
        if position >= len(data):
            raise ImageTruncated
        if position == start:
            raise ImageCorrupt
        code = data[position]
        position += 1
        if code == _EOI:
            yield code, view[position - 2 : position], view[:0]
            return
        if code in _STANDALONE:
            continue
        end = _segment_end(data, position)
        body = view[position + 2 : end]
        position = end
        if code == _SOS:
            markers = _markers_from(data, end) if markers is None else markers
            position = _first_from(markers, end)
        yield code, view[start:position], body
    raise ImageTooComplex


def _segment_end(data: bytes, position: int) -> int:
    length = int.from_bytes(data[position : position + 2], "big")
    if position + max(length, 2) > len(data):
        raise ImageTruncated
    if length < 2:  # noqa: PLR2004 - the length counts its own two bytes
        raise ImageCorrupt
    return position + length


def _markers_from(data: bytes, start: int) -> NDArray[np.intp]:
    """Where, from ``start`` on, a byte 0xFF is neither stuffed (00), filling (FF) nor a restart (D0..D7)."""
    tail = np.frombuffer(memoryview(data)[start:], dtype=np.uint8)
    at = np.flatnonzero(tail[:-1] == 0xFF)  # noqa: PLR2004 - the marker byte
    after = tail[at + 1]
    is_marker = (after != 0) & (after != 0xFF) & ((after & 0xF8) != 0xD0)  # noqa: PLR2004 - see above
    return np.asarray(at[is_marker] + start, dtype=np.intp)


def _first_from(markers: NDArray[np.intp], position: int) -> int:
    index = int(np.searchsorted(markers, position))
    if index == len(markers):
        raise ImageTruncated
    return int(markers[index])

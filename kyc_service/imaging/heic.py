"""HEIC: read the boxes' promise, then decode the one picture with libheif.

Every size promised anywhere in the file (``ispe``: the picture and each of its tiles) is
checked before libheif sees it. libheif applies the file's own turn and mirror boxes; the
EXIF orientation of a HEIC only repeats them and must not be applied again. Source:
ISO/IEC 14496-12, ISO/IEC 23008-12.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pi_heif import HeifFile, options  # type: ignore[import-untyped]
from PIL import Image

from kyc_service.imaging.header import Header, check_size
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.picture import Pixels
from kyc_service.imaging.raster import bgr_from_pillow, reduce_pixels, refuse_what_decoders_raise
from kyc_service.imaging.refusals import (
    ImageAnimated,
    ImageCorrupt,
    ImageTooManyPixels,
    ImageTruncated,
    ImageTypeUnsupported,
)

DECODE_THREADS: Final = 2
# Neither thumbnails nor depth maps are wanted, and what is not read cannot be hostile.
options.DECODE_THREADS = DECODE_THREADS
options.THUMBNAILS = False
options.DEPTH_IMAGES = False
options.AUX_IMAGES = False

_STILL: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
_SEQUENCE: Final = frozenset({b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"})
_GENERIC: Final = b"mif1"
_BOX_BYTES: Final = 8
_LARGE_BOX_BYTES: Final = 16
_MAX_BOXES: Final = 1_000
_EXTENT: Final = re.compile(rb"ispe\x00{4}(.{4})(.{4})", re.DOTALL)
_EXIF_PREFIX: Final = b"Exif\x00\x00"


def is_heif(data: bytes) -> bool:
    """Whether ``data`` opens with a file type box of the HEIF family, a sequence included."""
    return data[4:_BOX_BYTES] == b"ftyp" and bool(_brands(data) & (_STILL | _SEQUENCE))


def inspect(data: bytes, limits: DecodeLimits) -> Header:
    """Size (turned upright by libheif) and EXIF of a HEIC file.

    Raises:
        ImageAnimated: The file holds a sequence or several pictures of equal rank.
        ImageCorrupt: The boxes contradict the standard.
        ImageTooManyPixels: See :func:`check_size`.
        ImageTooSmall: See :func:`check_size`.
        ImageTruncated: A box reaches beyond the end of the file.
        ImageTypeUnsupported: A HEIF file whose picture is not HEVC.
    """
    brands = _brands(data)
    if data[_BOX_BYTES : _BOX_BYTES + 4] in _SEQUENCE:
        raise ImageAnimated
    if not brands & _STILL:
        raise ImageTypeUnsupported
    _check_boxes(data)
    for found in _EXTENT.finditer(data):
        _check_extent(int.from_bytes(found[1], "big"), int.from_bytes(found[2], "big"), limits)
    with refuse_what_decoders_raise():
        container = HeifFile(data)
    if len(container) != 1:
        raise ImageAnimated if len(container) else ImageCorrupt
    width, height = container.size
    check_size(width, height, limits)
    exif = container.info.get("exif") or b""
    return Header(width, height, data, exif.removeprefix(_EXIF_PREFIX))


def read_pixels(header: Header, reduction: int) -> Pixels:
    """BGR pixels, upright, at 1/``reduction`` of the size, rounded up.

    Raises:
        ImageCorrupt: The decoder gave up.
    """
    with refuse_what_decoders_raise():
        image = HeifFile(header.payload, bgr_mode=True)[0]
        if image.mode == "BGR":
            rows: NDArray[np.uint8] = np.asarray(image)[:, : image.size[0]]
            return reduce_pixels(np.ascontiguousarray(rows), reduction)
        plain = HeifFile(header.payload)[0]
        return bgr_from_pillow(
            Image.frombytes(plain.mode, plain.size, plain.data, "raw", plain.mode, plain.stride), reduction
        )


def _brands(data: bytes) -> frozenset[bytes]:
    """The major and compatible brands of the file type box."""
    end = min(int.from_bytes(data[:4], "big"), len(data), 256)
    compatible = range(_LARGE_BOX_BYTES, end - 3, 4)
    return frozenset({data[_BOX_BYTES : _BOX_BYTES + 4], *(data[at : at + 4] for at in compatible)})


def _check_boxes(data: bytes) -> None:
    """Walk the outer boxes: each must end where the next begins, the last at the end of the file."""
    position = 0
    for _ in range(_MAX_BOXES):
        if position == len(data):
            return
        length = int.from_bytes(data[position : position + 4], "big")
        if length == 0:  # the last box, to the end of the file
            return
        if length == 1:
            length = int.from_bytes(data[position + _BOX_BYTES : position + _LARGE_BOX_BYTES], "big")
        if position + length > len(data):
            raise ImageTruncated
        if length < _BOX_BYTES:
            raise ImageCorrupt
        position += length
    raise ImageCorrupt


def _check_extent(width: int, height: int, limits: DecodeLimits) -> None:
    """A tile or the whole: tiles may be small, but none may be larger than a picture may."""
    if width * height > limits.max_pixels or max(width, height) > limits.max_side_px:
        raise ImageTooManyPixels

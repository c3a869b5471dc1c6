"""HEIC: read the boxes' promise, then decode the one picture with libheif in a process apart.

Some broken files crash libheif's Python binding, and a crash would take the service down
with all it is doing. So each HEIC is decoded by a child with bounded memory and time; if it
dies, the file is refused. Starting it costs about as much as decoding a megapixel or two.

Every size promised anywhere in the file (``ispe``: the picture and each of its tiles) is
checked before libheif sees it. libheif applies the file's own turn and mirror boxes; the
EXIF orientation of a HEIC only repeats them and must not be applied again. Source:
ISO/IEC 14496-12, ISO/IEC 23008-12.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image

from kyc_service.imaging.header import Header, check_size
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.picture import Pixels
from kyc_service.imaging.raster import bgr_from_pillow, reduce_pixels, refuse_what_decoders_raise
from kyc_service.imaging.refusals import (
    ImageAnimated,
    ImageCorrupt,
    ImageTooComplex,
    ImageTooManyPixels,
    ImageTruncated,
    ImageTypeUnsupported,
)

DECODE_THREADS: Final = 2
CHILD_CPU_S: Final = 20
CHILD_WALL_S: Final = 30.0

_CHILD: Final = Path(__file__).with_name("heic_child.py")
# libheif's planes, its RGB copy and the tiles in flight come to about 10 bytes a pixel; the rest is the interpreter.
_CHILD_BYTES_PER_PIXEL: Final = 16
_CHILD_BASE_BYTES: Final = 600_000_000

_STILL: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
_SEQUENCE: Final = frozenset({b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"})
_BOX_BYTES: Final = 8
_LARGE_BOX_BYTES: Final = 16
_MAX_BRAND_BYTES: Final = 256
_MAX_BOXES: Final = 1_000
_EXTENT: Final = re.compile(rb"ispe\x00{4}(.{4})(.{4})", re.DOTALL)
_EXIF_PREFIX: Final = b"Exif\x00\x00"


def is_heif(data: bytes) -> bool:
    """Whether ``data`` opens with a file type box of the HEIF family, a sequence included."""
    return data[4:_BOX_BYTES] == b"ftyp" and bool(_brands(data) & (_STILL | _SEQUENCE))


def inspect(data: bytes, limits: DecodeLimits) -> Header:
    """Check a HEIC file and decode it in the child: the header's ``payload`` is its pixels.

    Raises:
        ImageAnimated: The file holds a sequence or several pictures of equal rank.
        ImageCorrupt: The boxes contradict the standard, or the decoder gave up or crashed.
        ImageTooComplex: Decoding took too long.
        ImageTooManyPixels: See :func:`check_size`.
        ImageTooSmall: See :func:`check_size`.
        ImageTruncated: A box reaches beyond the end of the file.
        ImageTypeUnsupported: A HEIF file whose picture is not HEVC.
    """
    if data[_BOX_BYTES : _BOX_BYTES + 4] in _SEQUENCE:
        raise ImageAnimated
    if not _brands(data) & _STILL:
        raise ImageTypeUnsupported
    _check_boxes(data)
    for found in _EXTENT.finditer(data):
        _check_extent(int.from_bytes(found[1], "big"), int.from_bytes(found[2], "big"), limits)
    answer = _run_child(data, limits)
    with refuse_what_decoders_raise():
        end = answer.index(b"\n")
        return _read_answer(json.loads(answer[:end]), memoryview(answer)[end + 1 :], limits)


def read_pixels(header: Header, reduction: int) -> Pixels:
    """BGR pixels, upright, at 1/``reduction`` of the size, rounded up.

    Raises:
        ImageCorrupt: The child's answer does not fit itself.
    """
    with refuse_what_decoders_raise():
        if header.mode != "RGB":
            size = (header.width, header.height)
            image = Image.frombytes(header.mode, size, header.payload, "raw", header.mode, header.stride)
            return reduce_pixels(bgr_from_pillow(image), reduction)
        rows = np.frombuffer(header.payload, dtype=np.uint8).reshape(header.height, header.stride)
        rgb = rows[:, : 3 * header.width].reshape(header.height, header.width, 3)
        return np.asarray(cv2.cvtColor(reduce_pixels(rgb, reduction), cv2.COLOR_RGB2BGR), dtype=np.uint8)


def _run_child(data: bytes, limits: DecodeLimits) -> bytes:
    memory_bytes = _CHILD_BASE_BYTES + _CHILD_BYTES_PER_PIXEL * limits.max_pixels
    bounds = (limits.max_pixels, limits.max_side_px, DECODE_THREADS, memory_bytes, CHILD_CPU_S)
    # -I and the empty environment: the child inherits neither import paths nor secrets.
    command = [sys.executable, "-I", str(_CHILD), *map(str, bounds)]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program with numbers as arguments
            command, input=data, capture_output=True, timeout=CHILD_WALL_S, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ImageTooComplex from error
    if done.returncode != 0:
        raise ImageCorrupt
    return done.stdout


def _read_answer(about: dict[str, int | str], parts: memoryview, limits: DecodeLimits) -> Header:
    if "pictures" in about:
        raise ImageAnimated if about["pictures"] else ImageCorrupt
    if "too_large" in about:
        raise ImageTooManyPixels
    width, height, stride, start = (int(about[key]) for key in ("width", "height", "stride", "exif"))
    check_size(width, height, limits)
    exif = bytes(parts[:start]).removeprefix(_EXIF_PREFIX)
    return Header(width, height, parts[start:], exif, mode=str(about["mode"]), stride=stride)


def _brands(data: bytes) -> frozenset[bytes]:
    """The major and compatible brands of the file type box."""
    end = min(int.from_bytes(data[:4], "big"), len(data), _MAX_BRAND_BYTES)
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

"""Traces that software leaves in a file: how it was compressed, by which program, with which thumbnail.

Only the head of the file is read, within bounds, and never anything that decodes pixels
but the thumbnail, which goes through the same door as every upload. Sources: ITU-T T.81
annex B and K; CIPA DC-008; Adobe XMP specification, part 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from kyc_service.imaging.decode import decode
from kyc_service.imaging.picture import MediaType, Picture, Pixels
from kyc_service.imaging.raster import turn_upright
from kyc_service.imaging.refusals import ImageRefused

_HEAD_BYTES: Final = 262_144
_MAX_SEGMENTS: Final = 200
_DQT: Final = 0xDB
_SOS: Final = 0xDA
_COMMENT: Final = 0xFE
_TABLE_BYTES: Final = 64
_BASE_LUMA_SUM: Final = 3688.0
"""Sum of the luma table of T.81 annex K.1, which libjpeg calls quality 50."""
_CREATOR_TOOL: Final = re.compile(rb"CreatorTool(?:>|=[\"'])([^<\"']{1,128})")
_EDITORS: Final = (
    "photoshop", "lightroom", "gimp", "snapseed", "picsart", "pixelmator", "affinity", "facetune", "faceapp",
    "meitu", "beautyplus", "faceu", "paint.net", "krita", "canva", "stable diffusion", "midjourney", "comfyui",
    "automatic1111", "dall-e", "remini", "deepface", "fotor", "photodirector", "美图", "轻颜", "醒图", "天天p图",
)  # fmt: skip
"""Programs whose business is to change pictures; a camera's firmware names itself otherwise."""
_THUMBNAIL: Final = re.compile(rb"\xff\xd8\xff[\xdb\xc4\xe0\xe1]")
_THUMBNAIL_SIDE_PX: Final = 48
_MAX_THUMBNAIL_BYTES: Final = 65_536
_BAR_LUMA: Final = 12


@dataclass(frozen=True, slots=True)
class FileTraces:
    """What the head of a file shows.

    ``jpeg_quality``: libjpeg's scale 1..100, estimated from the luma table; ``None`` where
    it is no JPEG. ``is_standard_table``: the table is a scaled annex K one, which software
    writes and many cameras do not. ``programs``: what names itself as the writer.
    ``editor``: the first of them that is known to change pictures. ``comment``: the JPEG
    comment, if printable. ``thumbnail_likeness``: correlation of the EXIF thumbnail with
    the picture, -1..1; ``None`` where there is none.
    """

    jpeg_quality: int | None
    is_standard_table: bool
    programs: tuple[str, ...]
    editor: str | None
    comment: str | None
    thumbnail_likeness: float | None


def read_traces(data: bytes, picture: Picture) -> FileTraces:
    """The traces in ``data``, the file that ``picture`` was decoded from."""
    head = data[:_HEAD_BYTES]
    table, comment = _segments(head) if picture.media_type is MediaType.JPEG else (None, None)
    creator = _CREATOR_TOOL.search(head)
    named = (picture.metadata.software, creator.group(1).decode("utf-8", "replace") if creator else None, comment)
    programs = tuple(name for name in named if name)
    quality, is_standard = (None, False) if table is None else _quality(table)
    return FileTraces(quality, is_standard, programs, editor_among(programs), comment, _thumbnail(head, picture))


def editor_among(programs: tuple[str, ...]) -> str | None:
    """The first name that belongs to a program made for changing pictures.

    >>> editor_among(("HUAWEI 12.0", "Adobe Photoshop 25.1"))
    'photoshop'
    """
    lowered = [program.lower() for program in programs]
    return next((editor for name in lowered for editor in _EDITORS if editor in name), None)


def _segments(head: bytes) -> tuple[bytes | None, str | None]:
    """The luma quantisation table in zigzag order, and the comment."""
    table: bytes | None = None
    comment: str | None = None
    position = 2
    for _ in range(_MAX_SEGMENTS):
        if position + 4 > len(head) or head[position] != 0xFF or head[position + 1] == _SOS:  # noqa: PLR2004 - marker
            break
        code, length = head[position + 1], int.from_bytes(head[position + 2 : position + 4])
        body = head[position + 4 : position + 2 + length]
        if code == _DQT and table is None:
            table = _luma_table(body)
        if code == _COMMENT and comment is None:
            comment = "".join(c for c in body[:128].decode("utf-8", "replace") if c.isprintable() and c != "\ufffd")
        position += 2 + max(length, 2)
    return table, comment or None


def _luma_table(body: bytes) -> bytes | None:
    """The first table, if it is number 0 with 8 bits."""
    is_luma = len(body) > _TABLE_BYTES and body[0] == 0
    return body[1 : 1 + _TABLE_BYTES] if is_luma else None


def _quality(table: bytes) -> tuple[int, bool]:
    """Quality on libjpeg's scale by the table's sum, and whether the table is the standard one at that quality."""
    scale = 100.0 * sum(table) / _BASE_LUMA_SUM
    quality = round((200.0 - scale) / 2.0) if scale <= 100 else round(5000.0 / scale)  # noqa: PLR2004 - jcparam.c
    quality = min(100, max(1, quality))
    near = (_standard(q) == table for q in range(max(1, quality - 1), min(100, quality + 1) + 1))
    return quality, any(near)


def _standard(quality: int) -> bytes:
    """What libjpeg writes at ``quality``, in zigzag order."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality  # noqa: PLR2004 - jcparam.c
    return bytes(min(255, max(1, (value * scale + 50) // 100)) for value in _ANNEX_K_ZIGZAG)


def _thumbnail(head: bytes, picture: Picture) -> float | None:
    """How like the thumbnail in the EXIF block is to the picture."""
    exif = head.find(b"Exif\x00\x00")
    found = _THUMBNAIL.search(head, exif) if 0 <= exif < _MAX_SEGMENTS else None
    if found is None:
        return None
    segment = int.from_bytes(head[exif - 2 : exif])
    if found.start() >= exif - 2 + segment:
        return None
    block = head[found.start() : min(exif - 2 + segment, found.start() + _MAX_THUMBNAIL_BYTES)]
    end = block.rfind(b"\xff\xd9")
    try:
        small = decode(block[: end + 2]).pixels
    except ImageRefused:
        return None
    return thumbnail_likeness(turn_upright(small, picture.metadata.orientation or 1), picture.pixels)


def thumbnail_likeness(thumbnail: Pixels, pixels: Pixels) -> float:
    """Correlation of the two at 48 x 48, black bars of the thumbnail cut off; -1..1."""
    luma = np.asarray(cv2.cvtColor(thumbnail, cv2.COLOR_BGR2GRAY))
    rows, columns = (np.flatnonzero(luma.max(axis=axis) > _BAR_LUMA) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return 0.0
    luma = luma[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    size = (_THUMBNAIL_SIDE_PX, _THUMBNAIL_SIDE_PX)
    planes = [cv2.resize(p, size, interpolation=cv2.INTER_AREA).astype(np.float64) for p in (luma, _grey(pixels))]
    one, other = (plane - plane.mean() for plane in planes)
    spread = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / spread if spread > 0 else 0.0


def _grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


_ANNEX_K_ZIGZAG: Final = (
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51,
    61, 60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77,
    113, 121, 112, 100, 120, 92, 101, 103, 99,
)  # fmt: skip

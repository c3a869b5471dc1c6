"""A bounded reader of EXIF: just the tags that are evidence, from bytes nobody vouches for.

Written by hand because the general readers warn, recurse and inflate on hostile bytes.
This one reads at most four directories of at most 512 entries and never raises. Source:
TIFF 6.0, section 2; CIPA DC-008.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final, Literal

MAX_ENTRIES: Final = 512
MAX_TEXT_BYTES: Final = 512
MAX_NUMBERS: Final = 8

Value = str | tuple[float, ...]
Directory = dict[int, Value]

EXIF_DIRECTORY: Final = 0x8769
GPS_DIRECTORY: Final = 0x8825

_MIN_BYTES: Final = 8
_ENTRY_BYTES: Final = 12
_INLINE_BYTES: Final = 4
_BYTE_ORDERS: Final[dict[bytes, Literal["little", "big"]]] = {b"II*\x00": "little", b"MM\x00*": "big"}
_TEXT: Final = 2
_SHORT: Final = 3
_LONG: Final = 4
_RATIONAL: Final = 5
_SIGNED_RATIONAL: Final = 10
_TYPE_BYTES: Final = {_TEXT: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 8, _SIGNED_RATIONAL: 8}


@dataclass(frozen=True, slots=True)
class ExifDirectories:
    """Tag to value. Texts are stripped; numbers are tuples of floats (empty where one divides by zero)."""

    main: Directory
    exif: Directory
    gps: Directory


def read_directories(tiff: bytes) -> ExifDirectories:
    """The main, EXIF and GPS directories of a TIFF structure; empty where it is garbage."""
    order = _BYTE_ORDERS.get(tiff[:4])
    if order is None or len(tiff) < _MIN_BYTES:
        return ExifDirectories({}, {}, {})
    main = _read_directory(tiff, order, int.from_bytes(tiff[4:8], order))
    return ExifDirectories(
        main,
        _read_directory(tiff, order, _pointer(main, EXIF_DIRECTORY)),
        _read_directory(tiff, order, _pointer(main, GPS_DIRECTORY)),
    )


def _pointer(main: Directory, tag: int) -> int:
    value = main.get(tag)
    return int(value[0]) if isinstance(value, tuple) and value else 0


def _read_directory(tiff: bytes, order: Literal["little", "big"], start: int) -> Directory:
    if start < _MIN_BYTES or start + 2 > len(tiff):
        return {}
    count = min(int.from_bytes(tiff[start : start + 2], order), MAX_ENTRIES)
    directory: Directory = {}
    for at in range(start + 2, start + 2 + count * _ENTRY_BYTES, _ENTRY_BYTES):
        entry = tiff[at : at + _ENTRY_BYTES]
        if len(entry) < _ENTRY_BYTES:
            break
        value = _read_value(tiff, order, entry)
        if value is not None:
            directory[int.from_bytes(entry[:2], order)] = value
    return directory


def _read_value(tiff: bytes, order: Literal["little", "big"], entry: bytes) -> Value | None:
    kind = int.from_bytes(entry[2:4], order)
    width = _TYPE_BYTES.get(kind)
    if width is None:
        return None
    count = min(int.from_bytes(entry[4:8], order), MAX_TEXT_BYTES if kind == _TEXT else MAX_NUMBERS)
    length = count * width
    start = int.from_bytes(entry[8:12], order)
    raw = entry[8 : 8 + length] if length <= _INLINE_BYTES else tiff[start : start + length]
    if len(raw) < length:
        return None
    if kind == _TEXT:
        return _clean_text(raw)
    return _numbers(raw, kind, count, "<" if order == "little" else ">")


def _clean_text(raw: bytes) -> str:
    """Up to the first zero byte, printable characters only."""
    text = raw.partition(b"\x00")[0].decode("utf-8", "replace")
    return "".join(c for c in text if c.isprintable() and c != "\ufffd").strip()


def _numbers(raw: bytes, kind: int, count: int, order: str) -> tuple[float, ...]:
    match kind:
        case 3:
            return tuple(map(float, struct.unpack(f"{order}{count}H", raw)))
        case 4:
            return tuple(map(float, struct.unpack(f"{order}{count}L", raw)))
        case _:
            letter = "l" if kind == _SIGNED_RATIONAL else "L"
            parts = struct.unpack(f"{order}{2 * count}{letter}", raw)
            if not all(parts[1::2]):
                return ()
            return tuple(top / bottom for top, bottom in zip(parts[::2], parts[1::2], strict=True))

"""Frames that were sent one by one, in a ZIP archive that only stores: nothing is ever inflated.

It has no comment and holds ``times.json``, a list of milliseconds, and ``0000.jpg``,
``0001.jpg`` ... in their order. What the archive says of itself is checked before any of it is read.
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Sequence
from typing import Final

from kyc_service.imaging.clip.types import (
    FRAME_LONG_SIDE_PX,
    ClipLimits,
    ClipTooLong,
    TimedFrame,
    check_length,
    reduced,
)
from kyc_service.imaging.decode import decode
from kyc_service.imaging.refusals import ImageCorrupt, ImageEmpty, ImageTooLarge

_TIMES: Final = "times.json"
_TIMES_BYTES: Final = 64 * 1024
_FRAME_NAME: Final = re.compile(r"(\d{4})\.(?:jpg|jpeg|png|webp)", re.ASCII)
_END: Final = struct.Struct("<4s4H2LH")
"""The record that ends an archive; its last field is the length of a comment."""
_END_MARK: Final = b"PK\x05\x06"
_LARGE_END_MARK: Final = b"PK\x06\x07"
_LARGE_END_BYTES: Final = 20
_MEMBER_BYTES: Final = 256
"""What the archive's list may hold of one member: its 46 bytes, a name of 9, and what archivers add."""


def pack_frames(frames: Sequence[bytes], times_ms: Sequence[int]) -> bytes:
    """An archive of ``frames`` (JPEG, PNG or WebP files) with the milliseconds at which each was taken.

    Raises:
        ImageRefused: there are not as many times as frames, or none at all.
    """
    if len(frames) != len(times_ms):
        raise ImageCorrupt(f"{len(frames)} frames came with {len(times_ms)} times; each frame needs one.")
    if not frames:
        raise ImageEmpty("There are no frames.")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(_TIMES), json.dumps([int(time) for time in times_ms]))
        for number, frame in enumerate(frames):
            archive.writestr(zipfile.ZipInfo(f"{number:04d}.jpg"), frame)
    return packed.getvalue()


def decode_frames(data: bytes, limits: ClipLimits) -> tuple[list[TimedFrame], int, int]:
    """The frames of an archive, with their width and height at full size.

    Raises:
        ImageRefused: it, or a picture in it, cannot be used.
    """
    _check_end(data, limits)
    found: list[TimedFrame] = []
    width = height = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive, limits)
            times = _times(archive.read(_TIMES), len(members))
            check_length(max(times) - times[0], limits)
            for member, at_ms in zip(members, times, strict=True):
                picture = decode(archive.read(member), limits.frame, target_long_side_px=FRAME_LONG_SIDE_PX)
                width, height = picture.width, picture.height
                found.append(TimedFrame(reduced(picture.pixels), at_ms - times[0]))
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError, RecursionError) as cause:
        raise ImageCorrupt("The archive of frames cannot be read, or lacks times.json.") from cause
    return found, width, height


def _check_end(data: bytes, limits: ClipLimits) -> None:
    """Refuse a list of members that is long enough to fill the memory, before it is read."""
    if len(data) < _END.size + _LARGE_END_BYTES:
        raise ImageCorrupt("The archive of frames is cut off.")
    mark, _, _, _, count, list_bytes, _, comment = _END.unpack(data[-_END.size :])
    before = data[-_END.size - _LARGE_END_BYTES : -_END.size]
    if mark != _END_MARK or comment or before.startswith(_LARGE_END_MARK):
        raise ImageCorrupt("The archive of frames must end with its list, without a comment and not as ZIP64.")
    if count > limits.max_frames + 1:
        raise ClipTooLong(f"The clip has {count - 1} frames; at most {limits.max_frames} are allowed.")
    if list_bytes > (limits.max_frames + 1) * _MEMBER_BYTES:
        raise ImageCorrupt("The list of the archive of frames is longer than its frames need.")


def _members(archive: zipfile.ZipFile, limits: ClipLimits) -> list[zipfile.ZipInfo]:
    """The frames in their order, none of them read yet."""
    members = archive.infolist()
    if any(member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1 for member in members):
        raise ImageCorrupt("The archive of frames must store them as they are, without compression.")
    frames = sorted((member for member in members if member.filename != _TIMES), key=lambda member: member.filename)
    if len(frames) > limits.max_frames:
        raise ClipTooLong(f"The clip has {len(frames)} frames; at most {limits.max_frames} are allowed.")
    names = [_FRAME_NAME.fullmatch(member.filename) for member in frames]
    if len(members) != len(frames) + 1 or [int(name[1]) if name else -1 for name in names] != list(range(len(frames))):
        raise ImageCorrupt("The archive must hold times.json and the frames 0000.jpg, 0001.jpg ..., each once.")
    for member in members:
        _check_member(member, _TIMES_BYTES if member.filename == _TIMES else limits.frame.max_bytes)
    if sum(member.file_size for member in members) > limits.max_bytes:
        raise ImageTooLarge(f"The frames have more than {limits.max_bytes} bytes together.")
    return frames


def _check_member(member: zipfile.ZipInfo, max_bytes: int) -> None:
    if member.file_size != member.compress_size:
        raise ImageCorrupt("A file in the archive of frames gives two sizes.")
    if member.file_size > max_bytes:
        raise ImageTooLarge(f"A file in the archive of frames has over {max_bytes} bytes.")


def _times(text: bytes, count: int) -> list[int]:
    times = json.loads(text)
    if not isinstance(times, list) or not all(type(at_ms) is int and abs(at_ms) < 2**53 for at_ms in times):
        raise ImageCorrupt("The times of the frames must be a list of whole milliseconds.")
    if len(times) != count or not times:
        raise ImageCorrupt(f"{count} frames came with {len(times)} times; each frame needs one.")
    return times

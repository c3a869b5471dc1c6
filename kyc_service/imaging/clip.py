"""Clips: pictures with times, decoded from a video or from frames that were sent one by one.

A video (MP4 or WebM) is read from memory, never from a file on disk. Frames come in a ZIP
archive that only stores (nothing is ever inflated) and has no comment: ``times.json``, a list
of milliseconds, and ``0000.jpg``, ``0001.jpg`` ... in their order. :func:`pack_frames` writes one.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import struct
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.imaging.decode import decode
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.refusals import (
    ImageCorrupt,
    ImageEmpty,
    ImageRefused,
    ImageTooComplex,
    ImageTooLarge,
    ImageTypeUnsupported,
)

FRAME_LONG_SIDE_PX: Final = 640
"""What a frame is reduced to at most: a face in half the frame keeps its lids apart."""

_LEAST_STEP_MS: Final = 28
"""Frames of a video that follow each other faster (60 a second) tell nothing more, and are left out."""
_TIMES: Final = "times.json"
_ZIP: Final = b"PK\x03\x04"
_MATROSKA: Final = b"\x1a\x45\xdf\xa3"
_FTYP: Final = b"ftyp"
_TIMES_BYTES: Final = 64 * 1024
_FRAME_NAME: Final = re.compile(r"(\d{4})\.(?:jpg|jpeg|png|webp)", re.ASCII)
_END: Final = struct.Struct("<4s4H2LH")
"""The record that ends an archive; its last field is the length of a comment."""
_END_MARK: Final = b"PK\x05\x06"
_LARGE_END_MARK: Final = b"PK\x06\x07"
_LARGE_END_BYTES: Final = 20
_MEMBER_BYTES: Final = 256
"""What the archive's list may hold of one member: its 46 bytes, a name of 9, and what archivers add."""
_DECODED_PER_FRAME: Final = 4
"""How many frames of a video may be decoded for each that may be kept: 120 a second for 30."""


class ClipMediaType(StrEnum):
    """What a clip may come as."""

    MP4 = "video/mp4"
    WEBM = "video/webm"
    FRAMES = "application/zip"


class ClipTooLong(ImageRefused):
    """The clip lasts longer, or has more frames, than allowed."""

    code = "clip_too_long"


@dataclass(frozen=True, slots=True)
class ClipLimits:
    """What :func:`decode_clip` accepts.

    No challenge lasts longer than ``max_length_ms``. ``max_frames`` of 640 pixels take 276 MB
    at 16:9, 369 MB at 4:3 and 492 MB where they are square. ``max_decode_s`` seconds of wall
    time are the most that a video's frames may take to decode.
    """

    max_bytes: int = 30_000_000
    max_frames: int = 400
    max_length_ms: int = 30_000
    max_decode_s: float = 20.0
    frame: DecodeLimits = field(default_factory=lambda: DecodeLimits(max_bytes=4_000_000, max_pixels=4_200_000))


_CODECS: Final[Mapping[ClipMediaType, frozenset[str]]] = {
    ClipMediaType.MP4: frozenset({"H264", "HEVC", "FMP4", "VP90", "AV01"}),
    ClipMediaType.WEBM: frozenset({"VP80", "VP90", "AV01"}),
}
"""What phones and browsers record, as OpenCV names it in capitals (``FMP4`` is MPEG-4 part 2)."""


DEFAULT_CLIP_LIMITS: Final = ClipLimits()


@dataclass(frozen=True, slots=True, eq=False)
class TimedFrame:
    """One frame: ``pixels`` (HxWx3 BGR uint8), ``at_ms`` milliseconds since the first frame."""

    pixels: NDArray[np.uint8]
    at_ms: int


@dataclass(frozen=True, slots=True)
class Clip:
    """Frames in the order they came in, all of one size; their times should grow, but are as they were sent."""

    frames: tuple[TimedFrame, ...]

    @property
    def length_ms(self) -> int:
        """Time of the last frame."""
        return self.frames[-1].at_ms if self.frames else 0


@dataclass(frozen=True, slots=True)
class ClipFile:
    """A clip and what is known of its file: ``width`` and ``height`` of its frames at full size."""

    clip: Clip
    media_type: ClipMediaType
    sha256: str
    width: int
    height: int


def decode_clip(data: bytes, limits: ClipLimits = DEFAULT_CLIP_LIMITS) -> ClipFile:
    """Check and decode a clip; frames are reduced to 640 pixels along their longer side.

    Raises:
        ImageRefused: One of its leaves, saying why the bytes cannot be used.
    """
    if not data:
        raise ImageEmpty("The clip has no bytes.")
    if len(data) > limits.max_bytes:
        raise ImageTooLarge(f"The clip has {len(data)} bytes; at most {limits.max_bytes} are allowed.")
    media_type = recognise_clip(data)
    if media_type is None:
        raise ImageTypeUnsupported("The bytes are neither an MP4 or WebM video nor an archive of frames.")
    frames, width, height = _decoded(data, media_type, limits)
    if not frames:
        raise ImageCorrupt("The clip has no frame that can be decoded.")
    if len({frame.pixels.shape for frame in frames}) > 1:
        raise ImageCorrupt("The frames of the clip differ in size.")
    return ClipFile(Clip(tuple(frames)), media_type, hashlib.sha256(data).hexdigest(), width, height)


def _decoded(data: bytes, media_type: ClipMediaType, limits: ClipLimits) -> tuple[list[TimedFrame], int, int]:
    if media_type is ClipMediaType.FRAMES:
        return _frames(data, limits)
    return _video(data, _CODECS[media_type], limits)


def recognise_clip(data: bytes) -> ClipMediaType | None:
    """The type of ``data`` by its first bytes; ``None`` where it is none that is decoded.

    >>> recognise_clip(b"GIF89a") is None
    True
    """
    if data.startswith(_ZIP):
        return ClipMediaType.FRAMES
    if data.startswith(_MATROSKA):
        return ClipMediaType.WEBM
    return ClipMediaType.MP4 if data[4:8] == _FTYP else None


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


def _frames(data: bytes, limits: ClipLimits) -> tuple[list[TimedFrame], int, int]:
    _check_end(data, limits)
    found: list[TimedFrame] = []
    width = height = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive, limits)
            times = _times(archive.read(_TIMES), len(members))
            _check_length(max(times) - times[0], limits)
            for member, at_ms in zip(members, times, strict=True):
                picture = decode(archive.read(member), limits.frame, target_long_side_px=FRAME_LONG_SIDE_PX)
                width, height = picture.width, picture.height
                found.append(TimedFrame(_reduced(picture.pixels), at_ms - times[0]))
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


def _check_length(length_ms: float, limits: ClipLimits) -> None:
    if length_ms > limits.max_length_ms:
        raise ClipTooLong(f"The clip lasts {length_ms:.0f} ms; at most {limits.max_length_ms} are allowed.")


def _video(data: bytes, codecs: frozenset[str], limits: ClipLimits) -> tuple[list[TimedFrame], int, int]:
    with _opened(data) as video:
        width, height = _checked_size(video, codecs, limits)
        found: list[TimedFrame] = []
        for at_ms in _grabbed(video, limits):
            if found and 0 < at_ms - found[-1].at_ms < _LEAST_STEP_MS:
                continue
            if len(found) == limits.max_frames:
                raise ClipTooLong(f"The clip has more than {limits.max_frames} frames.")
            is_read, pixels = video.retrieve()
            if not is_read or pixels.shape != (height, width, 3):
                raise ImageCorrupt("A frame of the video is not of the size that the video gives.")
            found.append(TimedFrame(_reduced(np.asarray(pixels, dtype=np.uint8)), round(at_ms)))
        return found, width, height


def _checked_size(video: cv2.VideoCapture, codecs: frozenset[str], limits: ClipLimits) -> tuple[int, int]:
    """Width and height by the header of a video whose codec is one of ``codecs``."""
    width, height = int(video.get(cv2.CAP_PROP_FRAME_WIDTH)), int(video.get(cv2.CAP_PROP_FRAME_HEIGHT))
    if not video.isOpened() or min(width, height) < limits.frame.min_side_px:
        raise ImageCorrupt("The video cannot be decoded, or is too small to show anything.")
    codec = int(video.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=True).decode("ascii", "replace")
    if codec.upper() not in codecs:
        raise ImageTypeUnsupported(
            "The video must be H.264, HEVC, MPEG-4, VP9 or AV1 in MP4, or VP8, VP9 or AV1 in WebM."
        )
    if width * height > limits.frame.max_pixels or max(width, height) > limits.frame.max_side_px:
        raise ImageTooLarge(f"Frames of {width} x {height} are larger than allowed.")
    return width, height


def _grabbed(video: cv2.VideoCapture, limits: ClipLimits) -> Iterator[float]:
    """The milliseconds since the first frame of each that is decoded, kept or not; the work is bounded here."""
    started = time.monotonic()
    first: float | None = None
    count = 0
    while video.grab():
        count += 1
        if count > _DECODED_PER_FRAME * limits.max_frames:
            raise ClipTooLong(f"The video has more than {_DECODED_PER_FRAME * limits.max_frames} frames.")
        if time.monotonic() - started > limits.max_decode_s:
            raise ImageTooComplex(
                f"The video takes over {limits.max_decode_s:g} seconds to decode; send a smaller one."
            )
        at_ms = video.get(cv2.CAP_PROP_POS_MSEC)
        first = at_ms if first is None else first
        _check_length(at_ms - first, limits)
        yield at_ms - first


@contextmanager
def _opened(data: bytes) -> Iterator[cv2.VideoCapture]:
    """The video, read through an anonymous file in memory: nothing personal touches a disk unencrypted."""
    handle = os.memfd_create("clip")
    try:
        with os.fdopen(os.dup(handle), "wb") as file:
            file.write(data)
        video = cv2.VideoCapture(f"/proc/self/fd/{handle}", cv2.CAP_FFMPEG)
        try:
            yield video
        finally:
            video.release()
    finally:
        os.close(handle)


def _reduced(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = FRAME_LONG_SIDE_PX / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)

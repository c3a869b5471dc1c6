"""Clips: pictures with times, decoded from a video or from frames that were sent one by one.

A video (MP4 or WebM) is read from memory, never from a file on disk. Frames come in a ZIP
archive that only stores (nothing is ever inflated): ``times.json``, a list of
milliseconds, and ``0000.jpg``, ``0001.jpg`` ... in their order. :func:`pack_frames` writes one.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.imaging.decode import decode
from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.refusals import ImageCorrupt, ImageEmpty, ImageRefused, ImageTooLarge, ImageTypeUnsupported

FRAME_LONG_SIDE_PX: Final = 640
"""What a frame is reduced to at most: a face in half the frame keeps its lids apart."""

_LEAST_STEP_MS: Final = 28
"""Frames of a video that follow each other faster (60 a second) tell nothing more, and are left out."""
_TIMES: Final = "times.json"
_ZIP: Final = b"PK\x03\x04"
_MATROSKA: Final = b"\x1a\x45\xdf\xa3"
_FTYP: Final = b"ftyp"


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

    No challenge lasts longer than ``max_length_ms``; ``max_frames`` of 640 pixels take 370 MB.
    """

    max_bytes: int = 30_000_000
    max_frames: int = 400
    max_length_ms: int = 30_000
    frame: DecodeLimits = field(default_factory=lambda: DecodeLimits(max_bytes=4_000_000, max_pixels=4_200_000))


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
    frames, width, height = _frames(data, limits) if media_type is ClipMediaType.FRAMES else _video(data, limits)
    if not frames:
        raise ImageCorrupt("The clip has no frame that can be decoded.")
    if len({frame.pixels.shape for frame in frames}) > 1:
        raise ImageCorrupt("The frames of the clip differ in size.")
    return ClipFile(Clip(tuple(frames)), media_type, hashlib.sha256(data).hexdigest(), width, height)


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
    files, times = _unpacked(data, limits)
    first = times[0]
    found: list[TimedFrame] = []
    width = height = 0
    for file, time in zip(files, times, strict=True):
        picture = decode(file, limits.frame, target_long_side_px=FRAME_LONG_SIDE_PX)
        width, height = picture.width, picture.height
        found.append(TimedFrame(_reduced(picture.pixels), time - first))
    return found, width, height


def _unpacked(data: bytes, limits: ClipLimits) -> tuple[list[bytes], list[int]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if any(member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1 for member in members):
                raise ImageCorrupt("The archive of frames must store them as they are, without compression.")
            names = sorted(member.filename for member in members if member.filename != _TIMES)
            if len(names) > limits.max_frames:
                raise ClipTooLong(f"The clip has {len(names)} frames; at most {limits.max_frames} are allowed.")
            times = _times(archive.read(_TIMES), len(names))
            _check_length(max(times) - times[0], limits)
            return [archive.read(name) for name in names], times
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError) as cause:
        raise ImageCorrupt("The archive of frames cannot be read, or lacks times.json.") from cause


def _times(text: bytes, count: int) -> list[int]:
    times = json.loads(text)
    if not isinstance(times, list) or not all(type(time) is int and abs(time) < 2**53 for time in times):
        raise ImageCorrupt("The times of the frames must be a list of whole milliseconds.")
    if len(times) != count or not times:
        raise ImageCorrupt(f"{count} frames came with {len(times)} times; each frame needs one.")
    return times


def _check_length(length_ms: float, limits: ClipLimits) -> None:
    if length_ms > limits.max_length_ms:
        raise ClipTooLong(f"The clip lasts {length_ms:.0f} ms; at most {limits.max_length_ms} are allowed.")


def _video(data: bytes, limits: ClipLimits) -> tuple[list[TimedFrame], int, int]:
    with _opened(data) as video:
        width, height = int(video.get(cv2.CAP_PROP_FRAME_WIDTH)), int(video.get(cv2.CAP_PROP_FRAME_HEIGHT))
        if not video.isOpened() or min(width, height) < limits.frame.min_side_px:
            raise ImageCorrupt("The video cannot be decoded, or is too small to show anything.")
        if width * height > limits.frame.max_pixels:
            raise ImageTooLarge(f"Frames of {width} x {height} are larger than allowed.")
        found: list[TimedFrame] = []
        first: float | None = None
        while True:
            is_read, pixels = video.read()
            if not is_read:
                return found, width, height
            at_ms = video.get(cv2.CAP_PROP_POS_MSEC)
            first = at_ms if first is None else first
            if found and 0 < at_ms - first - found[-1].at_ms < _LEAST_STEP_MS:
                continue
            if len(found) == limits.max_frames:
                raise ClipTooLong(f"The clip has more than {limits.max_frames} frames.")
            _check_length(at_ms - first, limits)
            found.append(TimedFrame(_reduced(np.asarray(pixels, dtype=np.uint8)), round(at_ms - first)))


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

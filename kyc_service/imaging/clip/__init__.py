"""Clips: decoded from a video (MP4 or WebM) or from frames that were sent one by one."""

from __future__ import annotations

import hashlib
from typing import Final

from kyc_service.imaging.clip.archive import decode_frames, pack_frames
from kyc_service.imaging.clip.types import (
    DEFAULT_CLIP_LIMITS,
    FRAME_LONG_SIDE_PX,
    Clip,
    ClipFile,
    ClipLimits,
    ClipMediaType,
    ClipTooLong,
    TimedFrame,
)
from kyc_service.imaging.clip.video import decode_video
from kyc_service.imaging.refusals import ImageCorrupt, ImageEmpty, ImageTooLarge, ImageTypeUnsupported

__all__ = [
    "DEFAULT_CLIP_LIMITS",
    "FRAME_LONG_SIDE_PX",
    "Clip",
    "ClipFile",
    "ClipLimits",
    "ClipMediaType",
    "ClipTooLong",
    "TimedFrame",
    "decode_clip",
    "pack_frames",
    "recognise_clip",
]

_ZIP: Final = b"PK\x03\x04"
_MATROSKA: Final = b"\x1a\x45\xdf\xa3"
_FTYP: Final = b"ftyp"


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
        return decode_frames(data, limits)
    return decode_video(data, media_type, limits)


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

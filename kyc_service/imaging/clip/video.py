"""Videos, read from memory and never from a file on disk; how much is decoded is bounded."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import cv2
import numpy as np

from kyc_service.imaging.clip.types import ClipLimits, ClipMediaType, ClipTooLong, TimedFrame, check_length, reduced
from kyc_service.imaging.refusals import ImageCorrupt, ImageTooComplex, ImageTooLarge, ImageTypeUnsupported

_LEAST_STEP_MS: Final = 28
"""Frames of a video that follow each other faster (60 a second) tell nothing more, and are left out."""
_DECODED_PER_FRAME: Final = 4
"""How many frames of a video may be decoded for each that may be kept: 120 a second for 30."""

_CODECS: Final[Mapping[ClipMediaType, frozenset[str]]] = {
    ClipMediaType.MP4: frozenset({"H264", "HEVC", "FMP4", "VP90", "AV01"}),
    ClipMediaType.WEBM: frozenset({"VP80", "VP90", "AV01", "H264"}),
}
"""What phones and browsers record, as OpenCV names it in capitals (``FMP4`` is MPEG-4 part 2)."""


def decode_video(data: bytes, media_type: ClipMediaType, limits: ClipLimits) -> tuple[list[TimedFrame], int, int]:
    """The frames of a video, with their width and height at full size.

    Raises:
        ImageRefused: it cannot be used.
    """
    with _opened(data) as video:
        width, height = _checked_size(video, _CODECS[media_type], limits)
        found: list[TimedFrame] = []
        for at_ms in _grabbed(video, limits):
            if found and 0 < at_ms - found[-1].at_ms < _LEAST_STEP_MS:
                continue
            if len(found) == limits.max_frames:
                raise ClipTooLong(f"The clip has more than {limits.max_frames} frames.")
            is_read, pixels = video.retrieve()
            if not is_read or pixels.shape != (height, width, 3):
                raise ImageCorrupt("A frame of the video is not of the size that the video gives.")
            found.append(TimedFrame(reduced(np.asarray(pixels, dtype=np.uint8)), round(at_ms)))
        return found, width, height


def _checked_size(video: cv2.VideoCapture, codecs: frozenset[str], limits: ClipLimits) -> tuple[int, int]:
    """Width and height by the header of a video whose codec is one of ``codecs``."""
    width, height = int(video.get(cv2.CAP_PROP_FRAME_WIDTH)), int(video.get(cv2.CAP_PROP_FRAME_HEIGHT))
    if not video.isOpened() or min(width, height) < limits.frame.min_side_px:
        raise ImageCorrupt("The video cannot be decoded, or is too small to show anything.")
    codec = int(video.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=True).decode("ascii", "replace")
    if codec.upper() not in codecs:
        raise ImageTypeUnsupported(
            "The video must be H.264, HEVC, MPEG-4, VP9 or AV1 in MP4, or VP8, VP9, AV1 or H.264 in WebM."
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
        check_length(at_ms - first, limits)
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

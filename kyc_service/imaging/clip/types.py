"""Clips: pictures with times, what is known of their file, and what is accepted of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.refusals import ImageRefused

FRAME_LONG_SIDE_PX: Final = 640
"""What a frame is reduced to at most: a face in half the frame keeps its lids apart."""


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


def check_length(length_ms: float, limits: ClipLimits) -> None:
    """Refuse what lasts longer than allowed.

    Raises:
        ClipTooLong: it does.
    """
    if length_ms > limits.max_length_ms:
        raise ClipTooLong(f"The clip lasts {length_ms:.0f} ms; at most {limits.max_length_ms} are allowed.")


def reduced(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """``pixels`` (HxWx3 BGR) with at most 640 of them along the longer side."""
    height, width = pixels.shape[:2]
    scale = FRAME_LONG_SIDE_PX / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)

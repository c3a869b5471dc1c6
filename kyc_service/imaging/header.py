"""What the headers of a file promise, checked before any pixel is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from kyc_service.imaging.limits import DecodeLimits
from kyc_service.imaging.refusals import ImageTooManyPixels, ImageTooSmall


@dataclass(frozen=True, slots=True)
class Header:
    """The promise of one file.

    ``width`` and ``height`` are those of the stored picture, before orientation.
    ``payload`` is what the pixel decoder gets: the file without metadata, profiles and
    whatever follows the picture, so that hostile metadata never reaches it. ``exif`` is
    the TIFF structure of the EXIF block, or empty. ``channels`` as stored (JPEG);
    ``mode`` (Pillow's name) and ``stride`` (bytes a row) where ``payload`` is raw (HEIC).
    """

    width: int
    height: int
    payload: bytes | memoryview
    exif: bytes = b""
    channels: int = 3
    mode: str = ""
    stride: int = 0


def check_size(width: int, height: int, limits: DecodeLimits) -> None:
    """Refuse pictures too small to show anything or too large to be decoded safely.

    Raises:
        ImageTooManyPixels: Too many pixels, or one side too long.
        ImageTooSmall: One side too short.
    """
    if width * height > limits.max_pixels:
        raise ImageTooManyPixels(f"The picture has {width} x {height} pixels; at most {limits.max_pixels} are allowed.")
    if max(width, height) > limits.max_side_px:
        raise ImageTooManyPixels(f"A side of the picture has over {limits.max_side_px} pixels.")
    if min(width, height) < limits.min_side_px:
        raise ImageTooSmall(f"The picture is {width} x {height} pixels; a side needs at least {limits.min_side_px}.")

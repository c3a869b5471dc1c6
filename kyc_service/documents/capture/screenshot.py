"""Whether a picture is a screenshot, by evidence that no camera and no scanner gives by chance.

All of it is asked for: a screen's exact size, whole rows of one exact colour between
content above and below them (bars and the empty parts of a viewer), and no word of a
camera in the metadata. A screenshot whose app fills the screen, or one that was cropped,
is not told by this; nor is a scan or a photograph with margins taken for one.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kyc_service.imaging.picture import Picture, Pixels

_PHONE_WIDTHS: Final = frozenset(
    {640, 720, 750, 828, 1080, 1125, 1170, 1179, 1206, 1220, 1242, 1260, 1284, 1290, 1320, 1344, 1440}
)
_PHONE_ASPECTS: Final = (1.7, 2.4)
_DESKTOPS: Final = frozenset(
    {(1280, 720), (1280, 800), (1366, 768), (1440, 900), (1536, 864), (1600, 900), (1680, 1050), (1920, 1080),
     (1920, 1200), (2560, 1440), (2560, 1600), (2880, 1800), (3024, 1964), (3456, 2234), (3840, 2160)}
)  # fmt: skip
"""What phones and computers have shown since 2012, in pixels as they store a screenshot."""
_LEAST_EVEN_ROWS: Final = 0.12
_EVEN: Final = 3
"""Luma steps within a row: JPEG of one colour stays within them."""
_LEAST_CONTENT_ROWS: Final = 3


def is_screenshot(picture: Picture) -> bool:
    """Whether everything that tells a screenshot is there."""
    says_camera = picture.metadata.camera_make is not None or picture.metadata.camera_model is not None
    return not says_camera and _is_screen_size(picture.width, picture.height) and _has_bars(picture.pixels)


def _is_screen_size(width: int, height: int) -> bool:
    """Whether a screen has this many pixels.

    >>> _is_screen_size(1170, 2532), _is_screen_size(1440, 900), _is_screen_size(3024, 4032)
    (True, True, False)
    """
    short, long = min(width, height), max(width, height)
    is_phone = short in _PHONE_WIDTHS and _PHONE_ASPECTS[0] <= long / short <= _PHONE_ASPECTS[1]
    return is_phone or (long, short) in _DESKTOPS


def _has_bars(pixels: Pixels) -> bool:
    """Whether rows of one colour lie above and below the content, and content of its own above or below those."""
    luma = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.int16)
    is_even = luma.max(axis=1) - luma.min(axis=1) <= _EVEN
    if is_even.mean() < _LEAST_EVEN_ROWS:
        return False
    changes = np.flatnonzero(np.diff(np.concatenate(([True], is_even, [True])).astype(np.int8)))
    content = [(a, b) for a, b in zip(changes[::2], changes[1::2], strict=True) if b - a >= _LEAST_CONTENT_ROWS]
    return len(content) > 1

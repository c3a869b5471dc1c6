"""Small upright pictures of captures, for pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.imaging.decode import decode
from kyc_service.imaging.encode import thumbnail_jpeg
from kyc_service.imaging.limits import DEFAULT_LIMITS, DecodeLimits

LONG_SIDE_PX: Final = 1000
QUALITY: Final = 78


def thumbnails_of(captures: Mapping[CaptureKind, bytes], limits: DecodeLimits = DEFAULT_LIMITS) -> dict[str, bytes]:
    """JPEG bytes by capture kind. ``limits`` are those that the captures were accepted under.

    Raises:
        ImageRefused: a capture is no usable picture.
    """
    return {
        kind.value: thumbnail_jpeg(decode(data, limits, target_long_side_px=LONG_SIDE_PX).pixels, LONG_SIDE_PX, QUALITY)
        for kind, data in captures.items()
    }

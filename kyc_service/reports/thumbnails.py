"""Small upright pictures of captures, for pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.imaging.decode import decode
from kyc_service.imaging.encode import thumbnail_jpeg

LONG_SIDE_PX: Final = 1000
QUALITY: Final = 78


def thumbnails_of(captures: Mapping[CaptureKind, bytes]) -> dict[str, bytes]:
    """JPEG bytes by capture kind.

    Raises:
        ImageRefused: a capture is no usable picture.
    """
    return {
        kind.value: thumbnail_jpeg(decode(data, target_long_side_px=LONG_SIDE_PX).pixels, LONG_SIDE_PX, QUALITY)
        for kind, data in captures.items()
    }

"""Small upright pictures of captures, for pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.captures import CaptureKind
from kyc_service.imaging.clip import ClipLimits, decode_clip
from kyc_service.imaging.decode import decode
from kyc_service.imaging.encode import thumbnail_jpeg
from kyc_service.imaging.limits import DEFAULT_LIMITS, DecodeLimits
from kyc_service.reports.film import film_of

LONG_SIDE_PX: Final = 1000
QUALITY: Final = 78


def thumbnails_of(captures: Mapping[CaptureKind, bytes], limits: DecodeLimits = DEFAULT_LIMITS) -> dict[str, bytes]:
    """JPEG bytes by capture kind; a clip becomes one picture of its frames.

    ``limits`` are those that the captures were accepted under.

    Raises:
        ImageRefused: a capture is no usable picture or clip.
    """
    return {
        kind.value: thumbnail_jpeg(_pixels(kind, data, limits), LONG_SIDE_PX, QUALITY)
        for kind, data in captures.items()
    }


def _pixels(kind: CaptureKind, data: bytes, limits: DecodeLimits) -> NDArray[np.uint8]:
    if kind is CaptureKind.LIVENESS:
        return film_of(decode_clip(data, ClipLimits(max_bytes=len(data))).clip)
    return decode(data, limits, target_long_side_px=LONG_SIDE_PX).pixels

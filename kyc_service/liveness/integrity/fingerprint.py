"""A fingerprint of what a picture shows: 256 bits that survive saving, scaling, noise and another brightness.

The picture is reduced to 64 x 64 luma; the signs of its 16 x 16 lowest frequencies, each
against the median of them all, are the bits. Source: Zauner,
"Implementation and benchmarking of perceptual image hash functions" (2010).

Limits of use: a fingerprint tells pictures, not people. It says nothing of a picture
without structure, nor of one that was mirrored, cropped by 2 % or photographed anew. It is made of a face and is personal data: keep it as one.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kyc_service.imaging.picture import Pixels

METHOD: Final = "dct_256"
"""The name of this method: only fingerprints of one method can be compared."""
BITS: Final = 256
_SIDE_PX: Final = 64
_FREQUENCIES: Final = 16


def fingerprint(pixels: Pixels) -> bytes:
    """The 32 bytes of ``pixels`` (HxWx3 BGR uint8, upright), the same at every size."""
    luma = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(luma, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    waves = np.asarray(cv2.dct(small.astype(np.float32)), dtype=np.float32)[1 : _FREQUENCIES + 1, 1 : _FREQUENCIES + 1]
    return np.packbits(waves > np.median(waves)).tobytes()


def distance(one: bytes, other: bytes) -> int:
    """How many of the 256 bits differ; unrelated pictures differ in about 128.

    >>> distance(bytes(32), bytes([255]) + bytes(31))
    8

    Raises:
        ValueError: They are not fingerprints of one kind.
    """
    if len(one) != len(other):
        raise ValueError("fingerprints of different lengths cannot be compared")
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()

"""A picture: checked pixels and what is known of the file they came from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kyc_service.domain.measurements import Point
from kyc_service.imaging.metadata import Metadata

Pixels = NDArray[np.uint8]
"""BGR, uint8, height x width x 3, C-contiguous."""


class MediaType(StrEnum):
    """The types that are decoded, by their registered names."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One upright picture.

    ``pixels`` are BGR uint8, HxWx3, upright, perhaps reduced while decoding; ``width`` and
    ``height`` are those of the upright picture at its full size, and ``scale`` =
    ``pixels.shape[1] / width`` (1, 1/2, 1/4 or 1/8, give or take the rounding of a pixel).
    ``sha256`` is the hex digest of the bytes as sent.
    """

    pixels: Pixels
    width: int
    height: int
    media_type: MediaType
    sha256: str
    metadata: Metadata

    @property
    def scale(self) -> float:
        """Pixels held per pixel of the full-size picture, along a side."""
        return float(self.pixels.shape[1]) / self.width

    def to_full_size(self, points: NDArray[np.floating]) -> tuple[Point, ...]:
        """``points`` (N x 2, x and y in ``pixels``) in full-size pixels, kept inside the picture.

        This is what :class:`~kyc_service.domain.measurements.Region` asks for.
        """
        full = np.asarray(points, dtype=np.float64).reshape(-1, 2) / self.scale
        bounded = np.clip(full, 0.0, (self.width, self.height))
        return tuple((float(x), float(y)) for x, y in np.round(bounded, 1))

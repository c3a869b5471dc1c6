"""A document as it leaves the printer, with the place of everything on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""RGB bytes, shape (height, width, 3)."""
Cover = NDArray[np.float32]
"""Share 0 to 1 of each pixel that the sheet covers, shape (height, width): rounded corners."""
Homography = NDArray[np.float64]
"""3 x 3, from pixels of the flat document to pixels of the picture."""

PORTRAIT = "portrait"
"""Name of the portrait's box."""


class Box(NamedTuple):
    """Left, top, right, bottom in pixels of the flat document."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def corners(self) -> NDArray[np.float64]:
        """Left top, right top, right bottom, left bottom: shape (4, 2)."""
        return np.array(
            ((self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom))
        )


@dataclass(frozen=True, slots=True)
class FlatDocument:
    """RGB pixels, their cover, the scale, and a box per printed field.

    `boxes` is keyed by the manifest's column (`full_name`, `id_number`, `mrz` ...) and holds the printed value alone;
    `portrait` is the portrait's box. A field of several lines has one box around all of them; `mrz` too.
    """

    pixels: Picture
    cover: Cover
    px_per_mm: float
    boxes: Mapping[str, Box] = field(default_factory=dict)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

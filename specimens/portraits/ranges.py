"""What a printed portrait is drawn from; ``train`` and ``test`` share no screen and no more than half a range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from specimens.attack_protocol import Split

Range = tuple[float, float]


class Screen(StrEnum):
    """How a printer makes tones out of ink."""

    ROUND_DOTS = "round_dots"
    ERROR_DIFFUSION = "error_diffusion"
    LINES = "lines"
    ORDERED = "ordered"


@dataclass(frozen=True, slots=True)
class Ranges:
    """Uniform ranges, each (least, most).

    ``lines_across``: screen lines over the portrait's width. ``saturation``, ``contrast``:
    1 leaves the picture as it is. ``veil``: share of white that the laminate lays over.
    ``glare``: brightest added light, of 255. ``overprint``: amplitude of the fine lines
    printed across, of 255. ``soft_px``, ``motion_px``: blur in pixels of the photograph.
    ``noise``: standard deviation, of 255. ``width_px``: width of the portrait as
    photographed. ``tilt``: how far a corner moves, of the width.
    """

    screens: tuple[Screen, ...]
    lines_across: Range
    saturation: Range
    contrast: Range
    veil: Range
    glare: Range
    overprint: Range
    soft_px: Range
    motion_px: Range
    noise: Range
    quality: Range
    width_px: Range
    tilt: Range


RANGES: Final[Mapping[Split, Ranges]] = {
    Split.TRAIN: Ranges(
        screens=(Screen.ROUND_DOTS, Screen.ERROR_DIFFUSION),
        lines_across=(120, 170),
        saturation=(0.5, 1.0),
        contrast=(0.7, 1.0),
        veil=(0.0, 0.18),
        glare=(0, 60),
        overprint=(0, 10),
        soft_px=(0.4, 1.1),
        motion_px=(0.0, 2.0),
        noise=(1.0, 6.0),
        quality=(60, 92),
        width_px=(150, 260),
        tilt=(0.0, 0.05),
    ),
    Split.TEST: Ranges(
        screens=(Screen.LINES, Screen.ORDERED),
        lines_across=(100, 150),
        saturation=(0.0, 0.8),
        contrast=(0.6, 0.9),
        veil=(0.08, 0.25),
        glare=(20, 90),
        overprint=(4, 14),
        soft_px=(0.6, 1.3),
        motion_px=(0.5, 2.5),
        noise=(3.0, 8.0),
        quality=(50, 85),
        width_px=(130, 220),
        tilt=(0.02, 0.07),
    ),
}

"""The components of face image quality: the standard's name, our score, its direction, and 0..100 for people.

Source: ISO/IEC 29794-5:2025, clause 7; BSI, Open Source Face Image Quality (OFIQ).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Component:
    """One component. ``name``: our native score. ``iso_name``: the standard's component.

    ``is_of_mesh``: whether it is read from the face mesh, else from the detection alone. ``mapped`` turns a native score into 0..100, higher is better, for people to read; no
    limit is put on it.
    """

    name: str
    iso_name: str
    unit: str
    is_higher_better: bool
    is_of_mesh: bool
    mapped: Callable[[float], float]


def _rising(full: float) -> Callable[[float], float]:
    """0 at 0, 100 from ``full`` on."""
    return lambda value: 100 * min(1.0, max(0.0, value / full))


def _falling(empty: float) -> Callable[[float], float]:
    """100 at 0, 0 from ``empty`` on."""
    return lambda value: 100 * (1 - min(1.0, max(0.0, value / empty)))


def _cosine(degrees: float) -> float:
    """As the standard maps angles: the cosine squared of what is off."""
    return 100 * math.cos(math.radians(min(90.0, abs(degrees)))) ** 2


COMPONENTS: Final = (
    Component("inter_eye_px", "inter-eye distance", "px", is_higher_better=True, is_of_mesh=False, mapped=_rising(100)),
    Component(
        "second_face_ratio",
        "single face present",
        "ratio",
        is_higher_better=False,
        is_of_mesh=False,
        mapped=_falling(1),
    ),
    Component("yaw_deg", "head pose: yaw", "degrees", is_higher_better=False, is_of_mesh=True, mapped=_cosine),
    Component("pitch_deg", "head pose: pitch", "degrees", is_higher_better=False, is_of_mesh=True, mapped=_cosine),
    Component("roll_deg", "head pose: roll", "degrees", is_higher_better=False, is_of_mesh=True, mapped=_cosine),
    Component(
        "sharpness", "sharpness", "share of variation", is_higher_better=True, is_of_mesh=False, mapped=_rising(1)
    ),
    Component(
        "brightness", "under-exposure prevention", "luma", is_higher_better=True, is_of_mesh=False, mapped=_rising(255)
    ),
    Component(
        "overexposed_fraction",
        "over-exposure prevention",
        "share of pixels",
        is_higher_better=False,
        is_of_mesh=False,
        mapped=_falling(1),
    ),
    Component(
        "dynamic_range_bits", "dynamic range", "bits", is_higher_better=True, is_of_mesh=False, mapped=_rising(8)
    ),
    Component(
        "illumination_uniformity",
        "illumination uniformity",
        "ratio",
        is_higher_better=True,
        is_of_mesh=True,
        mapped=_rising(1),
    ),
    Component(
        "eye_openness", "eyes open", "share of eye width", is_higher_better=True, is_of_mesh=True, mapped=_rising(0.3)
    ),
    Component(
        "eye_contrast",
        "eyes visible",
        "share of skin luma",
        is_higher_better=True,
        is_of_mesh=True,
        mapped=_rising(0.3),
    ),
    Component(
        "mouth_openness",
        "mouth closed",
        "share of mouth width",
        is_higher_better=False,
        is_of_mesh=True,
        mapped=_falling(1),
    ),
    Component(
        "mouth_contrast",
        "mouth occlusion prevention",
        "share of skin luma",
        is_higher_better=True,
        is_of_mesh=True,
        mapped=_rising(0.5),
    ),
    Component(
        "skin_deviation",
        "face occlusion prevention",
        "levels",
        is_higher_better=False,
        is_of_mesh=True,
        mapped=_falling(20),
    ),
    Component(
        "background_deviation",
        "background uniformity",
        "luma",
        is_higher_better=False,
        is_of_mesh=False,
        mapped=_falling(80),
    ),
    Component(
        "blockiness", "compression artifacts", "luma", is_higher_better=False, is_of_mesh=False, mapped=_falling(8)
    ),
)
BY_NAME: Final = {component.name: component for component in COMPONENTS}

"""Three severities of a capture as numeric ranges. They were fixed before anything was tuned and must never be changed.

Figures measured on generated scenes mean something only while these stay as they are: a range narrowed after a look at
the results would be a result, too. A new severity is added under a new name. `tests/specimens/test_severity.py` holds
the numbers a second time.

Lengths in pixels are pixels of the stored picture. Tilt is the angle between the card's plane and the sensor's, pitch
and yaw combined. Exposure gain acts on linear light. Noise is a standard deviation in grey levels of 0 to 255.
"""

from dataclasses import dataclass
from enum import StrEnum

Range = tuple[float, float]
"""Lowest and highest value; drawn evenly between them."""


class SeverityName(StrEnum):
    """How hard a capture is."""

    MILD = "mild"
    MIDDLE = "middle"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True)
class Severity:
    """The ranges of one severity; probabilities are of one capture."""

    tilt_deg: Range
    roll_deg: Range
    long_side_px: Range
    blur_sigma_px: Range
    motion_blur_px: Range
    exposure_gain: Range
    noise_sigma: Range
    jpeg_quality: tuple[int, int]
    clutter_objects: tuple[int, int]
    low_contrast_probability: float
    glare_probability: float
    finger_probability: float
    uneven_light: Range
    """Depth of the soft shadow and of the fall-off, as a share of the light."""


MILD = Severity(
    tilt_deg=(0, 12), roll_deg=(-8, 8), long_side_px=(900, 1700), blur_sigma_px=(0.3, 0.8), motion_blur_px=(0, 1.5),
    exposure_gain=(0.75, 1.20), noise_sigma=(1, 4), jpeg_quality=(80, 95), clutter_objects=(0, 2),
    low_contrast_probability=0.10, glare_probability=0.05, finger_probability=0.05, uneven_light=(0.05, 0.25),
)  # fmt: skip
"""A careful user indoors."""

MIDDLE = Severity(
    tilt_deg=(4, 25), roll_deg=(-20, 20), long_side_px=(650, 1400), blur_sigma_px=(0.5, 1.3), motion_blur_px=(0, 3),
    exposure_gain=(0.5, 1.35), noise_sigma=(2, 8), jpeg_quality=(60, 90), clutter_objects=(1, 5),
    low_contrast_probability=0.2, glare_probability=0.2, finger_probability=0.15, uneven_light=(0.15, 0.50),
)  # fmt: skip
"""An ordinary user."""

SEVERE = Severity(
    tilt_deg=(10, 38), roll_deg=(-45, 45), long_side_px=(480, 1100), blur_sigma_px=(0.8, 2.2), motion_blur_px=(0, 6),
    exposure_gain=(0.28, 1.7), noise_sigma=(5, 16), jpeg_quality=(35, 75), clutter_objects=(3, 9),
    low_contrast_probability=0.35, glare_probability=0.45, finger_probability=0.3, uneven_light=(0.15, 0.65),
)  # fmt: skip
"""What a support desk sees."""

SEVERITIES: dict[SeverityName, Severity] = {
    SeverityName.MILD: MILD,
    SeverityName.MIDDLE: MIDDLE,
    SeverityName.SEVERE: SEVERE,
}

EXIF_TURNED_PROBABILITY = 0.3
"""Of being stored in one of the seven EXIF orientations other than upright."""
QUARTER_TURN_PROBABILITY = 0.3
"""Of the card lying turned by 90, 180 or 270 degrees."""
WIDTH_SHARE: Range = (0.35, 0.97)
"""The card's width as a share of the frame's."""
FRAME_ASPECTS = ((4, 3), (16, 9), (3, 4))
"""Width to height of the frame."""

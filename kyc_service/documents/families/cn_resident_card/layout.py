"""Where everything stands on a Chinese resident identity card, as shares of its width and height.

Places are those of GA 448-2013 as drawn cards have them; printing moves them by a
millimetre or so, which is why whoever reads by them looks for the ink nearby.
"""

from __future__ import annotations

from typing import Final

from kyc_service.documents.finding.face import Anchor, Face, Print
from kyc_service.documents.reading.ink import Span

CARD_ASPECT: Final = 85.6 / 54.0

NUMBER_ABOUT: Final = 0.866
NUMBER_ACROSS: Final = Span(0.27, 0.97)
NUMBER_LENGTHS: Final = (0.44, 0.66)
NUMBER_SPAN: Final = Span(0.322, 0.840)
NAME_ABOUT: Final = 0.172
SEX_ABOUT: Final = 0.293
BIRTH_ABOUT: Final = 0.406
ADDRESS_ABOUT: Final = 0.530
ADDRESS_PITCH: Final = 0.083
TEXT_ACROSS: Final = Span(0.150, 0.625)
"""From the values' left edge to the portrait."""

AUTHORITY_ABOUT: Final = 0.742
VALIDITY_ABOUT: Final = 0.860
BACK_ACROSS: Final = Span(0.385, 0.965)

_MARGIN: Final = (
    Print(0.0, 1.0, 0.0, 0.035, 0.0),
    Print(0.0, 1.0, 0.965, 1.0, 0.0),
    Print(0.0, 0.035, 0.0, 1.0, 0.0),
    Print(0.965, 1.0, 0.0, 1.0, 0.0),
)
FRONT: Final = Face(
    name="front",
    aspect=CARD_ASPECT,
    print_=(
        Print(0.320, 0.840, 0.842, 0.890, 1.0),
        Print(0.170, 0.300, 0.142, 0.202, 0.9),
        Print(0.170, 0.212, 0.266, 0.320, 0.9),
        Print(0.378, 0.420, 0.266, 0.320, 0.9),
        Print(0.170, 0.455, 0.383, 0.429, 0.7),
        Print(0.170, 0.570, 0.500, 0.560, 0.9),
        Print(0.170, 0.450, 0.583, 0.643, 0.7),
        Print(0.170, 0.300, 0.666, 0.720, 0.2),
        Print(0.072, 0.135, 0.150, 0.200, 0.2),
        Print(0.072, 0.135, 0.266, 0.316, 0.2),
        Print(0.072, 0.135, 0.383, 0.433, 0.2),
        Print(0.072, 0.135, 0.500, 0.550, 0.2),
        Print(0.072, 0.265, 0.842, 0.890, 0.2),
    ),
    silent=(Print(0.60, 1.0, 0.05, 0.80, 0.0), *_MARGIN),
    anchors=(Anchor(0.322, 0.840, 0.866), Anchor(0.072, 0.840, 0.866)),
)
"""Silent: the portrait. The labels are blue, so they are hardly dark."""
BACK: Final = Face(
    name="back",
    aspect=CARD_ASPECT,
    print_=(
        Print(0.350, 0.850, 0.165, 0.255, 0.8),
        Print(0.350, 0.850, 0.315, 0.455, 0.8),
        Print(0.240, 0.375, 0.715, 0.770, 0.9),
        Print(0.240, 0.375, 0.833, 0.887, 0.9),
        Print(0.408, 0.660, 0.715, 0.770, 0.9),
        Print(0.408, 0.818, 0.835, 0.883, 0.9),
    ),
    silent=(Print(0.0, 0.32, 0.05, 0.50, 0.0), Print(0.30, 0.80, 0.50, 0.66, 0.0), *_MARGIN),
    anchors=(
        Anchor(0.408, 0.818, 0.860),
        Anchor(0.240, 0.818, 0.860),
        Anchor(0.408, 0.692, 0.860),
        Anchor(0.240, 0.692, 0.860),
        Anchor(0.350, 0.850, 0.390),
        Anchor(0.350, 0.850, 0.210),
    ),
)
"""Silent: the emblem, and where drawn cards are marked as samples."""

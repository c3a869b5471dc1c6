"""Where what matters stands on a side, as shares of its width and height: what must be seen for the side to be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kyc_service.documents.families.protocol import Shows
from kyc_service.domain.document import FieldName


@dataclass(frozen=True, slots=True)
class Box:
    """Left, top, right, bottom: shares of the card, 0..1."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class SidePlaces:
    """Places on one side.

    ``fields``: where the characters of each stand that are there however long the text is
    (of a period without an end, fewer).

    ``portrait`` frames the portrait, ``face`` the part of it that a face fills, ``beside`` the
    portrait's upper corners, where the card's ground shows through; ``around`` strips of the card
    next to the portrait, which another portrait pasted in its place leaves as they were.
    """

    fields: dict[FieldName, Box]
    portrait: Box | None = None
    face: Box | None = None
    beside: tuple[Box, ...] = ()
    around: tuple[Box, ...] = ()


RESIDENT_FRONT: Final = SidePlaces(
    {
        FieldName.FULL_NAME: Box(0.165, 0.145, 0.235, 0.205),
        FieldName.SEX: Box(0.165, 0.265, 0.215, 0.320),
        FieldName.DATE_OF_BIRTH: Box(0.170, 0.380, 0.455, 0.432),
        FieldName.ADDRESS: Box(0.170, 0.500, 0.480, 0.560),
        FieldName.ID_NUMBER: Box(0.325, 0.835, 0.840, 0.895),
    },
    Box(0.640, 0.140, 0.925, 0.715),
    Box(0.700, 0.230, 0.865, 0.580),
    (Box(0.645, 0.150, 0.690, 0.300), Box(0.875, 0.150, 0.920, 0.300)),
    (
        Box(0.66, 0.06, 0.91, 0.12),
        Box(0.59, 0.16, 0.62, 0.70),
        Box(0.945, 0.16, 0.98, 0.70),
        Box(0.66, 0.74, 0.91, 0.82),
    ),
)
RESIDENT_BACK: Final = SidePlaces(
    {
        FieldName.AUTHORITY: Box(0.410, 0.715, 0.560, 0.770),
        FieldName.VALID_FROM: Box(0.410, 0.835, 0.610, 0.885),
        FieldName.VALID_UNTIL: Box(0.625, 0.835, 0.800, 0.885),
    }
)
"""GA 448-2013."""
PASSPORT_PAGE: Final = SidePlaces({}, face=Box(0.06, 0.30, 0.30, 0.62))
"""The part of a TD3 page above its zone (ICAO 9303-4): the portrait stands at its left, the face in its middle."""


def places_of(shows: Shows) -> SidePlaces:
    """The places of a resident card's side."""
    return RESIDENT_BACK if shows is Shows.BACK else RESIDENT_FRONT

"""All measures of one picture, by name: what the classifiers choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kyc_service.documents.authenticity import number_line, portrait_seam, spectrum, surface
from kyc_service.documents.authenticity.places import Places, outline_on, square_patches
from kyc_service.documents.finding.locate import LocatedDocument
from kyc_service.imaging.geometry import side_lengths
from kyc_service.imaging.picture import Picture

SURFACE_NAMES: Final = (
    *spectrum.FEATURES,
    *surface.NOISE_FEATURES,
    *surface.FRAME_FEATURES,
    *surface.COLOUR_FEATURES,
)
_WIDE_PATCH_PX: Final = 192
_NARROW_PATCH_PX: Final = 128
_WIDE_DOCUMENT_PX: Final = 900.0


@dataclass(frozen=True, slots=True)
class Measures:
    """Names to numbers; a group is empty where its place was not found or is too small.

    ``document_px`` is the longer side of the document on the decoded picture; without ``has_outline`` the whole
    picture was taken for the document, and the table it lies on may be among what was measured. ``strangest_cells`` are the number's
    cells that differ most: first and one past the last.
    """

    surface: dict[str, float]
    number: dict[str, float]
    portrait: dict[str, float]
    document_px: float
    has_outline: bool
    strangest_cells: tuple[int, int] = (0, 0)


def take_measures(picture: Picture, document: LocatedDocument, places: Places) -> Measures:
    """Every measure that ``picture`` has room for."""
    outline = outline_on(picture, document.region)
    longest = float(max(side_lengths(outline)))
    number = None
    if places.number is not None:
        number = number_line.look_at_number(picture, places.number, places.number_characters)
    portrait = None if places.portrait is None else portrait_seam.look_at_portrait(picture, places.portrait)
    return Measures(
        _surface(picture, document, longest),
        {} if number is None else dict(zip(number_line.FEATURES, number.features, strict=True)),
        {} if portrait is None else dict(zip(portrait_seam.FEATURES, portrait, strict=True)),
        longest,
        document.has_outline,
        (0, 0) if number is None else number.strangest,
    )


def _surface(picture: Picture, document: LocatedDocument, longest: float) -> dict[str, float]:
    outline = outline_on(picture, document.region)
    side = _WIDE_PATCH_PX if longest >= _WIDE_DOCUMENT_PX else _NARROW_PATCH_PX
    patches = square_patches(picture, outline, side)
    if not patches:
        return {}
    found = [
        *spectrum.spectral_features(patches),
        *surface.noise_features(patches),
        *surface.frame_features(picture.pixels, outline),
        *surface.colour_features(document.pixels),
    ]
    return dict(zip(SURFACE_NAMES, found, strict=True))

"""Everything that is taken from one picture of a face: the model's answer and the cues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kyc_service.faces.detect import quarter_turns
from kyc_service.imaging.geometry import rotate_quarter
from kyc_service.inference.engines import PassiveLiveness, Pixels
from kyc_service.liveness.passive.crop import crop_around
from kyc_service.liveness.passive.cues.borders import border_cues
from kyc_service.liveness.passive.cues.periodic import periodic_cues
from kyc_service.liveness.passive.cues.regions import scaled_to_face
from kyc_service.liveness.passive.cues.surface import surface_cues

_SMALL_FACE_PX: Final = 128.0


class FaceAt(Protocol):
    """A face on a picture, as detected or as aligned."""

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x, y, width, height in pixels of the picture; may reach outside."""
        ...

    @property
    def landmarks(self) -> NDArray[np.float32]:
        """5 x 2 (x, y)."""
        ...


@dataclass(frozen=True, slots=True)
class PadLook:
    """``model_probability`` of bona fide by the network alone, 0..1; ``cues`` higher the more like a reproduction."""

    model_probability: float
    cues: Mapping[str, float]


def look(pixels: Pixels, face: FaceAt, model: PassiveLiveness) -> PadLook:
    """Ask the model and take every cue (``pixels``: BGR uint8, the picture at its own resolution)."""
    return PadLook(model_probability(pixels, face, model), all_cues(pixels, face.box))


def model_probability(pixels: Pixels, face: FaceAt, model: PassiveLiveness) -> float:
    """The network's own answer on the crop it wants, turned upright."""
    crop = crop_around(pixels, face.box, model.crop_factor)
    return model.bona_fide_probability(rotate_quarter(crop, quarter_turns(face.landmarks)))


def all_cues(pixels: Pixels, box: tuple[float, float, float, float]) -> dict[str, float]:
    """Every cue that the picture has room for."""
    small, small_box = scaled_to_face(pixels, box, _SMALL_FACE_PX)
    periodic = periodic_cues(pixels, box, small, small_box)
    return {**periodic, **border_cues(small, small_box), **surface_cues(small, small_box)}

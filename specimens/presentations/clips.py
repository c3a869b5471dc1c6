"""Frames of a presentation: an instrument held by hand, or a person keeping still."""

import numpy as np

from specimens.attack_protocol import Split
from specimens.presentations.faces import FacePicture, Pixels
from specimens.presentations.placing import moved, sway
from specimens.presentations.scenes import Species, scene

_SWAY = 0.04
"""How far a hand or a head drifts, in shares of the frame."""


def presentation_clip(
    face: FacePicture,
    species: Species,
    rng: np.random.Generator,
    frames: int,
    fps: float,
    *,
    split: Split = Split.TEST,
    wearer: FacePicture | None = None,
) -> list[Pixels]:
    """``frames`` frames at ``fps`` frames a second, BGR uint8, all of one size."""
    drawn = scene(face, species, split, rng, wearer)
    motion = sway(rng, _SWAY)
    return [drawn.frame(moved(drawn.start, number / fps, motion), rng) for number in range(frames)]

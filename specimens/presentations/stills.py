"""One still of a presentation."""

import numpy as np

from specimens.attack_protocol import Split
from specimens.presentations.faces import FacePicture, Pixels
from specimens.presentations.scenes import Species, scene


def present(
    face: FacePicture,
    species: Species,
    split: Split,
    rng: np.random.Generator,
    wearer: FacePicture | None = None,
) -> Pixels:
    """The face presented once, as the service gets it: BGR uint8, 230 to 770 pixels a side.

    Args:
        face: Whose face is shown, or who stands there.
        species: How.
        split: Whose parameters.
        rng: Where everything random comes from.
        wearer: Who holds a cut-out or wears a mask of the face (default: the same).
    """
    drawn = scene(face, species, split, rng, wearer)
    return drawn.frame(drawn.start, rng)

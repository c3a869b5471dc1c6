"""Presentations of a face to a front camera: persons, and the attacks on them. All simulated: no real attack was seen.

``present`` gives a still, ``presentation_clip`` frames. Everything random comes from the generator handed in; the two
splits differ in dots, grids, places and sizes, so that what is learnt on one can be tried on the other.
"""

from specimens.presentations.clips import presentation_clip
from specimens.presentations.faces import FacePicture
from specimens.presentations.scenes import ATTACKS, Species
from specimens.presentations.stills import present

__all__ = ["ATTACKS", "FacePicture", "Species", "present", "presentation_clip"]

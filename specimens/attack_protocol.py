"""What an attack may do, and where: before the camera, after the camera, or instead of the camera.

An attack subclasses `Attack`, overrides one or more of the three places, and is entered in `specimens.attacks.ATTACKS`
under its name. Everything random comes from the generator handed in. Generator parameters that a detector could learn
by heart (pitches, sizes, noise strengths) must have other ranges for `Split.TEST` than for `Split.TRAIN`.

The manifest's true fields stay those of the genuine document that was attacked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from specimens.flat import FlatDocument, Homography, Picture


class Split(StrEnum):
    """Which generator parameters are used: other seeds, fonts, textures and pitches in each."""

    TRAIN = "train"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class AttackContext:
    """What an attack knows about what it attacks.

    Attributes:
        split: whose parameter ranges to use.
        family: name of the document's family.
        side: `front` or `back`.
        truth: the manifest's columns of the attacked side.
        genuine: the flat document before the attack; its `boxes` say where each field and the portrait are.
        other: draws another invented person's flat document of the same family and side (drawn when called, once).
        severity: `mild`, `middle` or `severe`.
    """

    split: Split
    family: str
    side: str
    truth: Mapping[str, str]
    genuine: FlatDocument
    other: Callable[[], FlatDocument]
    severity: str


class Attack:
    """One kind of attack. Each method's default leaves things as they are."""

    name: str = ""
    """What the manifest's `attack` column says."""

    def applies(self, family: str, side: str, boxes: Mapping[str, object]) -> bool:
        """Whether this kind of document can be attacked so: a portrait is needed, or an MRZ, or the attack is general."""
        del family, side, boxes
        return True

    def on_flat(self, document: FlatDocument, rng: np.random.Generator, context: AttackContext) -> FlatDocument:
        """Before the camera: a printed splice, a replaced portrait, a reprint, a photocopy, a screen with its bezel.

        The result may have another size, cover and scale (a screen is larger than the card): it is what the camera
        photographs, lying on the table. Keep `boxes` in pixels of the result.
        """
        del rng, context
        return document

    def on_picture(
        self, picture: Picture, flat_to_picture: Homography, rng: np.random.Generator, context: AttackContext
    ) -> Picture:
        """After the camera: a digital paste. RGB bytes in and out, of one size, upright as the camera held it.

        Overriding it makes the picture go through the camera's JPEG first and through a second one afterwards.
        """
        del flat_to_picture, rng, context
        return picture

    def instead_of_camera(
        self, document: FlatDocument, rng: np.random.Generator, context: AttackContext
    ) -> Picture | None:
        """A picture that no camera took (a screenshot, a generated image): RGB bytes, or None to photograph."""
        del document, rng, context
        return None

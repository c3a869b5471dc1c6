"""What face models are asked, as small protocols, and which of them answer here.

A model is swapped by a manifest entry; an engine by another class with the same method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""BGR, uint8, height x width x 3."""

Embedding = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class DetectedFace:
    """One face as detected, in pixels of the picture that was searched.

    ``box`` is (x, y, width, height) and may reach outside the picture. ``landmarks`` are
    5 x 2 float32 (x, y): the eye on the picture's left, the other eye, the tip of the
    nose, the mouth's corner on the picture's left, the other corner. ``confidence`` is
    the detector's, 0..1.
    """

    box: tuple[float, float, float, float]
    landmarks: NDArray[np.float32]
    confidence: float


class FaceDetector(Protocol):
    """Finds faces and five points on each."""

    @property
    def model_id(self) -> str:
        """Manifest id."""
        ...

    def detect(self, pixels: Pixels) -> tuple[DetectedFace, ...]:
        """All faces in ``pixels``, surest first."""
        ...


class FaceEmbedder(Protocol):
    """Describes an aligned face by a vector; vectors of one person lie close together."""

    @property
    def model_id(self) -> str:
        """Manifest id."""
        ...

    def embed(self, aligned: Sequence[Pixels]) -> list[Embedding]:
        """One vector (float32, not normalised) per aligned face (112x112, ArcFace template)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class MeshPoints:
    """A face mesh on the crop it was asked of.

    ``points``: 468 x 3 float32, x and y in pixels of the crop, z in the same scale, less
    where nearer to the camera; the order is that of MediaPipe's face mesh. ``presence``:
    how surely there is a face at all, 0..1.
    """

    points: NDArray[np.float32]
    presence: float


class FaceMesher(Protocol):
    """Lays a mesh of 468 points over an upright face."""

    @property
    def model_id(self) -> str:
        """Manifest id."""
        ...

    @property
    def side_px(self) -> int:
        """Side of the square crop it wants."""
        ...

    def mesh(self, crop: Pixels) -> MeshPoints:
        """The mesh of the face that fills about two thirds of ``crop`` (side x side x 3)."""
        ...


class EyeContours(Protocol):
    """Draws the lids and the iris of one eye."""

    @property
    def model_id(self) -> str:
        """Manifest id."""
        ...

    @property
    def side_px(self) -> int:
        """Side of the square crop it wants."""
        ...

    def contours(self, crop: Pixels) -> NDArray[np.float32]:
        """76 x 3 points in pixels of ``crop``, an eye on the picture's left (its outer corner left).

        0..8 the lower lid from the outer corner, 9..15 the upper lid, ... 71..75 the iris:
        its middle, then right, above, left, below.
        """
        ...


class SecondOpinion(Protocol):
    """Another face model, of another make, to ask when the first is barely convinced."""

    @property
    def model_id(self) -> str:
        """Manifest id."""
        ...

    def describe(self, wide: Pixels, face: tuple[int, int, int, int]) -> Embedding:
        """The vector of the face in ``wide``; ``face`` is left, top, right, bottom as a frontal detector gives it."""
        ...


class PassiveLiveness(Protocol):
    """Says of one crop whether it looks like a person before the camera or like a picture of one."""

    @property
    def model_id(self) -> str:
        """Manifest id."""
        ...

    @property
    def crop_factor(self) -> float:
        """Side of the crop it wants, in face boxes."""
        ...

    def bona_fide_probability(self, crop: Pixels) -> float:
        """Higher is bona fide, 0..1. Not a probability of anything; a score to calibrate."""
        ...


@dataclass(frozen=True, slots=True)
class FaceEngines:
    """The models that look at faces, loaded once and shared by all threads."""

    detector: FaceDetector
    embedder: FaceEmbedder
    second_opinion: SecondOpinion
    liveness: PassiveLiveness
    mesher: FaceMesher
    eyes: EyeContours

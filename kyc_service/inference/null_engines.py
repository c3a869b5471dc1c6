"""Engines that answer what they are told: for tests, and for trying a pipeline without weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kyc_service.inference.engines import DetectedFace, Embedding, FaceEngines, MeshPoints, Pixels


@dataclass(frozen=True, slots=True)
class NullDetector:
    """Sees the same faces in every picture."""

    faces: tuple[DetectedFace, ...] = ()
    model_id: str = "null_detector"

    def detect(self, pixels: Pixels) -> tuple[DetectedFace, ...]:
        """The faces it was given, whatever ``pixels`` show."""
        del pixels
        return self.faces


@dataclass(frozen=True, slots=True)
class NullEmbedder:
    """Describes a face by its mean colour, so that equal crops match."""

    model_id: str = "null_embedder"

    def embed(self, aligned: Sequence[Pixels]) -> list[Embedding]:
        """Mean blue, green and red of each crop, and 1."""
        return [np.array([*crop.mean(axis=(0, 1)), 1.0], dtype=np.float32) for crop in aligned]


@dataclass(frozen=True, slots=True)
class NullSecondOpinion:
    """Finds every two faces equal."""

    model_id: str = "null_second_opinion"

    def describe(self, wide: Pixels, face: tuple[int, int, int, int]) -> Embedding:
        """Zeros."""
        del wide, face
        return np.zeros(4, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class NullLiveness:
    """Gives every crop the same score."""

    score: float = 0.5
    crop_factor: float = 2.7
    model_id: str = "null_liveness"

    def bona_fide_probability(self, crop: Pixels) -> float:
        """The score it was given."""
        del crop
        return self.score


@dataclass(frozen=True, slots=True)
class NullMesher:
    """Lays the same mesh over every crop: all points in the middle, unless it was given others."""

    points: NDArray[np.float32] | None = None
    presence: float = 1.0
    side_px: int = 192
    model_id: str = "null_mesher"

    def mesh(self, crop: Pixels) -> MeshPoints:
        """The points it was given."""
        middle = np.full((468, 3), min(crop.shape[:2]) / 2, dtype=np.float32)
        return MeshPoints(middle if self.points is None else self.points, self.presence)


@dataclass(frozen=True, slots=True)
class NullEyeContours:
    """Draws every eye as one point in the middle of the crop."""

    side_px: int = 64
    model_id: str = "null_eye_contours"

    def contours(self, crop: Pixels) -> NDArray[np.float32]:
        """The middle, 76 times."""
        return np.full((76, 3), min(crop.shape[:2]) / 2, dtype=np.float32)


def null_face_engines(faces: tuple[DetectedFace, ...] = ()) -> FaceEngines:
    """Face engines that see ``faces`` everywhere."""
    return FaceEngines(
        NullDetector(faces), NullEmbedder(), NullSecondOpinion(), NullLiveness(), NullMesher(), NullEyeContours()
    )

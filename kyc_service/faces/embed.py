"""Describe faces: embedding of the face and of its mirror image, averaged, at length 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kyc_service.faces.align import AlignedFace
from kyc_service.inference.engines import Embedding, FaceEmbedder


def embed_faces(faces: Sequence[AlignedFace], embedder: FaceEmbedder) -> list[Embedding]:
    """One vector of length 1 (float32) per face; all crops and mirrors go in together.

    Averaging with the mirror image halves the noise of pose and light.
    """
    crops = [crop for face in faces for crop in (face.aligned, np.ascontiguousarray(face.aligned[:, ::-1]))]
    outputs = [_unit(output) for output in embedder.embed(crops)]
    return [_unit(one + mirrored) for one, mirrored in zip(outputs[::2], outputs[1::2], strict=True)]


def _unit(vector: Embedding) -> Embedding:
    length = float(np.linalg.norm(vector))
    return vector if length <= 0 else (vector / length).astype(np.float32)

"""Describe faces: every view of a face embedded, averaged, at length 1; several pictures averaged again.

Averaging takes out what differs between views of one picture, and between pictures of
one person: the place of the crop, pose, light, expression.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kyc_service.faces.align import AlignedFace
from kyc_service.faces.views import SCALES, views
from kyc_service.inference.engines import Embedding, FaceEngines

_VIEWS = 2 * len(SCALES)


def embed_faces(faces: Sequence[AlignedFace], engines: FaceEngines) -> list[Embedding]:
    """One vector of length 1 (float32) per face; all views of all faces go in together."""
    crops = [view for face in faces for view in views(face, engines.mesher)]
    outputs = [_unit(output) for output in engines.embedder.embed(crops)]
    starts = range(0, len(outputs), _VIEWS)
    return [_unit(np.sum(outputs[start : start + _VIEWS], axis=0)) for start in starts]


def template_of(
    faces: Sequence[AlignedFace], engines: FaceEngines, weights: Sequence[float] | None = None
) -> Embedding:
    """One vector of length 1 for all ``faces``, pictures or frames of one person.

    ``weights`` say how much each counts (sharper, nearer to frontal: more); equal without.

    Raises:
        ValueError: No face, or weights that are not one per face, not positive.
    """
    return averaged(embed_faces(faces, engines), weights)


def averaged(templates: Sequence[Embedding], weights: Sequence[float] | None = None) -> Embedding:
    """The mean direction of unit vectors of one person, at length 1.

    >>> averaged([np.array([1, 0], np.float32), np.array([0, 1], np.float32)], [3, 4]).tolist()
    [0.6000000238418579, 0.800000011920929]

    Raises:
        ValueError: No template, or weights that are not one per template, not positive.
    """
    given = np.ones(len(templates)) if weights is None else np.asarray(weights, dtype=np.float64)
    if not len(templates) or len(given) != len(templates) or given.min() <= 0:
        raise ValueError("a template needs at least one face, and one positive weight for each")
    return _unit(np.asarray(given @ np.stack(templates), dtype=np.float32))


def _unit(vector: Embedding) -> Embedding:
    length = float(np.linalg.norm(vector))
    return vector if length <= 0 else (vector / length).astype(np.float32)

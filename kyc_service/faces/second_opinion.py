"""How far apart a second, unrelated model finds two faces."""

from __future__ import annotations

from typing import Final

import numpy as np

from kyc_service.faces.align import AlignedFace
from kyc_service.inference.engines import SecondOpinion

FRONTAL_BOX: Final = (78, 112, 228, 261)
"""Where dlib's frontal detector frames the face in ``AlignedFace.wide``: the median over press photographs."""


def distance(a: AlignedFace, b: AlignedFace, opinion: SecondOpinion) -> float:
    """Euclidean distance of the two faces' vectors: 0 is the same picture, 0.6 the author's limit."""
    return float(np.linalg.norm(opinion.describe(a.wide, FRONTAL_BOX) - opinion.describe(b.wide, FRONTAL_BOX)))

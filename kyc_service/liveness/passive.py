"""Passive liveness on one picture: a weak signal, never proof.

The model was trained by others on data nobody describes; worn masks and borderless
recaptures score as bona fide. Its card says what was measured.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, Score
from kyc_service.faces.align import AlignedFace
from kyc_service.faces.detect import quarter_turns
from kyc_service.imaging.geometry import rotate_quarter
from kyc_service.imaging.picture import Picture
from kyc_service.inference.engines import FaceEngines, Pixels

PAD_SCORE: Final = "pad_score"
_CAPTURES: Final = frozenset({CaptureKind.SELFIE})


def assess(picture: Picture, face: AlignedFace, engines: FaceEngines) -> Score:
    """The presentation attack score of the selfie's face, 0..1, higher is bona fide."""
    crop = crop_around(picture.pixels, face.box, engines.liveness.crop_factor)
    score = engines.liveness.bona_fide_probability(rotate_quarter(crop, quarter_turns(face.landmarks)))
    return Score(
        CheckName.LIVENESS_PASSIVE,
        PAD_SCORE,
        score,
        100 * score,
        engines.liveness.model_id,
        _CAPTURES,
        Evidence((face.region,)),
    )


def crop_around(pixels: Pixels, box: tuple[float, float, float, float], factor: float) -> Pixels:
    """``factor`` times the face's box, shifted inside the picture; smaller only where the picture is.

    Proportions are kept as the model learnt them: of the box, not square.
    """
    x, y, width, height = box
    rows, columns = pixels.shape[:2]
    factor = min(factor, (columns - 1) / width, (rows - 1) / height)
    left, right = _span(x + width / 2, width * factor, columns)
    top, bottom = _span(y + height / 2, height * factor, rows)
    return np.ascontiguousarray(pixels[top:bottom, left:right])


def _span(middle: float, length: float, limit: int) -> tuple[int, int]:
    """A span of ``length`` about ``middle``, shifted inside 0..limit.

    >>> _span(5, 20, 100)
    (0, 20)
    >>> _span(98, 20, 100)
    (80, 100)
    """
    start = min(max(0, round(middle - length / 2)), max(0, limit - round(length)))
    return start, min(limit, start + max(1, round(length)))

"""Passive liveness on one picture: a weak signal, never proof.

The model was trained by others on data nobody describes; worn masks and borderless
recaptures score as bona fide. Its card says what was measured.
"""

from __future__ import annotations

from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, Score
from kyc_service.faces.align import AlignedFace
from kyc_service.faces.detect import quarter_turns
from kyc_service.imaging.geometry import rotate_quarter
from kyc_service.imaging.picture import Picture
from kyc_service.inference.engines import FaceEngines
from kyc_service.liveness.passive.crop import crop_around

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

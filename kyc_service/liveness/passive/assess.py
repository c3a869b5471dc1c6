"""The presentation attack score of one still."""

from __future__ import annotations

from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, EvidenceValue, Score
from kyc_service.faces.align import AlignedFace
from kyc_service.imaging.picture import Picture
from kyc_service.inference.engines import FaceEngines
from kyc_service.liveness.passive.classifier import PadClassifier, native
from kyc_service.liveness.passive.look import PadLook, look, model_probability

PAD_SCORE: Final = "pad_score"
MODEL_SCORE: Final = "model_score"
_CAPTURES: Final = frozenset({CaptureKind.SELFIE})
_LOUDEST: Final = 3


def assess(picture: Picture, face: AlignedFace, engines: FaceEngines, classifier: PadClassifier | None = None) -> Score:
    """The presentation attack score of the selfie's face, 0..1, higher is bona fide.

    With ``classifier`` the network and the cues are weighed together, and the network's own answer is kept as
    evidence; without it the network's answer is the score.
    """
    if classifier is None:
        probability = model_probability(picture.pixels, face, engines.liveness)
        evidence = Evidence((face.region,))
        return Score(
            CheckName.LIVENESS_PASSIVE, PAD_SCORE, probability, 100 * probability, engines.liveness.model_id,
            _CAPTURES, evidence,
        )  # fmt: skip
    seen = look(picture.pixels, face, engines.liveness)
    score = native(classifier.margin(seen.model_probability, seen.cues))
    return Score(
        CheckName.LIVENESS_PASSIVE,
        PAD_SCORE,
        round(score, 6),
        round(100 * score, 1),
        classifier.model_id,
        _CAPTURES,
        Evidence((face.region,), values_of(seen, classifier)),
    )


def values_of(seen: PadLook, classifier: PadClassifier) -> dict[str, EvidenceValue]:
    """What backs a score: the network's own answer, and the cues that spoke against the face, the loudest first."""
    against = sorted(
        ((amount, name) for name, amount in classifier.against(seen.cues).items() if amount > 0), reverse=True
    )
    return {
        MODEL_SCORE: round(seen.model_probability, 6),
        "spoke_against": [f"{name} {seen.cues[name]:.3g} (-{amount:.2f})" for amount, name in against[:_LOUDEST]],
    }

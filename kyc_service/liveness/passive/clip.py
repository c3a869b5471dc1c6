"""The presentation attack score of a clip: a few of its frames, each scored, the middle of them counts.

An attack is one in every frame; a reflection, a blink or a shake is in some. The mean of the middle half of the
frames' log odds is moved neither by one lucky frame nor by one spoilt one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, EvidenceValue, Score
from kyc_service.inference.engines import FaceEngines, Pixels
from kyc_service.liveness.passive.assess import MODEL_SCORE, PAD_SCORE
from kyc_service.liveness.passive.classifier import PadClassifier, native
from kyc_service.liveness.passive.look import FaceAt, look

FRAMES: Final = 6
"""How many frames of a clip are looked at."""
_CAPTURES: Final = frozenset({CaptureKind.LIVENESS})


class NoFrames(ValueError):
    """A clip was to be assessed, but it has no frame with a face."""


def assess_clip(frames: Sequence[tuple[Pixels, FaceAt]], engines: FaceEngines, classifier: PadClassifier) -> Score:
    """One score for frames (BGR uint8) with their faces, 0..1, higher is bona fide.

    At most :data:`FRAMES` of them are looked at, spread evenly. The evidence says which, and what each gave.

    Raises:
        NoFrames: there are none.
    """
    if not frames:
        raise NoFrames
    chosen = chosen_frames(len(frames))
    seen = [look(*frames[number], engines.liveness) for number in chosen]
    margins = [classifier.margin(one.model_probability, one.cues) for one in seen]
    score = native(middle_mean(margins))
    values: dict[str, EvidenceValue] = {
        "frames": list(chosen),
        "frame_scores": [round(native(margin), 6) for margin in margins],
        MODEL_SCORE: [round(one.model_probability, 6) for one in seen],
        "spoke_against": [
            f"{name} (-{amount:.2f})" for amount, name in _loudest(classifier, [one.cues for one in seen])
        ],
    }
    return Score(
        CheckName.LIVENESS_PASSIVE,
        PAD_SCORE,
        round(score, 6),
        round(100 * score, 1),
        classifier.model_id,
        _CAPTURES,
        Evidence((), values),
    )


def chosen_frames(count: int, most: int = FRAMES) -> tuple[int, ...]:
    """Which of ``count`` frames are looked at: evenly spread, neither the first nor the last where there are more.

    >>> chosen_frames(30), chosen_frames(3)
    ((2, 7, 12, 17, 22, 27), (0, 1, 2))
    """
    wanted = min(count, most)
    return tuple(int((i + 0.5) * count / wanted) for i in range(wanted))


def middle_mean(margins: Sequence[float]) -> float:
    """The mean of the middle half.

    >>> middle_mean([0.0, 1.0, 2.0, 30.0]), middle_mean([4.0])
    (1.5, 4.0)
    """
    ordered = np.sort(np.asarray(margins, np.float64))
    cut = len(ordered) // 4
    return float(ordered[cut : len(ordered) - cut].mean())


def _loudest(classifier: PadClassifier, cues: Sequence[Mapping[str, float]]) -> list[tuple[float, str]]:
    """The cues that spoke most against all frames together."""
    totals: dict[str, float] = {}
    for one in cues:
        for name, amount in classifier.against(one).items():
            totals[name] = totals.get(name, 0.0) + amount / len(cues)
    return sorted(((amount, name) for name, amount in totals.items() if amount > 0), reverse=True)[:3]

"""The small classifier that weighs the model's answer and the cues: a JSON file of knees, spreads and weights.

Every cue may only lower the score, and only by what it lies above its knee: what nothing was seen of changes
nothing, and no cue can make an attack look bona fide. Inference is a sum; the file's SHA-256 is the model's identity.
Written by ``python -m kyc_service.evaluation.pad.train``.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kyc_service.errors import Unavailable

SCHEMA: Final = 1
_MOST_LOGIT: Final = 30.0
_LEAST: Final = 1e-12


class PadClassifierInvalid(Unavailable):
    """The classifier of passive liveness is not of the documented form."""

    code = "pad_classifier_invalid"


@dataclass(frozen=True, slots=True)
class WeighedCue:
    """A cue lowers the log odds by ``weight`` for each ``spread`` above ``knee``, at most ``bound`` times."""

    name: str
    knee: float
    spread: float
    weight: float
    bound: float

    def against(self, value: float) -> float:
        """By how much ``value`` lowers the log odds; never less than nothing.

        >>> cue = WeighedCue("peak", knee=1.0, spread=0.5, weight=2.0, bound=3.0)
        >>> cue.against(0.0), cue.against(1.5), cue.against(9.0)
        (0.0, 2.0, 6.0)
        """
        return self.weight * min(self.bound, max(0.0, (value - self.knee) / self.spread))


@dataclass(frozen=True, slots=True)
class PadClassifier:
    """What turns the model's probability and the cues into one score.

    ``model_weight`` multiplies the model's log odds, kept within plus and minus ``model_bound``.
    """

    model_id: str
    sha256: str
    model_weight: float
    model_bound: float
    bias: float
    cues: tuple[WeighedCue, ...]

    def margin(self, model_probability: float, cues: Mapping[str, float]) -> float:
        """Log odds of bona fide, as far as the training's balance means anything; a cue not taken counts nothing."""
        own = self.model_weight * max(-self.model_bound, min(self.model_bound, log_odds(model_probability)))
        return self.bias + own - math.fsum(self.against(cues).values())

    def against(self, cues: Mapping[str, float]) -> dict[str, float]:
        """By how much each cue lowers the log odds."""
        return {cue.name: cue.against(cues[cue.name]) for cue in self.cues if cue.name in cues}


def log_odds(probability: float) -> float:
    """Of a probability, which may be 0 or 1.

    >>> log_odds(0.5), round(log_odds(0.0) + log_odds(1.0), 3)
    (0.0, 0.0)
    """
    bounded = min(1 - _LEAST, max(_LEAST, probability))
    return math.log(bounded / (1 - bounded))


def native(margin: float) -> float:
    """A margin on 0..1, higher is more like bona fide.

    >>> native(0.0)
    0.5
    """
    return 1.0 / (1.0 + math.exp(-max(-_MOST_LOGIT, min(_MOST_LOGIT, margin))))


def load_pad_classifier(path: Path) -> PadClassifier:
    """The classifier in ``path``.

    Raises:
        PadClassifierInvalid: it is missing or not of the documented form.
    """
    try:
        return read_pad_classifier(path.read_bytes())
    except OSError as error:
        raise PadClassifierInvalid(f"{path.name} cannot be read: {error.strerror}") from error


def read_pad_classifier(content: bytes) -> PadClassifier:
    """One file.

    Raises:
        PadClassifierInvalid: it is not of the documented form.
    """
    try:
        return _checked(json.loads(content), hashlib.sha256(content).hexdigest())
    except (KeyError, TypeError, ValueError) as error:
        raise PadClassifierInvalid(f"the classifier of passive liveness cannot be used: {error}") from error


def _checked(written: Mapping[str, Any], sha256: str) -> PadClassifier:
    if written["schema"] != SCHEMA:
        raise ValueError(f"schema {written['schema']} cannot be read")
    cues = tuple(
        WeighedCue(str(row["name"]), *(float(row[key]) for key in ("knee", "spread", "weight", "bound")))
        for row in written["cues"]
    )
    numbers = [float(written["bias"]), float(written["model"]["weight"]), float(written["model"]["bound"])]
    numbers += [value for cue in cues for value in (cue.knee, cue.spread, cue.weight, cue.bound)]
    if not all(math.isfinite(value) for value in numbers):
        raise ValueError("numbers are finite")
    if min([numbers[1], numbers[2], *(cue.weight for cue in cues), *(cue.bound for cue in cues)]) < 0:
        raise ValueError("no weight may speak for an attack")
    if any(cue.spread <= 0 for cue in cues):
        raise ValueError("spreads are positive")
    return PadClassifier(str(written["id"]), sha256, numbers[1], numbers[2], numbers[0], cues)

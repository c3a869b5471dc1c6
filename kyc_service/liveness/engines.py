"""What liveness is measured by, beside the networks that look at faces: loaded once, shared by all runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kyc_service.liveness.challenge.limits import ChallengeLimits, read_limits
from kyc_service.liveness.passive import PadClassifier, load_pad_classifier

CLASSIFIER: Final = Path("liveness") / "passive.json"
"""Under the models folder."""


@dataclass(frozen=True, slots=True)
class LivenessEngines:
    """The classifier of passive liveness, and the limits of a challenge's answer."""

    classifier: PadClassifier
    limits: ChallengeLimits

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of the classifier, by its id."""
        return {self.classifier.model_id: self.classifier.sha256}


def load_liveness_engines(models: Path) -> LivenessEngines:
    """Read both under the models folder.

    Raises:
        PadClassifierInvalid: the classifier is missing or not of its form.
        ChallengeLimitsUnusable: the limits are missing or not of their form.
    """
    return LivenessEngines(load_pad_classifier(models / CLASSIFIER), read_limits(models))

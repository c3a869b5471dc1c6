"""What measuring attack detection needs besides the pictures: the models, the classifier, its calibrated thresholds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kyc_service.domain.checks import CheckName
from kyc_service.inference.engines import FaceEngines
from kyc_service.inference.load import load_face_engines
from kyc_service.inference.manifest import Task, read_manifest, verify
from kyc_service.inference.threads import ThreadSettings
from kyc_service.liveness.passive import PAD_SCORE, PadClassifier, load_pad_classifier

CLASSIFIER_FILE: Final = "liveness/passive.json"


@dataclass(frozen=True, slots=True)
class PadSetting:
    """Models checked and loaded. ``models``: SHA-256 by id; ``calibrated``: thresholds by BPCER, empty where none fit."""

    engines: FaceEngines
    classifier: PadClassifier
    models: dict[str, str]
    calibrated: dict[float, float]


def open_pad_setting(models: Path) -> PadSetting:
    """Everything under ``models``, the folder of manifest.toml.

    Raises:
        ModelMissing: a model file is not there.
        ModelHashMismatch: a model file is not the one the manifest names.
        PadClassifierInvalid: the classifier cannot be used.
    """
    engines, hashes = open_pad_engines(models)
    classifier = load_pad_classifier(models / CLASSIFIER_FILE)
    return PadSetting(
        engines, classifier, {classifier.model_id: classifier.sha256, **hashes}, _calibrated(models, classifier)
    )


def open_pad_engines(models: Path) -> tuple[FaceEngines, dict[str, str]]:
    """The face engines, and the SHA-256 of the network that looks for attacks by its id.

    Raises:
        ModelMissing: a model file is not there.
        ModelHashMismatch: a model file is not the one the manifest names.
    """
    manifest = read_manifest(models)
    verify(manifest, models)
    network = manifest.use[Task.PASSIVE_LIVENESS]
    return load_face_engines(manifest, models, ThreadSettings()), {network: manifest.models[network].sha256}


def _calibrated(models: Path, classifier: PadClassifier) -> dict[float, float]:
    """Of the files made with this very classifier."""
    for path in sorted(models.glob(f"*/**/{CheckName.LIVENESS_PASSIVE}.{PAD_SCORE}.json")):
        written = json.loads(path.read_bytes())
        if written["model"]["sha256"] == classifier.sha256:
            return {float(p["rate"]): float(p["threshold"]) for p in written["operating_points"]}
    return {}

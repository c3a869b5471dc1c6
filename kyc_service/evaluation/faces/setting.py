"""What measuring needs besides the pictures: the models, and the thresholds that are in force with them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kyc_service.domain.checks import CheckName
from kyc_service.evaluation.faces.calibrating import ModelUsed
from kyc_service.evaluation.faces.evaluation import InForce
from kyc_service.evaluation.faces.scales import COSINE, Scale
from kyc_service.inference.manifest import Manifest, Task, read_manifest, verify

_LOOKED_WITH: Final = (Task.FACE_DETECTION, Task.FACE_MESH, Task.FACE_EMBEDDING)


@dataclass(frozen=True, slots=True)
class FaceSetting:
    """Models checked; ``in_force`` is empty where the calibration at hand is of another model."""

    folder: Path
    manifest: Manifest
    measured_on: str
    in_force: tuple[InForce, ...]

    @property
    def models(self) -> dict[str, str]:
        """SHA-256 by id, of the models that find and describe faces."""
        ids = [self.manifest.use[task] for task in _LOOKED_WITH]
        return {model_id: self.manifest.models[model_id].sha256 for model_id in ids}

    def used(self, scale: Scale) -> ModelUsed:
        """The model behind ``scale``."""
        model_id = self.manifest.use[scale.task]
        return ModelUsed(model_id, self.manifest.models[model_id].sha256, self.measured_on)


def open_setting(models: Path, measured_on: str) -> FaceSetting:
    """``models`` is the folder of manifest.toml.

    Raises:
        ModelMissing: a model file is not there.
        ModelHashMismatch: a model file is not the one the manifest names.
    """
    manifest = read_manifest(models)
    verify(manifest, models)
    embedder = manifest.models[manifest.use[Task.FACE_EMBEDDING]].sha256
    calibration = models / "calibration" / f"{CheckName.FACE_MATCH}.{COSINE.score}.json"
    return FaceSetting(models, manifest, measured_on, _in_force(calibration, embedder))


def _in_force(calibration: Path, embedder_sha256: str) -> tuple[InForce, ...]:
    """The thresholds of a calibration file, if it was made with this very model."""
    if not calibration.is_file():
        return ()
    content = json.loads(calibration.read_text("utf-8"))
    if content["model"]["sha256"] != embedder_sha256:
        return ()
    return tuple(InForce(point["rate"], point["threshold"]) for point in content["operating_points"])

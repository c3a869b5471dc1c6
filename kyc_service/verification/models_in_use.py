"""Everything that gives a score: the models of the manifest, and the classifiers that were fitted on their answers."""

from __future__ import annotations

from pathlib import Path

from kyc_service.documents.engines import authenticity_classifiers
from kyc_service.inference.manifest import read_manifest
from kyc_service.liveness.engines import load_liveness_engines


def models_in_use(root: Path) -> dict[str, str]:
    """SHA-256 by id, under the models folder ``root``: a calibration counts only for one of these.

    Raises:
        ManifestInvalid: the manifest cannot be used.
        Unavailable: a classifier is missing or not of its form.
    """
    models = {model_id: model.sha256 for model_id, model in read_manifest(root).models.items()}
    return models | authenticity_classifiers(root).hashes | load_liveness_engines(root).hashes

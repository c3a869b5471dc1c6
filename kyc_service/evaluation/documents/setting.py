"""What reading needs besides the pictures: models, policy, and the time the documents are judged at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kyc_service.decision.policy import Policy
from kyc_service.documents.engines import authenticity_classifiers
from kyc_service.evaluation.documents.certainty_limits import Reader
from kyc_service.evaluation.documents.reading import OpenReader
from kyc_service.inference.manifest import Task, read_manifest, verify
from kyc_service.policies.calibration import read_calibrations
from kyc_service.policies.load import DEFAULT_POLICY, load_policy
from kyc_service.verification.models_in_use import models_in_use


@dataclass(frozen=True, slots=True)
class DocumentSetting:
    """Models checked, policy resolved. ``models`` are SHA-256 by manifest id, of those that read text."""

    open_reader: OpenReader
    policy: Policy
    models: dict[str, str]
    recogniser: Reader


def open_setting(models: Path, policy_file: Path | None, now: datetime) -> DocumentSetting:
    """``models`` is the folder of manifest.toml; without ``policy_file``, the policy the service ships with.

    Raises:
        ModelMissing: a model file is not there.
        ModelHashMismatch: a model file is not the one the manifest names.
        PolicyInvalid: the policy cannot be used.
    """
    manifest = read_manifest(models)
    verify(manifest, models)
    hashes = models_in_use(models)
    policy = load_policy(policy_file or DEFAULT_POLICY, read_calibrations(models / "calibration", set(hashes.values())))
    readers = [manifest.use[task] for task in (Task.TEXT_DETECTION, Task.TEXT_RECOGNITION)]
    return DocumentSetting(
        open_reader=OpenReader(models, policy, now),
        policy=policy,
        models={model_id: hashes[model_id] for model_id in readers} | authenticity_classifiers(models).hashes,
        recogniser=Reader(readers[-1], hashes[readers[-1]]),
    )

"""What every evaluation command needs: the models, where the pictures lie, the date."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kyc_service.inference.engines import FaceEngines
from kyc_service.inference.load import load_face_engines
from kyc_service.inference.manifest import Manifest, Model, Task, read_manifest, verify
from kyc_service.inference.threads import ThreadSettings, configure


@dataclass(frozen=True, slots=True)
class Setting:
    """Models loaded and checked; ``root`` is the folder that the lists' paths start from."""

    manifest: Manifest
    engines: FaceEngines
    root: Path
    measured_on: str

    def model(self, task: Task) -> tuple[str, Model]:
        """The id and the entry of the model that answers ``task``."""
        model_id = self.manifest.use[task]
        return model_id, self.manifest.models[model_id]


def add_common_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the models, the pictures and the calibration files are."""
    parser.add_argument("--models", type=Path, default=Path("models"), help="the folder of manifest.toml")
    parser.add_argument("--root", type=Path, required=True, help="the folder that the lists' paths start from")
    parser.add_argument("--title", required=True, help="the data set's title, as it stands in the file")
    parser.add_argument("--out", type=Path, default=Path("models/calibration"), help="where the files go")
    parser.add_argument("--threads", type=int, default=1, help="model calls at the same time")


def open_setting(given: argparse.Namespace) -> Setting:
    """Load the models that ``given`` names.

    Raises:
        ModelMissing: A model file is not there.
        ModelHashMismatch: A model file is not the one the manifest names.
    """
    threads = ThreadSettings(per_inference=1, parallel_inferences=given.threads)
    configure(threads)
    manifest = read_manifest(given.models)
    verify(manifest, given.models)
    engines = load_face_engines(manifest, given.models, threads)
    return Setting(manifest, engines, given.root, datetime.now(UTC).date().isoformat())

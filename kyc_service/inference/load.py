"""Build the engines that the manifest's ``[use]`` table names."""

from __future__ import annotations

from pathlib import Path

from kyc_service.inference.dlib_resnet import DlibResnet
from kyc_service.inference.engines import FaceEngines
from kyc_service.inference.face_networks import OnnxEmbedder, OnnxEyeContours, OnnxLiveness, OnnxMesher
from kyc_service.inference.levelling import LEVELLED
from kyc_service.inference.manifest import InputWiring, Manifest, ManifestInvalid, Model, Task, weights_path
from kyc_service.inference.ocr import OpenVinoTextReader
from kyc_service.inference.sessions import Session
from kyc_service.inference.threads import ThreadSettings
from kyc_service.inference.yunet import YuNet


def load_face_engines(manifest: Manifest, root: Path, threads: ThreadSettings) -> FaceEngines:
    """Load and compile the face models under ``root``; call :func:`manifest.verify` first.

    Raises:
        ManifestInvalid: A task has no model, or a model's wiring is not described.
    """
    return FaceEngines(
        detector=_detector(manifest, root),
        embedder=_embedder(manifest, root, threads),
        second_opinion=_second_opinion(manifest, root),
        liveness=_liveness(manifest, root, threads),
        mesher=_mesher(manifest, root, threads),
        eyes=_eyes(manifest, root, threads),
    )


def load_unlevelled_embedder(manifest: Manifest, root: Path, threads: ThreadSettings) -> OnnxEmbedder:
    """The face embedder as it is before any direction is taken out: to measure those directions.

    Raises:
        ManifestInvalid: No model embeds faces, or its wiring is not described.
    """
    model_id, model = _used(manifest, Task.FACE_EMBEDDING)
    session = Session(weights_path(model, root), threads, before=LEVELLED)
    return OnnxEmbedder(model_id, session, _wiring(model_id, model))


def load_text_reader(manifest: Manifest, root: Path, threads: ThreadSettings, *, warm: bool) -> OpenVinoTextReader:
    """Load and compile the text models under ``root``; call :func:`manifest.verify` first.

    Raises:
        ManifestInvalid: A task has no model.
    """
    _, detector = _used(manifest, Task.TEXT_DETECTION)
    model_id, recogniser = _used(manifest, Task.TEXT_RECOGNITION)
    return OpenVinoTextReader(
        weights_path(detector, root), weights_path(recogniser, root), threads, model_id=model_id, warm=warm
    )


def _detector(manifest: Manifest, root: Path) -> YuNet:
    model_id, model = _used(manifest, Task.FACE_DETECTION)
    return YuNet(
        model_id,
        weights_path(model, root),
        score_threshold=float(_option(model_id, model, "score_threshold")),
        nms_threshold=float(_option(model_id, model, "nms_threshold")),
    )


def _embedder(manifest: Manifest, root: Path, threads: ThreadSettings) -> OnnxEmbedder:
    model_id, model = _used(manifest, Task.FACE_EMBEDDING)
    return OnnxEmbedder(model_id, Session(weights_path(model, root), threads), _wiring(model_id, model))


def _second_opinion(manifest: Manifest, root: Path) -> DlibResnet:
    _, shape = _used(manifest, Task.FACE_LANDMARKS)
    model_id, resnet = _used(manifest, Task.FACE_SECOND_OPINION)
    return DlibResnet(model_id, weights_path(shape, root), weights_path(resnet, root))


def _liveness(manifest: Manifest, root: Path, threads: ThreadSettings) -> OnnxLiveness:
    model_id, model = _used(manifest, Task.PASSIVE_LIVENESS)
    return OnnxLiveness(
        model_id,
        Session(weights_path(model, root), threads),
        _wiring(model_id, model),
        crop_factor=float(_option(model_id, model, "crop_factor")),
        bona_fide_index=int(_option(model_id, model, "bona_fide_index")),
    )


def _mesher(manifest: Manifest, root: Path, threads: ThreadSettings) -> OnnxMesher:
    model_id, model = _used(manifest, Task.FACE_MESH)
    return OnnxMesher(
        model_id,
        Session(weights_path(model, root), threads),
        _wiring(model_id, model),
        points_output=str(_option(model_id, model, "points_output")),
        presence_output=str(_option(model_id, model, "presence_output")),
    )


def _eyes(manifest: Manifest, root: Path, threads: ThreadSettings) -> OnnxEyeContours:
    model_id, model = _used(manifest, Task.EYE_CONTOURS)
    return OnnxEyeContours(model_id, Session(weights_path(model, root), threads), _wiring(model_id, model))


def _used(manifest: Manifest, task: Task) -> tuple[str, Model]:
    model_id = manifest.use.get(task)
    if model_id is None:
        raise ManifestInvalid(f"The manifest names no model for {task}.")
    return model_id, manifest.models[model_id]


def _wiring(model_id: str, model: Model) -> InputWiring:
    if model.input is None:
        raise ManifestInvalid(f"The manifest does not say how model {model_id} takes its input.")
    return model.input


def _option(model_id: str, model: Model, name: str) -> float | int | str:
    if name not in model.options:
        raise ManifestInvalid(f"The manifest does not give option {name} of model {model_id}.")
    return model.options[name]

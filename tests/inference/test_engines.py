from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kyc_service.inference.engines import FaceEngines
from kyc_service.inference.load import load_face_engines
from kyc_service.inference.manifest import InputWiring, ManifestInvalid, Task, read_manifest, verify, weights_path
from kyc_service.inference.null_engines import null_face_engines
from kyc_service.inference.sessions import Session, to_tensor
from kyc_service.inference.threads import ThreadSettings

MODELS = Path(__file__).parents[2] / "models"
PIXELS = np.zeros((200, 200, 3), dtype=np.uint8)


@pytest.fixture(scope="session", params=["null", pytest.param("real", marks=pytest.mark.models)])
def engines(request: pytest.FixtureRequest) -> FaceEngines:
    if request.param == "null":
        return null_face_engines()
    return load_face_engines(read_manifest(MODELS), MODELS, ThreadSettings())


def test_wiring_turns_bgr_into_what_the_network_takes() -> None:
    pixels = np.zeros((4, 4, 3), dtype=np.uint8)
    pixels[..., 0] = 255
    wiring = InputWiring(width=2, height=2, colour="rgb", subtract=127.5, divide=127.5)
    tensor = to_tensor(pixels, wiring)
    assert (tensor.shape, tensor.dtype) == ((1, 3, 2, 2), np.float32)
    assert tensor[0, :, 0, 0].tolist() == [-1.0, -1.0, 1.0]


def test_a_detector_sees_no_face_in_nothing(engines: FaceEngines) -> None:
    assert engines.detector.detect(PIXELS) == ()


def test_an_embedder_gives_one_finite_vector_per_crop(engines: FaceEngines) -> None:
    vectors = engines.embedder.embed([PIXELS[:112, :112], PIXELS[:112, :112] + 200])
    assert len(vectors) == 2
    assert all(vector.ndim == 1 and vector.dtype == np.float32 and np.isfinite(vector).all() for vector in vectors)
    assert len(engines.embedder.embed([])) == 0


def test_a_second_opinion_gives_one_finite_vector(engines: FaceEngines) -> None:
    vector = engines.second_opinion.describe(PIXELS, (40, 40, 160, 160))
    assert vector.ndim == 1
    assert np.isfinite(vector).all()


def test_a_liveness_score_is_between_0_and_1(engines: FaceEngines) -> None:
    assert 0.0 <= engines.liveness.bona_fide_probability(PIXELS) <= 1.0
    assert engines.liveness.crop_factor >= 1


def test_every_engine_names_its_model(engines: FaceEngines) -> None:
    parts = (engines.detector, engines.embedder, engines.second_opinion, engines.liveness)
    assert len({part.model_id for part in parts}) == len(parts)


def test_a_task_without_a_model_is_refused() -> None:
    manifest = read_manifest(MODELS)
    without = manifest.model_copy(update={"use": {Task.FACE_EMBEDDING: "sface_2021dec_levelled"}})
    with pytest.raises(ManifestInvalid, match="face_detection"):
        load_face_engines(without, MODELS, ThreadSettings())


def test_a_model_without_its_options_is_refused() -> None:
    manifest = read_manifest(MODELS)
    bare = manifest.models["yunet_2023mar"].model_copy(update={"options": {}})
    without = manifest.model_copy(update={"models": {**manifest.models, "yunet_2023mar": bare}})
    with pytest.raises(ManifestInvalid, match="score_threshold"):
        load_face_engines(without, MODELS, ThreadSettings())


@pytest.mark.models
def test_a_model_without_its_wiring_is_refused() -> None:
    manifest = read_manifest(MODELS)
    bare = manifest.models["sface_2021dec_levelled"].model_copy(update={"input": None})
    without = manifest.model_copy(update={"models": {**manifest.models, "sface_2021dec_levelled": bare}})
    with pytest.raises(ManifestInvalid, match="input"):
        load_face_engines(without, MODELS, ThreadSettings())


@pytest.mark.models
def test_the_models_in_place_are_the_ones_the_manifest_names() -> None:
    verify(read_manifest(MODELS), MODELS)


@pytest.mark.models
def test_one_session_answers_many_threads_as_it_answers_one() -> None:
    model = read_manifest(MODELS).models["fr_liveness"]
    session = Session(weights_path(model, MODELS), ThreadSettings(parallel_inferences=2))
    generator = np.random.default_rng(5)
    tensors = [generator.uniform(0, 255, (1, 3, 128, 128)).astype(np.float32) for _ in range(8)]
    alone = [session.infer([tensor])[0] for tensor in tensors]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda tensor: session.infer([tensor])[0], tensors))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(alone, session.infer(tensors), strict=True):
        np.testing.assert_array_equal(one, other)

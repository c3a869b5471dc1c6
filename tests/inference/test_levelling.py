from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from kyc_service.inference.levelling import Direction, level, levelling_matrix, read_directions
from kyc_service.inference.load import load_face_engines, load_unlevelled_embedder
from kyc_service.inference.manifest import read_manifest
from kyc_service.inference.threads import ThreadSettings
from tests.faces.people import MODELS


def write_network(path: Path) -> None:
    """Write y = x + x."""
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3])]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])]
    graph = helper.make_graph([helper.make_node("Add", ["x", "x"], ["y"])], "g", inputs, outputs)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), path)


def write_directions(path: Path, *directions: tuple[float, list[float]]) -> None:
    listed = [{"of": "some", "strength": strength, "vector": vector} for strength, vector in directions]
    path.write_text(json.dumps({"schema": 1, "directions": listed}), encoding="utf-8")


def test_what_lies_along_a_direction_is_taken_out(tmp_path: Path) -> None:
    """(1, 2, 3) doubled is (2, 4, 6); all of the second part and half of the third go."""
    write_network(tmp_path / "before.onnx")
    write_directions(tmp_path / "d.json", (1.0, [0, 1, 0]), (0.5, [0, 0, 1]))
    level(tmp_path / "before.onnx", tmp_path / "d.json", tmp_path / "after.onnx")
    (found,) = ReferenceEvaluator(str(tmp_path / "after.onnx")).run(None, {"x": np.array([[1, 2, 3]], np.float32)})
    np.testing.assert_array_equal(found, [[2, 0, 3]])


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    write_network(tmp_path / "before.onnx")
    write_directions(tmp_path / "d.json", (1.0, [0.6, 0.8, 0]))
    for name in ("one", "two"):
        level(tmp_path / "before.onnx", tmp_path / "d.json", tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_what_is_wholly_taken_out_is_gone_whatever_it_was() -> None:
    generator = np.random.default_rng(4)
    vector = generator.normal(size=16)
    vector /= np.linalg.norm(vector)
    matrix = levelling_matrix([Direction(of="some", strength=1, vector=vector.tolist())])
    assert generator.normal(size=(5, 16)) @ matrix @ vector == pytest.approx(np.zeros(5), abs=1e-6)


def test_a_strength_beyond_all_is_refused(tmp_path: Path) -> None:
    write_directions(tmp_path / "d.json", (1.5, [1, 0, 0]))
    with pytest.raises(ValueError, match="strength"):
        read_directions(tmp_path / "d.json")


@pytest.mark.models
def test_the_network_in_use_answers_what_it_did_before_without_the_direction() -> None:
    crop = np.random.default_rng(6).integers(0, 255, (112, 112, 3), dtype=np.uint8)
    manifest, threads = read_manifest(MODELS), ThreadSettings()
    (before,) = load_unlevelled_embedder(manifest, MODELS, threads).embed([crop])
    (after,) = load_face_engines(manifest, MODELS, threads).embedder.embed([crop])
    matrix = levelling_matrix(read_directions(MODELS / "levelling" / "sface_2021dec.json").directions)
    np.testing.assert_allclose(after, before @ matrix, atol=1e-4)
    assert np.abs(after - before).max() > 1e-3

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from kyc_service.inference.dequantise import dequantise


def write_quantised(path: Path) -> None:
    """Write y = x . reshape(dequantise(w), 3x2), with a block size that does not divide the axis."""
    generator = np.random.default_rng(1)
    weights = generator.integers(-127, 127, (2, 3), dtype=np.int8)
    initialisers = [
        numpy_helper.from_array(weights, "quantised"),
        numpy_helper.from_array(generator.random((2, 2), dtype=np.float32), "scales"),
        numpy_helper.from_array(generator.integers(-5, 5, (2, 2), dtype=np.int8), "zeros"),
        numpy_helper.from_array(np.array([3, 2], dtype=np.int64), "shape"),
    ]
    nodes = [
        helper.make_node("DequantizeLinear", ["quantised", "scales", "zeros"], ["whole"], axis=1, block_size=2),
        helper.make_node("Reshape", ["whole", "shape"], ["weight"]),
        helper.make_node("MatMul", ["x", "weight"], ["y"]),
    ]
    inputs = [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3]),
        helper.make_tensor_value_info("unused", TensorProto.FLOAT, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [2, 2]),
    ]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2])]
    graph = helper.make_graph(nodes, "g", inputs, outputs, initialisers)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)]), path)


def test_the_expanded_network_gives_the_same_numbers(tmp_path: Path) -> None:
    write_quantised(tmp_path / "q.onnx")
    dequantise(tmp_path / "q.onnx", tmp_path / "f.onnx")
    x = np.array([[1.0, -2.0, 3.0]], dtype=np.float32)
    graph = onnx.load(tmp_path / "q.onnx").graph
    weights, scales, zeros, _ = (numpy_helper.to_array(tensor) for tensor in graph.initializer)
    block = np.array([0, 0, 1])
    whole = (weights.astype(np.float32) - zeros[:, block]) * scales[:, block]
    (found,) = ReferenceEvaluator(str(tmp_path / "f.onnx")).run(None, {"x": x})
    np.testing.assert_allclose(found, x @ whole.reshape(3, 2), rtol=1e-6)


def test_only_what_is_needed_is_left(tmp_path: Path) -> None:
    write_quantised(tmp_path / "q.onnx")
    dequantise(tmp_path / "q.onnx", tmp_path / "f.onnx")
    graph = onnx.load(tmp_path / "f.onnx").graph
    assert [node.op_type for node in graph.node] == ["MatMul"]
    assert [value.name for value in graph.input] == ["x"]
    assert [tensor.name for tensor in graph.initializer] == ["weight"]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    write_quantised(tmp_path / "q.onnx")
    dequantise(tmp_path / "q.onnx", tmp_path / "a.onnx")
    dequantise(tmp_path / "q.onnx", tmp_path / "b.onnx")
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()

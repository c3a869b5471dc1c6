"""Undo block quantisation of an ONNX model once, at build time.

Some published weights are stored as 8-bit blocks that the runtime expands at every
start (and, in some runtimes, at every call). Writing the expanded float32 numbers gives
the same network without the expansion. The result is byte for byte the same on every
machine: one float32 multiplication per weight and a deterministic serialisation.

Build time only: ``onnx`` is not among the runtime requirements.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import onnx

_FOLDED = frozenset({"DequantizeLinear", "Reshape"})


def dequantise(quantised: Path, target: Path) -> None:
    """Write ``quantised`` with its weights expanded to float32 to ``target``.

    Weight branches of ``DequantizeLinear`` and ``Reshape`` become plain initialisers;
    graph inputs that nothing reads or that only repeat initialisers are taken out. Nothing else changes.

    Source: ONNX operator set 21, DequantizeLinear (blocked form).
    """
    import onnx  # noqa: PLC0415 - a build requirement, absent while serving

    model = onnx.load(quantised)
    graph = model.graph
    constants = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    kept = [node for node in graph.node if not _fold(node, constants)]
    used = {name for node in kept for name in node.input}
    tensors = [onnx.numpy_helper.from_array(constants[name], name) for name in sorted(used & constants.keys())]
    inputs = [value for value in graph.input if value.name in used - constants.keys()]
    for field in (graph.node, graph.initializer, graph.input, graph.value_info):
        del field[:]
    graph.node.extend(kept)
    graph.initializer.extend(tensors)
    graph.input.extend(inputs)
    onnx.checker.check_model(model)
    target.write_bytes(model.SerializeToString(deterministic=True))


def _fold(node: onnx.NodeProto, constants: dict[str, npt.NDArray[np.generic]]) -> bool:
    """Compute ``node`` now if it depends on constants alone; true if it is no longer needed."""
    if node.op_type not in _FOLDED or not all(name in constants for name in node.input):
        return False
    values = [constants[name] for name in node.input]
    attributes = {attribute.name: attribute.i for attribute in node.attribute}
    constants[node.output[0]] = (
        _expand(values, attributes) if node.op_type == "DequantizeLinear" else values[0].reshape(values[1].tolist())
    )
    return True


def _expand(values: list[npt.NDArray[np.generic]], attributes: dict[str, int]) -> npt.NDArray[np.float32]:
    """(quantised - zero point) * scale, each scale holding for a block along one axis."""
    quantised, scale, zero = values
    axis, block = attributes["axis"], attributes["block_size"]
    length = quantised.shape[axis]
    per_weight = [np.repeat(part, block, axis).take(range(length), axis) for part in (scale, zero)]
    whole = quantised.astype(np.int32) - per_weight[1].astype(np.int32)
    return whole.astype(np.float32) * per_weight[0].astype(np.float32)

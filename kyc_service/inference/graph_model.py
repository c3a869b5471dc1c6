"""Turn a TensorFlow.js graph model into ONNX, once, at build time.

A graph model is a JSON description and a file of weights, in channels-last order. Only
the operations that the converted face networks hold are known; any other is refused.
The result is byte for byte the same on every machine: weights are copied or widened from
float16, axes are exchanged, nothing is computed.

Build time only: ``onnx`` is not among the runtime requirements. Source: the format of
tensorflowjs_converter; ONNX operator set 17.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import onnx

_OPSET: Final = 17
_IR_VERSION: Final = 8
_TO_CHANNELS_FIRST: Final = (0, 3, 1, 2)
_AXIS: Final = (0, 2, 3, 1)
"""Where each axis of N, H, W, C stands in N, C, H, W."""
_WIDTHS: Final = {"float32": np.float32, "float16": np.float16, "int32": np.int32}


class GraphUnknown(ValueError):
    """The graph holds an operation or an attribute that this converter does not know."""


def convert(description: Path, weights: Path, target: Path) -> None:
    """Write the network of ``description`` (JSON) and ``weights`` as ONNX to ``target``.

    The input becomes 1 x C x H x W; outputs keep their order by name. Outputs that were
    flattened keep the channels-last order of their numbers.

    Raises:
        GraphUnknown: an operation is not known.
    """
    import onnx  # noqa: PLC0415 - a build requirement, absent while serving

    model = json.loads(description.read_text("utf-8"))
    converter = _Converter(_read_weights(model["weightsManifest"], weights.read_bytes()))
    for node in model["modelTopology"]["node"]:
        converter.add(node)
    graph = converter.graph()
    made = onnx.helper.make_model(
        graph, opset_imports=[onnx.helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION, producer_name="kyc_service"
    )
    shaped = onnx.shape_inference.infer_shapes(made, strict_mode=True)
    onnx.checker.check_model(shaped, full_check=True)
    target.write_bytes(shaped.SerializeToString(deterministic=True))


def _read_weights(manifest: list[dict[str, Any]], content: bytes) -> dict[str, npt.NDArray[np.generic]]:
    """Every weight by name; float16 is widened."""
    found: dict[str, npt.NDArray[np.generic]] = {}
    at = 0
    for weight in (weight for group in manifest for weight in group["weights"]):
        stored = np.dtype(_WIDTHS[weight.get("quantization", weight)["dtype"]]).newbyteorder("<")
        count = int(np.prod(weight["shape"], dtype=np.int64))
        flat = np.frombuffer(content, stored, count, at)
        at += count * stored.itemsize
        found[weight["name"]] = flat.astype(_WIDTHS[weight["dtype"]]).reshape(weight["shape"])
    if at != len(content):
        raise GraphUnknown(f"{len(content) - at} bytes of the weights belong to no tensor")
    return found


class _Converter:
    """Collects ONNX nodes; names of tensors stay those of the graph model."""

    def __init__(self, constants: Mapping[str, npt.NDArray[np.generic]]) -> None:
        self._constants = constants
        self._nodes: list[onnx.NodeProto] = []
        self._initialisers: dict[str, onnx.TensorProto] = {}
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[str] = []
        self._known: dict[str, Callable[[dict[str, Any]], None]] = {
            "Const": lambda _: None,
            "Placeholder": self._placeholder,
            "_FusedConv2D": self._convolution,
            "DepthwiseConv2dNative": self._depthwise,
            "AddV2": lambda node: self._emit("Add", list(node["input"]), node["name"]),
            "Prelu": lambda node: self._prelu(node["input"][0], node["input"][1], node["name"]),
            "MaxPool": self._max_pool,
            "Pad": self._pad,
            "Reshape": self._reshape,
            "ConcatV2": self._concat,
            "Sigmoid": lambda node: self._emit("Sigmoid", list(node["input"]), node["name"]),
            "Identity": self._identity,
        }

    def add(self, node: dict[str, Any]) -> None:
        """Take over one node of the graph model."""
        if node["op"] not in self._known:
            raise GraphUnknown(f"operation {node['op']} is not known")
        self._known[node["op"]](node)

    def graph(self) -> onnx.GraphProto:
        """The whole graph; outputs sorted by name."""
        import onnx  # noqa: PLC0415

        outputs = [
            onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in sorted(self._outputs)
        ]
        return onnx.helper.make_graph(
            self._nodes,
            "graph",
            self._inputs,
            outputs,
            [self._initialisers[name] for name in sorted(self._initialisers)],
        )

    def _emit(self, operation: str, inputs: list[str], output: str, **attributes: Any) -> None:  # noqa: ANN401 - as ONNX takes them
        import onnx  # noqa: PLC0415

        self._nodes.append(onnx.helper.make_node(operation, inputs, [output], **attributes))

    def _initialise(self, name: str, value: npt.NDArray[np.generic]) -> str:
        import onnx  # noqa: PLC0415

        self._initialisers[name] = onnx.numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def _placeholder(self, node: dict[str, Any]) -> None:
        import onnx  # noqa: PLC0415

        _, height, width, channels = (int(d["size"]) for d in node["attr"]["shape"]["shape"]["dim"])
        shape = (1, channels, height, width)
        self._inputs.append(onnx.helper.make_tensor_value_info(node["name"], onnx.TensorProto.FLOAT, shape))

    def _convolution(self, node: dict[str, Any]) -> None:
        source, kernel, bias, *rest = node["input"]
        fused = [base64.b64decode(name).decode() for name in node["attr"]["fused_ops"]["list"]["s"]]
        if fused not in (["BiasAdd"], ["BiasAdd", "Prelu"]):
            raise GraphUnknown(f"fused operations {fused} are not known")
        output = node["name"] + (":sum" if rest else "")
        weights = self._initialise(kernel, self._constants[kernel].transpose(3, 2, 0, 1))
        self._initialise(bias, self._constants[bias])
        self._emit("Conv", [source, weights, bias], output, **_window(node, kernel=self._constants[kernel].shape[:2]))
        if rest:
            self._prelu(output, rest[0], node["name"])

    def _depthwise(self, node: dict[str, Any]) -> None:
        source, kernel = node["input"]
        height, width, channels, times = self._constants[kernel].shape
        turned = self._constants[kernel].transpose(2, 3, 0, 1).reshape(channels * times, 1, height, width)
        weights = self._initialise(kernel, turned)
        self._emit("Conv", [source, weights], node["name"], group=channels, **_window(node, kernel=(height, width)))

    def _prelu(self, source: str, slope: str, output: str) -> None:
        # 1 x 1 x C slopes of channels-last pictures stand for C x 1 x 1.
        slopes = self._constants[slope].reshape(-1, 1, 1)
        self._emit("PRelu", [source, self._initialise(slope, slopes)], output)

    def _max_pool(self, node: dict[str, Any]) -> None:
        kernel = [int(size) for size in node["attr"]["ksize"]["list"]["i"]][1:3]
        self._emit("MaxPool", list(node["input"]), node["name"], **_window(node, kernel=tuple(kernel)))

    def _pad(self, node: dict[str, Any]) -> None:
        source, paddings = node["input"]
        turned = self._constants[paddings][list(_TO_CHANNELS_FIRST)]
        begins_then_ends = self._initialise(paddings, turned.T.reshape(-1).astype(np.int64))
        self._emit("Pad", [source, begins_then_ends], node["name"])

    def _reshape(self, node: dict[str, Any]) -> None:
        source, shape = node["input"]
        wanted = self._initialise(shape, self._constants[shape].astype(np.int64))
        self._emit("Transpose", [source], node["name"] + ":channels_last", perm=(0, 2, 3, 1))
        self._emit("Reshape", [node["name"] + ":channels_last", wanted], node["name"])

    def _concat(self, node: dict[str, Any]) -> None:
        *sources, axis = node["input"]
        self._emit("Concat", sources, node["name"], axis=_AXIS[int(self._constants[axis])])

    def _identity(self, node: dict[str, Any]) -> None:
        self._outputs.append(node["name"])
        self._emit("Identity", list(node["input"]), node["name"])


def _window(node: dict[str, Any], kernel: tuple[int, ...]) -> dict[str, Any]:
    """Kernel, strides and padding of a node that slides a window."""
    attributes = node["attr"]
    padding = base64.b64decode(attributes["padding"]["s"]).decode()
    if attributes["data_format"]["s"] != base64.b64encode(b"NHWC").decode():
        raise GraphUnknown("pictures must be channels-last")
    if padding not in ("SAME", "VALID"):
        raise GraphUnknown(f"padding {padding} is not known")
    strides = [int(stride) for stride in attributes["strides"]["list"]["i"]][1:3]
    return {
        "kernel_shape": [int(size) for size in kernel],
        "strides": strides,
        "auto_pad": "SAME_UPPER" if padding == "SAME" else "VALID",
    }

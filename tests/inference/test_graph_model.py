"""A graph model that is converted gives the numbers that its operations mean."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
import pytest

from kyc_service.inference.graph_model import GraphUnknown, convert
from kyc_service.inference.threads import ThreadSettings, openvino_properties


def _text(value: str) -> dict[str, str]:
    return {"s": base64.b64encode(value.encode()).decode()}


def _window(strides: int = 1, padding: str = "SAME") -> dict[str, Any]:
    return {
        "strides": {"list": {"i": ["1", str(strides), str(strides), "1"]}},
        "padding": _text(padding),
        "data_format": _text("NHWC"),
    }


class _Model:
    """Writes a graph model of a few nodes."""

    def __init__(self, side: int, channels: int) -> None:
        dim = [{"size": str(size)} for size in (-1, side, side, channels)]
        self.nodes: list[dict[str, Any]] = [
            {"name": "in", "op": "Placeholder", "attr": {"shape": {"shape": {"dim": dim}}}}
        ]
        self.weights: list[tuple[str, np.ndarray[Any, Any], str | None]] = []

    def constant(self, name: str, value: np.ndarray[Any, Any], stored: str | None = None) -> str:
        self.nodes.append({"name": name, "op": "Const"})
        self.weights.append((name, value, stored))
        return name

    def node(self, name: str, op: str, inputs: list[str], **attributes: object) -> str:
        self.nodes.append({"name": name, "op": op, "input": inputs, "attr": attributes})
        return name

    def run(self, folder: Path, picture: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Convert and answer for one channels-last picture."""
        entries, content = [], b""
        for name, value, stored in self.weights:
            entry: dict[str, Any] = {"name": name, "shape": list(value.shape), "dtype": str(value.dtype)}
            if stored:
                entry["quantization"] = {"dtype": stored, "original_dtype": str(value.dtype)}
            entries.append(entry)
            content += value.astype(stored or value.dtype).tobytes()
        (folder / "m.json").write_text(
            json.dumps({"modelTopology": {"node": self.nodes}, "weightsManifest": [{"weights": entries}]}), "utf-8"
        )
        (folder / "m.bin").write_bytes(content)
        convert(folder / "m.json", folder / "m.bin", folder / "m.onnx")
        # As the service does it: by themselves, processors that can would count in bfloat16.
        compiled = ov.Core().compile_model(str(folder / "m.onnx"), "CPU", openvino_properties(ThreadSettings()))
        return np.asarray(compiled([picture.transpose(2, 0, 1)[None]])[0])


def _picture(side: int, channels: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(7).normal(size=(side, side, channels)).astype(np.float32)


def test_flattened_numbers_keep_their_channels_last_order(tmp_path: Path) -> None:
    model, picture = _Model(3, 2), _picture(3, 2)
    model.constant("shape", np.array([1, 18], dtype=np.int32))
    model.node("flat", "Reshape", ["in", "shape"])
    model.node("out", "Identity", ["flat"])
    np.testing.assert_allclose(model.run(tmp_path, picture), picture.reshape(1, 18), rtol=1e-6)


def test_a_convolution_with_its_slope_is_what_its_weights_say(tmp_path: Path) -> None:
    model, picture = _Model(4, 2), _picture(4, 2)
    kernel = np.random.default_rng(1).normal(size=(1, 1, 2, 3)).astype(np.float16).astype(np.float32)
    model.constant("kernel", kernel, "float16")
    model.constant("bias", np.array([0.5, -1, 2], dtype=np.float32))
    model.constant("slope", np.array([[[0.1, 0.2, 0.3]]], dtype=np.float32))
    fused = {"list": {"s": [_text("BiasAdd")["s"], _text("Prelu")["s"]]}}
    model.node("conv", "_FusedConv2D", ["in", "kernel", "bias", "slope"], fused_ops=fused, **_window())
    model.node("out", "Identity", ["conv"])
    summed = picture @ kernel[0, 0] + (0.5, -1, 2)
    expected = np.where(summed < 0, summed * (0.1, 0.2, 0.3), summed)
    np.testing.assert_allclose(model.run(tmp_path, picture)[0].transpose(1, 2, 0), expected, rtol=1e-3, atol=1e-4)


def test_each_channel_of_a_depthwise_convolution_has_its_own_kernel(tmp_path: Path) -> None:
    model, picture = _Model(4, 2), _picture(4, 2)
    kernel = np.zeros((3, 3, 2, 1), dtype=np.float32)
    kernel[1, 1, 0], kernel[1, 2, 1] = 2, 1  # doubles the first channel, takes the right neighbour of the second
    model.constant("kernel", kernel)
    model.node("depth", "DepthwiseConv2dNative", ["in", "kernel"], **_window())
    model.node("out", "Identity", ["depth"])
    found = model.run(tmp_path, picture)[0]
    np.testing.assert_allclose(found[0], 2 * picture[..., 0], rtol=1e-5)
    np.testing.assert_allclose(found[1, :, :3], picture[:, 1:, 1], rtol=1e-5)


def test_channels_are_padded_behind(tmp_path: Path) -> None:
    model, picture = _Model(2, 2), _picture(2, 2)
    model.constant("paddings", np.array([[0, 0], [0, 0], [0, 0], [0, 1]], dtype=np.int32))
    model.node("pad", "Pad", ["in", "paddings"])
    model.node("pool", "MaxPool", ["pad"], ksize={"list": {"i": ["1", "2", "2", "1"]}}, **_window(2, "VALID"))
    model.node("out", "Identity", ["pool"])
    found = model.run(tmp_path, picture)
    np.testing.assert_allclose(found.ravel(), [*picture.reshape(4, 2).max(axis=0), 0], rtol=1e-6)


def test_an_operation_that_is_not_known_is_refused(tmp_path: Path) -> None:
    model = _Model(2, 1)
    model.node("odd", "Softplus", ["in"])
    with pytest.raises(GraphUnknown, match="Softplus"):
        model.run(tmp_path, _picture(2, 1))


def test_weights_that_do_not_fit_their_description_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text('{"modelTopology": {"node": []}, "weightsManifest": []}', "utf-8")
    (tmp_path / "m.bin").write_bytes(b"1234")
    with pytest.raises(GraphUnknown, match="4 bytes"):
        convert(tmp_path / "m.json", tmp_path / "m.bin", tmp_path / "m.onnx")

"""OpenVINO sessions: compiled once, shared by threads, one infer request per thread."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import openvino as ov  # type: ignore[import-untyped]
from numpy.typing import NDArray

from kyc_service.inference.manifest import InputWiring
from kyc_service.inference.threads import ThreadSettings, openvino_properties

Pixels = NDArray[np.uint8]
"""BGR, uint8, height x width x 3."""


class Session:
    """A network with one input, safe to call from several threads.

    An infer request holds the buffers of one call, so each thread has its own. With
    ``before``, the network ends before the node of that output, where it has one.
    """

    def __init__(self, path: Path, threads: ThreadSettings, before: str | None = None) -> None:
        core = ov.Core()
        model = core.read_model(path)
        whole = model if before is None else _until(model, before)
        self._compiled = core.compile_model(whole, "CPU", openvino_properties(threads))
        self._local = threading.local()

    def infer(self, tensors: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Run the network on each of ``tensors`` (its input shape, float32), as many at once as it has streams.

        Returns:
            The first output per tensor, copied out of the request's buffers.
        """
        requests = self._own_requests(len(tensors))
        for request, tensor in zip(requests, tensors, strict=True):
            request.start_async([tensor], share_inputs=True)
        for request in requests:
            request.wait()
        return [np.array(request.get_output_tensor(0).data, dtype=np.float32) for request in requests]

    def infer_named(self, tensor: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """Run a network of several outputs on one tensor.

        Returns:
            Every output by its name in the file, copied out of the request's buffers.
        """
        (request,) = self._own_requests(1)
        request.infer([tensor], share_inputs=True)
        return {
            output.any_name: np.array(request.get_tensor(output).data, dtype=np.float32)
            for output in self._compiled.outputs
        }

    def _own_requests(self, count: int) -> list[Any]:
        """The first ``count`` infer requests of the calling thread, made when first asked for."""
        held: list[Any] | None = getattr(self._local, "requests", None)
        if held is None:
            held = self._local.requests = []
        held.extend(self._compiled.create_infer_request() for _ in range(count - len(held)))
        return held[:count]


def _until(model: ov.Model, name: str) -> ov.Model:
    """``model`` without the last node, if that is what ``name`` comes from."""
    last = model.get_results()[0].input_value(0)
    if name not in last.get_names():
        return model
    return ov.Model([last.get_node().input_value(0)], model.get_parameters(), "cut")


def to_tensor(pixels: Pixels, wiring: InputWiring) -> NDArray[np.float32]:
    """``pixels`` (BGR) as a 1x3xHxW float32 tensor: resized, coloured and scaled as wired."""
    size = (wiring.width, wiring.height)
    sized = pixels if pixels.shape[1::-1] == size else cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    coloured = sized[..., ::-1] if wiring.colour == "rgb" else sized
    scaled = (coloured.astype(np.float32) - wiring.subtract) / wiring.divide
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[np.newaxis], dtype=np.float32)

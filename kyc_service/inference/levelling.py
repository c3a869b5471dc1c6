"""Take directions out of what a face network answers, once, at build time.

Faces of one population lie together in a network's space: along the mean of its people.
What all of them share tells nobody apart, but it brings strangers of that population
nearer to each other than strangers of others are, so that they are falsely matched more
often. The directions are measured by an evaluation command and lie beside the models as
JSON; here they become one matrix at the end of the network, so that the file's SHA-256
stands for them, too. The result is byte for byte the same on every machine.

Build time only: ``onnx`` is not among the runtime requirements. Source: nuisance attribute
projection (Solomonoff, Campbell, Boardman, 2005).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

LEVELLED: Final = "levelled"
_ANY: Final = ConfigDict(frozen=True, extra="ignore")


class Direction(BaseModel):
    """A unit vector, and the share of every embedding's part along it that is taken out (1: all)."""

    model_config = _ANY

    of: str
    strength: float = Field(gt=0, le=1)
    vector: list[float]


class Directions(BaseModel):
    """What the file says that matters here."""

    model_config = _ANY

    directions: list[Direction]


def read_directions(path: Path) -> Directions:
    """Parse a file of directions.

    Raises:
        ValueError: It is not of the documented form.
    """
    return Directions.model_validate_json(path.read_bytes())


def levelling_matrix(directions: Sequence[Direction]) -> npt.NDArray[np.float32]:
    """The D x D matrix that takes ``directions`` out one after another; it is multiplied from the right.

    >>> half = Direction(of="everybody", strength=0.5, vector=[1.0, 0.0])
    >>> levelling_matrix([half]).tolist()
    [[0.5, 0.0], [0.0, 1.0]]
    """
    vectors = np.array([direction.vector for direction in directions], dtype=np.float64)
    matrix = np.eye(vectors.shape[1])
    for direction, vector in zip(directions, vectors, strict=True):
        # Each element by itself, without a matrix product: those differ between machines.
        along = (matrix * vector[np.newaxis, :]).sum(axis=1)
        matrix = matrix - direction.strength * along[:, np.newaxis] * vector[np.newaxis, :]
    return matrix.astype(np.float32)


def level(network: Path, directions: Path, target: Path) -> None:
    """Write ``network`` (one output, 1 x D) with ``directions`` taken out of its answer to ``target``."""
    import onnx  # noqa: PLC0415 - a build requirement, absent while serving

    model = onnx.load(network)
    graph = model.graph
    (output,) = graph.output
    matrix = levelling_matrix(read_directions(directions).directions)
    graph.initializer.append(onnx.numpy_helper.from_array(matrix, "levelling"))
    graph.node.append(onnx.helper.make_node("MatMul", [output.name, "levelling"], [LEVELLED]))
    shape = [1, matrix.shape[1]]
    del graph.output[:]
    graph.output.append(onnx.helper.make_tensor_value_info(LEVELLED, onnx.TensorProto.FLOAT, shape))
    onnx.checker.check_model(model)
    target.write_bytes(model.SerializeToString(deterministic=True))

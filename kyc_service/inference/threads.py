"""Threads, in one place.

Several workers with one thread each give more throughput than threads inside one model,
and two pools on the same cores slow each other down several times over. So: one thread
per inference, as many inferences at once as there are cores to spend.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Final

import cv2

_POOLS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class ThreadSettings:
    """How many threads computing may use.

    ``per_inference``: threads inside one model call; ``parallel_inferences``: model calls
    that may run at the same time, in each model.
    """

    per_inference: int = 1
    parallel_inferences: int = 2

    def __post_init__(self) -> None:
        """Refuse what the engines would take to mean "all cores"."""
        if self.per_inference < 1 or self.parallel_inferences < 1:
            raise ValueError("thread counts start at 1")


def configure(settings: ThreadSettings) -> None:
    """Apply ``settings`` to this process: OpenCV, and the pools that read the environment.

    Call before the models are loaded. dlib and numpy read the environment when they are
    first imported, so a process that wants certainty sets it before starting.
    """
    cv2.setNumThreads(settings.per_inference)
    for name in _POOLS:
        os.environ.setdefault(name, str(settings.per_inference))


def openvino_properties(settings: ThreadSettings) -> dict[str, Any]:
    """What ``Core.compile_model`` is told.

    Streams share ``INFERENCE_NUM_THREADS``, so that each has ``per_inference``. The
    precision is fixed: some processors would otherwise compute in bfloat16, and the same
    picture would score differently from machine to machine.
    """
    return {
        "INFERENCE_NUM_THREADS": settings.per_inference * settings.parallel_inferences,
        "NUM_STREAMS": settings.parallel_inferences,
        "INFERENCE_PRECISION_HINT": "f32",
    }

"""The second opinion: dlib's 128-d ResNet with 5-point alignment.

A distance above 0.6 is what its author calls different people; its error rates are far
worse than the first model's, above all on East-Asian faces, so it never decides alone.

Source: King, dlib ``face_recognition_resnet_model_v1`` (2017).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dlib  # type: ignore[import-untyped]
import numpy as np

from kyc_service.inference.engines import Embedding, Pixels

_CHIP_PX = 150
_CHIP_PADDING = 0.25


@dataclass(frozen=True, slots=True)
class DlibResnet:
    """Loaded when first asked, since most verifications never ask; one call at a time."""

    model_id: str
    shape_path: Path
    resnet_path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _loaded: dict[str, Any] = field(default_factory=dict)

    def describe(self, wide: Pixels, face: tuple[int, int, int, int]) -> Embedding:
        """The 128-d vector of the face in ``wide`` (BGR); about 95 ms.

        ``face`` is (left, top, right, bottom) in pixels, as dlib's frontal detector frames
        a face: from the eyebrows to the chin.
        """
        rgb = np.ascontiguousarray(wide[..., ::-1])
        with self._lock:
            shape, resnet = self._networks()
            landmarks = shape(rgb, dlib.rectangle(*face))
            chip = dlib.get_face_chip(rgb, landmarks, size=_CHIP_PX, padding=_CHIP_PADDING)
            return np.array(resnet.compute_face_descriptor(chip), dtype=np.float32)

    def _networks(self) -> tuple[Any, Any]:
        if not self._loaded:
            self._loaded["shape"] = dlib.shape_predictor(str(self.shape_path))
            self._loaded["resnet"] = dlib.face_recognition_model_v1(str(self.resnet_path))
        return self._loaded["shape"], self._loaded["resnet"]

"""Face detection by YuNet, through OpenCV's ``FaceDetectorYN``.

Source: Wu, Peng, Yu, "YuNet: A Tiny Millisecond-level Face Detector" (2023).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from kyc_service.inference.engines import DetectedFace, Pixels

_TOP_K = 50
_LANDMARKS = slice(4, 14)
_CONFIDENCE = 14


@dataclass(frozen=True, slots=True)
class YuNet:
    """The detector. Its input size is state of the OpenCV object, so each thread has one of its own."""

    model_id: str
    path: Path
    score_threshold: float
    nms_threshold: float
    _local: threading.local = field(default_factory=threading.local)

    def detect(self, pixels: Pixels) -> tuple[DetectedFace, ...]:
        """All faces in ``pixels`` (BGR), surest first; time grows with the area, 11 ms at 320x320."""
        network = self._network()
        network.setInputSize((pixels.shape[1], pixels.shape[0]))
        rows: Any = network.detect(pixels)[1]  # None where there is no face, whatever the stubs say
        if rows is None:
            return ()
        faces = [_face(np.asarray(row, dtype=np.float32)) for row in rows]
        return tuple(sorted(faces, key=lambda face: -face.confidence))

    def _network(self) -> cv2.FaceDetectorYN:
        held: cv2.FaceDetectorYN | None = getattr(self._local, "network", None)
        if held is None:
            held = self._local.network = cv2.FaceDetectorYN.create(
                str(self.path), "", (320, 320), self.score_threshold, self.nms_threshold, _TOP_K
            )
        return held


def _face(row: np.ndarray[tuple[int], np.dtype[np.float32]]) -> DetectedFace:
    """One row of OpenCV's answer: x, y, w, h, five points (right eye of the person first), score."""
    x, y, width, height = (float(value) for value in row[:4])
    return DetectedFace((x, y, width, height), row[_LANDMARKS].reshape(5, 2).copy(), float(row[_CONFIDENCE]))

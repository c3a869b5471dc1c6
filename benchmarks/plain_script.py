"""The job as a plain script does it: what the service is compared with.

Pictures scaled to 1600 px, HOG face detection and dlib encodings the way the
face_recognition package calls them, rapidocr with its defaults on the whole document, one
after the other. It runs in a process of its own, so that every library keeps its default
threads: one line of JSON in, one line out.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import dlib
import numpy as np
from rapidocr import RapidOCR

LONG_SIDE_PX = 1600


class PlainScript:
    """Models loaded once, as a script that handles many applicants would."""

    def __init__(self, weights: Path) -> None:
        self._detector = dlib.get_frontal_face_detector()
        self._shape = dlib.shape_predictor(str(weights / "shape_predictor_5_face_landmarks.dat"))
        self._encoder = dlib.face_recognition_model_v1(str(weights / "dlib_face_recognition_resnet_model_v1.dat"))
        self._ocr = RapidOCR()

    def run(self, front: str, selfie: str) -> dict[str, float]:
        """One applicant; milliseconds by step."""
        spent: dict[str, float] = {}

        def step(name: str, started: float) -> float:
            now = time.perf_counter()
            spent[name] = spent.get(name, 0.0) + (now - started) * 1000
            return now

        clock = started = time.perf_counter()
        pictures = [_read(front), _read(selfie)]
        clock = step("decode", clock)
        self._ocr(pictures[0])
        clock = step("ocr", clock)
        encodings: list[Any] = []
        for picture in pictures:
            rgb = np.ascontiguousarray(picture[:, :, ::-1])
            faces = self._detector(rgb, 1)
            clock = step("hog", clock)
            encodings += [self._encoder.compute_face_descriptor(rgb, self._shape(rgb, face), 1) for face in faces[:1]]
            clock = step("encodings", clock)
        spent["total"] = (time.perf_counter() - started) * 1000
        return spent


def _read(path: str) -> Any:
    picture = cv2.imread(path)
    if picture is None:
        raise FileNotFoundError(path)
    scale = LONG_SIDE_PX / max(picture.shape[:2])
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def main() -> None:
    """Answer jobs until the input ends."""
    logging.disable(logging.CRITICAL)
    script = PlainScript(Path(sys.argv[1]))
    for line in sys.stdin:
        job = json.loads(line)
        sys.stdout.write(json.dumps(script.run(job["front"], job["selfie"])) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Turn every picture into templates by the service's own code, once; keep the vectors, let the pictures go.

On a picture with several faces the person is taken to be the one nearest to its middle,
of those at least a quarter as large as the largest: so press pictures are cropped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Region
from kyc_service.errors import KycError
from kyc_service.faces.align import AlignedFace, align
from kyc_service.faces.detect import area, find_faces
from kyc_service.imaging.decode import decode
from kyc_service.inference.engines import DetectedFace, Embedding, FaceEngines, Pixels

Describe = Callable[[AlignedFace, FaceEngines], Embedding]

_NOT_BESIDE: Final = 0.25
_NOWHERE: Final = Region(CaptureKind.SELFIE, (), "")


@dataclass(frozen=True, slots=True, eq=False)
class PictureDescribed:
    """One picture: a template per score, or the ``failure`` that says why there is none."""

    path: str
    templates: Mapping[str, Embedding]
    failure: str = ""
    time_ms: float = 0.0


@dataclass(slots=True)
class Described:
    """All pictures: templates by score and path, failures by path, the time each took to be found and described."""

    templates: dict[str, dict[str, Embedding]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    times_ms: list[float] = field(default_factory=list)

    def add(self, picture: PictureDescribed) -> None:
        """Keep what was found."""
        if picture.failure:
            self.failures[picture.path] = picture.failure
            return
        for score, template in picture.templates.items():
            self.templates.setdefault(score, {})[picture.path] = template
        self.times_ms.append(picture.time_ms)


def describe(path: str, engines: FaceEngines, describers: Mapping[str, Describe]) -> PictureDescribed:
    """Decode, find, align and describe the person on ``path``; a failure to acquire is an answer, too."""
    start = time.perf_counter()
    try:
        pixels = decode(Path(path).read_bytes()).pixels
    except KycError as error:
        return PictureDescribed(path, {}, error.code)
    faces = find_faces(pixels, engines.detector)
    if not faces:
        return PictureDescribed(path, {}, "no_face")
    face = align(pixels, subject(faces, pixels), _NOWHERE)
    templates = {score: make(face, engines) for score, make in describers.items()}
    return PictureDescribed(path, templates, "", 1000 * (time.perf_counter() - start))


def subject(faces: Sequence[DetectedFace], pixels: Pixels) -> DetectedFace:
    """The face that a picture of one person is of."""
    height, width = pixels.shape[:2]
    largest = max(area(face) for face in faces)

    def aside(face: DetectedFace) -> float:
        x, y, w, h = face.box
        return float(np.hypot((x + w / 2) / width - 0.5, (y + h / 2) / height - 0.5))

    return min((face for face in faces if area(face) >= _NOT_BESIDE * largest), key=aside)

"""Turn every picture into templates by the service's own code, once; keep the vectors, let the pictures go.

On a picture with several faces the person is taken to be the one nearest to its middle,
of those at least a quarter as large as the largest: so press pictures are cropped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
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


@dataclass(slots=True)
class Described:
    """Templates by path; ``failures`` by path say why there is none; ``times_ms`` is per picture, found and described."""

    templates: dict[str, Embedding] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    times_ms: list[float] = field(default_factory=list)


def describe_all(
    paths: Sequence[str], root: Path, engines: FaceEngines, describe: Describe, described: Described
) -> Iterator[int]:
    """Fill ``described`` with what ``describe`` says of each of ``paths``; yields how many are done."""
    for done, path in enumerate(paths, 1):
        if path not in described.templates and path not in described.failures:
            _describe_one(path, root, engines, describe, described)
        yield done


def _describe_one(path: str, root: Path, engines: FaceEngines, describe: Describe, described: Described) -> None:
    start = time.perf_counter()
    try:
        pixels = decode((root / path).read_bytes()).pixels
    except KycError as error:
        described.failures[path] = error.code
        return
    faces = find_faces(pixels, engines.detector)
    if not faces:
        described.failures[path] = "no_face"
        return
    described.templates[path] = describe(align(pixels, subject(faces, pixels), _NOWHERE), engines)
    described.times_ms.append(1000 * (time.perf_counter() - start))


def subject(faces: Sequence[DetectedFace], pixels: Pixels) -> DetectedFace:
    """The face that a picture of one person is of."""
    height, width = pixels.shape[:2]
    largest = max(area(face) for face in faces)

    def aside(face: DetectedFace) -> float:
        x, y, w, h = face.box
        return float(np.hypot((x + w / 2) / width - 0.5, (y + h / 2) / height - 0.5))

    return min((face for face in faces if area(face) >= _NOT_BESIDE * largest), key=aside)

"""Look at the selfie: find the face, measure whether it can be used, bring it to the template."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Evidence, Finding, Measurement, Region, Score
from kyc_service.domain.reasons import Reason
from kyc_service.faces.align import AlignedFace, align, corners
from kyc_service.faces.detect import area, find_faces, inter_eye
from kyc_service.faces.mesh import FaceMesh, mesh_of
from kyc_service.faces.quality import COMPONENTS, Component, measure_face
from kyc_service.imaging.picture import Picture
from kyc_service.inference.engines import DetectedFace, FaceEngines

_CAPTURES: Final = frozenset({CaptureKind.SELFIE})
_HEAD_MARGIN: Final = 0.1
"""The head reaches beyond the face's box by about this share of its size, on every side."""
_MAX_OUTSIDE: Final = 0.08
"""Share of the head that may lie outside the picture; a face that touches an edge has just more."""


@dataclass(frozen=True, slots=True)
class SelfieLook:
    """What was seen on the selfie, and the face and its mesh to go on with where there is one."""

    measurements: tuple[Measurement, ...]
    face: AlignedFace | None
    mesh: FaceMesh | None = None


def look(picture: Picture, engines: FaceEngines) -> SelfieLook:
    """Find and measure the selfie's main face.

    Measurements, all of ``face.quality``: a Finding (``face_not_found``,
    ``face_cut_off``, or no reason), and with a face one Score for each of
    :data:`~kyc_service.faces.quality.COMPONENTS`; ``inter_eye_px`` is at full size,
    ``second_face_ratio`` the next face's area over this one's.
    """
    faces = find_faces(picture.pixels, engines.detector)
    if not faces:
        return SelfieLook((Finding(CheckName.FACE_QUALITY, (Reason.FACE_NOT_FOUND,), _CAPTURES),), None)
    face = align(picture.pixels, faces[0], _region(picture, faces[0], "face"))
    mesh = mesh_of(picture.pixels, faces[0], engines)
    scores = _scores(face, mesh, faces, picture, engines)
    return SelfieLook((_framing(picture, faces, face), *scores), face, mesh)


def _framing(picture: Picture, faces: tuple[DetectedFace, ...], face: AlignedFace) -> Finding:
    outside = outside_fraction(_head(face.box), picture.pixels.shape[1], picture.pixels.shape[0])
    reasons = (Reason.FACE_CUT_OFF,) if outside > _MAX_OUTSIDE else ()
    others = tuple(_region(picture, other, "another face") for other in faces[1:])
    values = {"detector_confidence": round(face.confidence, 4), "faces": len(faces), "outside": round(outside, 4)}
    return Finding(CheckName.FACE_QUALITY, reasons, _CAPTURES, Evidence((face.region, *others), values))


def _scores(
    face: AlignedFace, mesh: FaceMesh, faces: tuple[DetectedFace, ...], picture: Picture, engines: FaceEngines
) -> tuple[Measurement, ...]:
    native = {
        "inter_eye_px": inter_eye(faces[0]) / picture.scale,
        "second_face_ratio": max((area(other) / area(faces[0]) for other in faces[1:]), default=0.0),
        **asdict(measure_face(picture.pixels, face, mesh)),
    }
    return tuple(_score(one, native[one.name], face, engines) for one in COMPONENTS)


def _score(component: Component, native: float, face: AlignedFace, engines: FaceEngines) -> Score:
    return Score(
        CheckName.FACE_QUALITY,
        component.name,
        native,
        component.mapped(native),
        engines.mesher.model_id if component.is_of_mesh else engines.detector.model_id,
        _CAPTURES,
        Evidence((face.region,)),
    )


def outside_fraction(box: tuple[float, float, float, float], width: int, height: int) -> float:
    """Share of ``box`` (x, y, width, height) that lies outside a picture of ``width`` x ``height``.

    >>> outside_fraction((-5, 0, 10, 10), 100, 100)
    0.5
    """
    x, y, w, h = box
    inside_w = max(0.0, min(x + w, width) - max(x, 0.0))
    inside_h = max(0.0, min(y + h, height) - max(y, 0.0))
    return 1.0 - inside_w * inside_h / (w * h)


def _head(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x, y, width, height = box
    aside, above = _HEAD_MARGIN * width, _HEAD_MARGIN * height
    return x - aside, y - above, width + 2 * aside, height + 2 * above


def _region(picture: Picture, face: DetectedFace, label: str) -> Region:
    return Region(CaptureKind.SELFIE, picture.to_full_size(corners(face.box)), label)

"""Follow the face through a clip: in each frame that is looked at, where it is and what it does.

The face is detected once and followed by its mesh from frame to frame; a detector looks
at the whole picture twice a second, for other faces and to see that the mesh still lies
on a face.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.faces.detect import area, find_faces
from kyc_service.faces.mesh import FaceMesh, mesh_after, mesh_of
from kyc_service.faces.pose import HeadPose, eye_openness, head_pose, mouth_openness
from kyc_service.imaging.clip import Clip, TimedFrame
from kyc_service.inference.engines import DetectedFace, FaceEngines, Pixels

LOOK_EVERY_MS: Final = 450
"""How often the whole picture is searched."""
RETRY_MS: Final = 140
"""How soon it is searched again for a face that was lost; a search that finds nothing is the dearest."""
_GIVE_UP_AFTER: Final = 12
_MIN_PRESENCE: Final = 0.5
_SURE_FACE: Final = 0.8
"""Confidence from which the detector's box is a second face and not a pattern of the wall."""
_AWAY: Final = 0.45
"""Of the face's width: a detected face farther than this from the mesh is another one."""
_STABLE: Final = ((33, 263), (10, 2), (127, 356))
"""Pairs of points whose distance in space the face's expression hardly changes."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The face in one frame. ``size_px``: its size in pixels, whichever way it is turned. ``eyes``: the less open one."""

    index: int
    at_ms: int
    mesh: FaceMesh
    pose: HeadPose
    eyes: float
    mouth: float
    size_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """One search of a whole picture: the faces, most prominent first, and how large the second is beside the first."""

    index: int
    at_ms: int
    faces: tuple[DetectedFace, ...]
    second_face_ratio: float


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Everything seen of a clip: the followed face, the searches, and the times (ms) at which it was not found."""

    seen: tuple[Seen, ...]
    looks: tuple[Looked, ...]
    lost_ms: tuple[int, ...]


def follow(clip: Clip, indices: Sequence[int], engines: FaceEngines) -> Track:
    """Follow the most prominent face through the frames ``indices`` of ``clip``."""
    seen: list[Seen] = []
    looks: list[Looked] = []
    lost: list[int] = []
    before: FaceMesh | None = None
    for index in indices:
        frame = clip.frames[index]
        since = frame.at_ms - looks[-1].at_ms if looks else LOOK_EVERY_MS
        mesh = mesh_after(frame.pixels, before, engines) if before else None
        is_held = mesh is not None and mesh.presence >= _MIN_PRESENCE and _is_sane(mesh, frame.pixels)
        if since >= (LOOK_EVERY_MS if is_held else RETRY_MS) and not _is_hopeless(looks):
            looks.append(_look(index, frame, engines))
            mesh = _agreed(frame.pixels, mesh if is_held else None, looks[-1].faces, engines)
        elif not is_held:
            mesh = None
        before = mesh
        if mesh is None:
            lost.append(frame.at_ms)
        else:
            seen.append(_seen(index, frame.at_ms, mesh))
    return Track(tuple(seen), tuple(looks), tuple(lost))


def box_of(mesh: FaceMesh) -> tuple[float, float, float, float]:
    """x, y, width and height of the mesh."""
    low, high = mesh.points[:, :2].min(axis=0), mesh.points[:, :2].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


def _is_hopeless(looks: Sequence[Looked]) -> bool:
    """Nothing found so often in a row that the rest is not worth searching."""
    return len(looks) >= _GIVE_UP_AFTER and not any(look.faces for look in looks[-_GIVE_UP_AFTER:])


def _look(index: int, frame: TimedFrame, engines: FaceEngines) -> Looked:
    faces = find_faces(frame.pixels, engines.detector)
    others = [area(face) / max(area(faces[0]), 1e-6) for face in faces[1:] if face.confidence >= _SURE_FACE]
    return Looked(index, frame.at_ms, faces, max(others, default=0.0))


def _agreed(
    pixels: Pixels, mesh: FaceMesh | None, faces: tuple[DetectedFace, ...], engines: FaceEngines
) -> FaceMesh | None:
    """The held mesh where a detected face lies under it or none is found; else the mesh of the foremost face."""
    if mesh is not None and (not faces or any(_lies_under(face, mesh) for face in faces)):
        return mesh
    if not faces:
        return None
    found = mesh_of(pixels, faces[0], engines)
    return found if found.presence >= _MIN_PRESENCE and _is_sane(found, pixels) else None


def _lies_under(face: DetectedFace, mesh: FaceMesh) -> bool:
    x, y, width, height = box_of(mesh)
    fx, fy, fw, fh = face.box
    return math.hypot(x + width / 2 - fx - fw / 2, y + height / 2 - fy - fh / 2) < _AWAY * max(width, fw)


def _is_sane(mesh: FaceMesh, pixels: Pixels) -> bool:
    """A mesh of finite points whose middle lies on the picture."""
    if not np.isfinite(mesh.points).all():
        return False
    middle = mesh.points[:, :2].mean(axis=0)
    return bool((middle >= 0).all() and middle[0] < pixels.shape[1] and middle[1] < pixels.shape[0])


def _seen(index: int, at_ms: int, mesh: FaceMesh) -> Seen:
    return Seen(
        index,
        at_ms,
        mesh,
        head_pose(mesh),
        float(np.mean(eye_openness(mesh))),
        mouth_openness(mesh),
        _size(mesh.points),
    )


def _size(points: NDArray[np.float32]) -> float:
    lengths = [float(np.linalg.norm(points[one] - points[other])) for one, other in _STABLE]
    return math.exp(sum(math.log(max(length, 1e-6)) for length in lengths) / len(lengths))

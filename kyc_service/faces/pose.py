"""How a head is turned, how far its eyes and its mouth are open: geometry of the mesh.

Angles are those of the mesh's own surface, not of any class a network was taught. The
mouth and the chin move, so the upright axis comes from forehead and nose alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kyc_service.faces.mesh import FaceMesh

_PAIRS: Final = ((234, 454), (127, 356), (93, 323), (33, 263), (133, 362), (98, 327), (116, 345), (50, 280))
"""Points that mirror each other, on the picture's left and right of a frontal face."""
_UPRIGHT: Final = ((10, 168), (151, 6), (9, 2), (10, 94))
"""Points above each other on the middle line, upper and lower."""
_SLOPE_DEG: Final = 4.1
"""How far the line from forehead to nose slopes on a level head, as the mesh sees it: the median of 536 press
photographs, whose subjects look into the camera more often than not."""
_INNER_LIPS: Final = (13, 14)
_MOUTH_CORNERS: Final = (78, 308)
_LID_PAIRS: Final = ((11, 3), (12, 4), (13, 5))
"""Upper and lower lid above each other, at the middle of the eye."""
_EYE_CORNERS: Final = (0, 8)


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Degrees from a level head that looks into the camera.

    ``yaw_deg``: positive when the nose points to the picture's right (the applicant's own
    left; pictures are not mirrored). ``pitch_deg``: positive when the nose points up.
    ``roll_deg``: positive when the head leans clockwise on the picture.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


def head_pose(mesh: FaceMesh) -> HeadPose:
    """The pose of the head under ``mesh``."""
    points = mesh.points.astype(np.float64)
    across = _unit(sum((_unit(points[right] - points[left]) for left, right in _PAIRS), np.zeros(3)))
    down = sum((_unit(points[lower] - points[upper]) for upper, lower in _UPRIGHT), np.zeros(3))
    down = _unit(down - (down @ across) * across)
    forward = np.cross(down, across)  # x right, y down, z away: towards the camera is negative z
    return HeadPose(
        yaw_deg=math.degrees(math.atan2(forward[0], -forward[2])),
        pitch_deg=math.degrees(math.atan2(-forward[1], math.hypot(forward[0], forward[2]))) - _SLOPE_DEG,
        roll_deg=math.degrees(math.atan2(across[1], across[0])),
    )


def eye_openness(mesh: FaceMesh) -> tuple[float, float]:
    """How far each eye is open, the picture's left first: the gap of the lids over the eye's width.

    About 0.3 wide open, below 0.1 closed. The width is that of the wider seen eye, since
    the farther one is foreshortened when the head is turned.
    """
    widths = [float(np.linalg.norm(eye[_EYE_CORNERS[1]] - eye[_EYE_CORNERS[0]])) for eye in _eyes(mesh)]
    width = max(*widths, 1e-6)
    left, right = (_gap(eye) / width for eye in _eyes(mesh))
    return left, right


def mouth_openness(mesh: FaceMesh) -> float:
    """How far the mouth is open: the gap of the inner lips over its width; 0 closed, 0.6 wide open."""
    upper, lower = mesh.points[_INNER_LIPS[0]], mesh.points[_INNER_LIPS[1]]
    left, right = mesh.points[_MOUTH_CORNERS[0]], mesh.points[_MOUTH_CORNERS[1]]
    return float(np.linalg.norm(lower - upper)) / max(float(np.linalg.norm(right - left)), 1e-6)


def _eyes(mesh: FaceMesh) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return mesh.left_eye, mesh.right_eye


def _gap(eye: NDArray[np.float32]) -> float:
    return float(np.mean([np.linalg.norm(eye[lower] - eye[upper]) for upper, lower in _LID_PAIRS]))


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)

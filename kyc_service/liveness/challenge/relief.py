"""Whether what turns has depth: parallax of the picture itself, not of the mesh that is laid over it.

A mesh sees a head in every picture of one, so its own points prove nothing. Here features
of the picture are followed from the face at rest to the face turned. Where a flat picture
is turned, each goes where a homography sends it; where the picture is bent, nearly where
a smooth surface sends it. On a head, what stands out (the nose) goes farther and what
lies deep (the corners of the eyes) less far: displacement then depends on the depth that a
head has there, beyond every smooth function of the place.

Source: parallax relative to a plane, Irani and Anandan, "Parallax geometry of pairs of
points for 3D scene analysis" (1996); features: Shi and Tomasi (1994), Lucas and Kanade (1981).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.faces.mesh import FaceMesh
from kyc_service.inference.engines import Pixels
from kyc_service.liveness.challenge.observe import Seen, box_of

FACE_PX: Final = 160
"""Width the face at rest is brought to before features are followed."""
MIN_FEATURES: Final = 20
_MAX_FEATURES: Final = 300
_FEATURE_QUALITY: Final = 0.004
_APART_PX: Final = 4
_CROP_PX: Final = 2 * FACE_PX
_WINDOW: Final = (17, 17)
_LEVELS: Final = 3
_MAX_RETURN_PX: Final = 1.0
"""A feature followed to the next frame and back must come home as near as this."""
_HUBER_PX: Final = 1.0
_ROUNDS: Final = 12
_INLIER_PX: Final = 2.0
_INNER: Final = 0.85
"""Share of the face's outline within which features lie on its surface; an outline moves over it."""
_OVAL: Final = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
                148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)  # fmt: skip
_LIPS: Final = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
_EYES: Final = (
    (33, 160, 159, 158, 133, 153, 145, 144),
    (263, 387, 386, 385, 362, 380, 374, 373),
)


@dataclass(frozen=True, slots=True)
class Relief:
    """What the features say of a turn.

    ``parallax``: how much farther what stands out has gone, per unit of a head's depth, in
    the direction asked; the sine of the angle for a head, 0 for a flat picture.
    ``certainty``: the same in its standard errors. ``features``: how many were followed
    all the way. ``misfit``: of the best homography, root mean square over the face's width.
    ``narrowing``: how much narrower the face has become than it is high, or the other way
    round: the cosine of the angle for a flat picture.
    """

    parallax: float
    certainty: float
    features: int
    misfit: float
    narrowing: float


def relief(pictures: Sequence[Pixels], seen: Sequence[Seen], *, is_sideways: bool, sign: int) -> Relief | None:
    """The relief shown by ``pictures`` (BGR, from rest to the farthest), in which ``seen`` is the face.

    ``is_sideways``: turned, else tilted; ``sign``: +1 to the picture's right or up. None
    where too few features can be followed.
    """
    start, end = _followed(pictures, seen)
    if len(start) < MIN_FEATURES:
        return None
    zoom = FACE_PX / box_of(seen[0].mesh)[2]
    place = (start - seen[0].mesh.points[:, :2].mean(axis=0) * zoom) / FACE_PX
    depth = -_depths(start, seen[0].mesh, zoom) / FACE_PX
    # What stands out goes with the nose: to the right in a turn to the right, up (less y) in a tilt up.
    towards = sign if is_sideways else -sign
    goal = towards * (end[:, 0] if is_sideways else end[:, 1]) / FACE_PX
    scale, narrowing = _scale(start, end)
    slope, error = _slope(place, depth, goal)
    return Relief(slope / scale, slope / max(error, 1e-6), len(start), _misfit(start, end), narrowing)


def _followed(pictures: Sequence[Pixels], seen: Sequence[Seen]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where features (N x 2, in pixels of the zoomed first picture) began and ended."""
    zoom = FACE_PX / box_of(seen[0].mesh)[2]
    frames = [_zoomed(*pair, zoom) for pair in zip(pictures, seen, strict=True)]
    first, shift = frames[0]
    mask = _mask(seen[0].mesh.points[:, :2] * zoom - shift, first.shape)
    corners = cv2.goodFeaturesToTrack(first, _MAX_FEATURES, _FEATURE_QUALITY, _APART_PX, mask=mask, blockSize=5)
    found = cast("NDArray[np.float32] | None", corners)
    if found is None:
        return np.empty((0, 2), np.float32), np.empty((0, 2), np.float32)
    start = now = found.reshape(-1, 2).astype(np.float32)
    for (before, _), (after, _) in itertools.pairwise(frames):
        now, is_kept = _step(before, after, now)
        start, now = start[is_kept], now[is_kept]
        if len(now) == 0:
            break
    return (start + shift).astype(np.float32), (now + frames[-1][1]).astype(np.float32)


def _middle(seen: Seen) -> NDArray[np.float32]:
    return np.asarray(seen.mesh.points[:, :2].mean(axis=0), np.float32)


def _zoomed(pixels: Pixels, seen: Seen, zoom: float) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The face amid its surroundings, grey, at the working scale; and where their corner lies in the zoomed picture."""
    shift = np.floor(_middle(seen) * zoom - _CROP_PX / 2)
    matrix = np.array([[zoom, 0, -shift[0]], [0, zoom, -shift[1]]])
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    crop = cv2.warpAffine(grey, matrix, (_CROP_PX, _CROP_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(crop, np.uint8), shift.astype(np.float32)


def _mask(points: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The face without what moves on its own: the eyes between the lids, the mouth."""
    mask = np.zeros(shape[:2], np.uint8)
    middle = points[list(_OVAL)].mean(axis=0)
    cv2.fillPoly(mask, [np.round((points[list(_OVAL)] - middle) * _INNER + middle).astype(np.int32)], 255)
    for part in (_LIPS, *_EYES):
        cv2.fillPoly(mask, [np.round(points[list(part)]).astype(np.int32)], 0)
    return mask


def _step(
    before: NDArray[np.uint8], after: NDArray[np.uint8], now: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    # Both crops have the face in their middle, so a feature is looked for where it was.
    there, ok, _ = cv2.calcOpticalFlowPyrLK(before, after, now, np.empty_like(now), winSize=_WINDOW, maxLevel=_LEVELS)
    back, home, _ = cv2.calcOpticalFlowPyrLK(
        after, before, there, np.empty_like(now), winSize=_WINDOW, maxLevel=_LEVELS
    )
    returned = np.linalg.norm(back - now, axis=1) < _MAX_RETURN_PX
    is_kept = (ok.ravel() == 1) & (home.ravel() == 1) & returned & np.isfinite(there).all(axis=1)
    return np.asarray(there, np.float32), np.asarray(is_kept, np.bool_)


def _depths(places: NDArray[np.float32], mesh: FaceMesh, zoom: float) -> NDArray[np.float64]:
    """Z of the mesh's surface at ``places`` (zoomed pixels): of the three nearest points, the nearer the weightier."""
    apart = np.linalg.norm(places[:, None] - mesh.points[None, :, :2] * zoom, axis=2)
    nearest = np.argpartition(apart, 3, axis=1)[:, :3]
    weights = 1 / (np.take_along_axis(apart, nearest, axis=1) + 1.0)
    return np.asarray((mesh.points[nearest, 2] * zoom * weights).sum(axis=1) / weights.sum(axis=1), np.float64)


def _smooth(place: NDArray[np.floating]) -> NDArray[np.float64]:
    """What flat and bent pictures can do: every function of the place up to these powers."""
    x, y = place.astype(np.float64).T
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y, x**3, y**3, x**4, y**4], axis=1)


def _slope(place: NDArray[np.floating], depth: NDArray[np.float64], goal: NDArray[np.floating]) -> tuple[float, float]:
    """How ``goal`` depends on ``depth`` beyond every smooth function of the place, and the standard error (Huber)."""
    columns = np.column_stack([_smooth(place), depth])
    weights = np.ones(len(goal))
    for _ in range(_ROUNDS):
        rooted = np.sqrt(weights)[:, None]
        solved, *_ = np.linalg.lstsq(columns * rooted, goal * rooted[:, 0], rcond=None)
        residual = np.abs(goal - columns @ solved) * FACE_PX
        weights = 1 / np.maximum(1.0, residual / _HUBER_PX) ** 2
    spread = float(np.sqrt((weights * (residual / FACE_PX) ** 2).sum() / max(1, len(goal) - columns.shape[1])))
    inverse = np.linalg.pinv((columns * weights[:, None]).T @ columns)
    return float(solved[-1]), spread * math.sqrt(max(float(inverse[-1, -1]), 0.0))


def _scale(start: NDArray[np.float32], end: NDArray[np.float32]) -> tuple[float, float]:
    """How much larger the face has become where it is foreshortened least, and how much it is elsewhere."""
    linear, *_ = np.linalg.lstsq(np.column_stack([start, np.ones(len(start))]), end, rcond=None)
    longest, shortest = np.linalg.svd(linear[:2], compute_uv=False)
    return max(float(longest), 0.1), float(shortest) / max(float(longest), 0.1)


def _misfit(start: NDArray[np.float32], end: NDArray[np.float32]) -> float:
    found, _ = cv2.findHomography(start, end, cv2.RANSAC, _INLIER_PX)
    matrix = cast("NDArray[np.float64] | None", found)
    if matrix is None:
        return 1.0
    sent = cv2.perspectiveTransform(start[:, None], matrix)[:, 0]
    return float(np.sqrt(np.mean(np.sum((sent - end) ** 2, axis=1)))) / FACE_PX

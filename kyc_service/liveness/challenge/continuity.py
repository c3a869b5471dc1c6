"""Whether a clip was recorded in one go: no jumps, no repeats, and a face that lives.

What is cut shows where the picture of the face changes most from one frame to the next;
those frames are handed on to be compared as faces. What is looped shows the same picture
twice with another between. What is a still shows a face whose shape never changes.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.faces.align import TEMPLATE, similarity
from kyc_service.imaging.clip import Clip
from kyc_service.inference.engines import Pixels
from kyc_service.liveness.challenge.observe import Seen, box_of

FIVE_POINTS: Final = ((33, 133), (362, 263), (1,), (61,), (291,))
"""Points of the mesh for eyes, tip of the nose and corners of the mouth; two are averaged."""
_FACE_PX: Final = 112
_SMALL_PX: Final = 28
_THUMB: Final = (48, 36)
_REPEAT_AFTER_MS: Final = 400
_RIGID: Final = (10, 151, 9, 8, 168, 6, 197, 195, 5, 4, 1, 2, 33, 133, 362, 263, 98, 327, 234, 454, 127, 356, 93, 323, 132,
                 361, 50, 280, 205, 425, 61, 291, 0, 17, 152, 148, 377, 13, 14, 105, 334, 70, 300)  # fmt: skip
"""Points over the whole face."""
_LIVELIEST: Final = 90.0


def five_points(seen: Seen) -> NDArray[np.float32]:
    """Eyes, nose and corners of the mouth, 5 x 2, in the order of a detector's landmarks."""
    return np.array([seen.mesh.points[list(group), :2].mean(axis=0) for group in FIVE_POINTS], np.float32)


def jumps(seen: Sequence[Seen]) -> tuple[float, float]:
    """The longest way of the face between two frames in its widths, and its largest growth, as a ratio."""
    farthest, largest = 0.0, 1.0
    for one, other in itertools.pairwise(seen):
        (x, y, width, height), (ox, oy, owidth, oheight) = box_of(one.mesh), box_of(other.mesh)
        way = np.hypot(x + width / 2 - ox - owidth / 2, y + height / 2 - oy - oheight / 2)
        farthest = max(farthest, float(way) / max(width, owidth, 1e-6))
        ratio = one.size_px / max(other.size_px, 1e-6)
        largest = max(largest, ratio, 1 / max(ratio, 1e-6))
    return farthest, largest


def changes(clip: Clip, seen: Sequence[Seen]) -> NDArray[np.float64]:
    """How much the face's picture changes from each frame to the next: mean difference after alignment, over its mean."""
    faces = [_face(clip.frames[one.index].pixels, one) for one in seen]
    differences = [
        float(np.abs(one - other).mean() / max(1.0, one.mean(), other.mean()))
        for one, other in itertools.pairwise(faces)
    ]
    return np.array(differences, np.float64)


def repeats(clip: Clip, indices: Sequence[int], levels: float) -> int:
    """How many pairs of pictures are the same within ``levels`` (mean, 0..255) with other pictures between them."""
    times = np.array([clip.frames[index].at_ms for index in indices])
    thumbs = np.stack([_thumb(clip.frames[index].pixels) for index in indices]).astype(np.float32)
    moved = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(thumbs, axis=0)).mean(axis=1) > levels)])
    found = 0
    for at, thumb in enumerate(thumbs):
        later = (times >= times[at] + _REPEAT_AFTER_MS) & (moved > moved[at])
        found += int((np.abs(thumbs[later] - thumb).mean(axis=1) < levels).any()) if later.any() else 0
    return found


def liveliness(seen: Sequence[Seen]) -> float:
    """How much the face's own shape changes in the clip: what no shift, turn, zoom or shear of a picture explains.

    The 90th percentile over the frames of the root mean square misfit of the best affine
    map from the median shape, over the face's width.
    """
    if not seen:
        return 0.0
    shapes = [one.mesh.points[list(_RIGID), :2].astype(np.float64) / max(box_of(one.mesh)[2], 1e-6) for one in seen]
    middle = np.median(np.stack([shape - shape.mean(axis=0) for shape in shapes]), axis=0)
    columns = np.column_stack([middle, np.ones(len(middle))])
    misfits = []
    for shape in shapes:
        solved, *_ = np.linalg.lstsq(columns, shape, rcond=None)
        misfits.append(float(np.sqrt(np.mean(np.sum((columns @ solved - shape) ** 2, axis=1)))))
    return float(np.percentile(misfits, _LIVELIEST))


def _face(pixels: Pixels, seen: Seen) -> NDArray[np.float32]:
    matrix = similarity(five_points(seen), TEMPLATE * (_SMALL_PX / _FACE_PX))
    warped = cv2.warpAffine(
        pixels, matrix, (_SMALL_PX, _SMALL_PX), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(cv2.GaussianBlur(warped, (3, 3), 0), np.float32)


def _thumb(pixels: Pixels) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(pixels, _THUMB, interpolation=cv2.INTER_AREA), np.float32).reshape(-1)

"""Straight lines around the face, as a screen's rim or a sheet's edge gives them.

Behind a person there are straight lines, too, but the person stands before them, and few of them enclose the face.
What counts, therefore: lines on opposite sides of the face, corners that open towards it, a level line where a
person's chest would be, and upright lines beside the place of the neck, where shoulders would hide them. Lengths are
in widths of the face.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.inference.engines import Pixels
from kyc_service.liveness.passive.cues.regions import Box, scaled_to_face

NAMES: Final = ("opposite_lines", "line_on_chest", "lines_on_shoulders", "corner", "second_corner")
_FACE_PX: Final = 72.0
_LEAST_LENGTH: Final = 0.45
_MOST_LENGTH: Final = 2.5
_LEAN_DEG: Final = 22.0
_ALONG_LINE: Final = 0.09
_NEAR, _FAR = 0.5, 2.6
_CHEST: Final = (0.85, 2.4)
_SHOULDERS: Final = (0.75, 2.0)
_SHOULDER_REACH: Final = (0.45, 1.15)
_TOUCH_PX: Final = 3.0
_GAP: Final = 0.3
_FULL_LENGTH: Final = 1.5

Segments = NDArray[np.float64]
"""Rows of x1, y1, x2, y2 in face widths from the face's middle."""


def border_cues(pixels: Pixels, box: Box) -> dict[str, float]:
    """The :data:`NAMES`."""
    upright, level = _segments(pixels, box)
    left = _longest(upright[upright[:, 0] + upright[:, 2] < -2 * _NEAR])
    right = _longest(upright[upright[:, 0] + upright[:, 2] > 2 * _NEAR])
    turned = level[:, [1, 0, 3, 2]]
    above = _longest(turned[turned[:, 0] + turned[:, 2] < -2 * _NEAR])
    below = _longest(turned[turned[:, 0] + turned[:, 2] > 2 * _NEAR])
    corners = sorted(_corner(upright, level, x, y) for x in (-1, 1) for y in (-1, 1))
    return {
        "opposite_lines": max(min(left, right), min(above, below)),
        "line_on_chest": _longest(_within(turned, _CHEST, (-1.0, 1.0))),
        "lines_on_shoulders": _shoulders(upright),
        "corner": corners[-1],
        "second_corner": corners[-2],
    }


def _corner(upright: Segments, level: Segments, side_x: int, side_y: int) -> float:
    """The best meeting of an upright and a level piece on one side (-1 left, above; 1 right, below), 0..1."""
    mirror = np.array((side_x, side_y, side_x, side_y), np.float64)
    # Mirrored so that the corner is the one right below the face; each piece starts where the corner would be.
    stems = _from_corner(upright * mirror, 1)
    bars = _from_corner(level * mirror, 0)
    stems = stems[(stems[:, 0] > _NEAR) & (stems[:, 0] < _FAR)]
    bars = bars[(bars[:, 1] > _NEAR) & (bars[:, 1] < _FAR)]
    if not len(stems) or not len(bars):
        return 0.0
    gaps = np.hypot(stems[:, None, 0] - bars[None, :, 0], stems[:, None, 1] - bars[None, :, 1])
    lengths = [np.minimum(1.0, np.hypot(p[:, 2] - p[:, 0], p[:, 3] - p[:, 1]) / _FULL_LENGTH) for p in (stems, bars)]
    strength = np.sqrt(lengths[0][:, None] * lengths[1][None]) * (gaps < _GAP)
    return float(strength.max())


def _from_corner(rows: Segments, axis: int) -> Segments:
    """Each piece so that its first point is the farther along the axis."""
    turned = rows[:, [2, 3, 0, 1]]
    return np.where((rows[:, axis] < rows[:, axis + 2])[:, None], turned, rows)


def _shoulders(upright: Segments) -> float:
    """The longer of what is seen left and right, between the face's height and the chest's."""
    near, far = _SHOULDER_REACH
    found = [_longest(_within(upright, reach, _SHOULDERS)) for reach in ((-far, -near), (near, far))]
    return max(found)


def _segments(pixels: Pixels, box: Box) -> tuple[Segments, Segments]:
    """Upright and level straight pieces near the face, without those that lie on the picture's own edge."""
    small, (x, y, width, height) = scaled_to_face(pixels, box, _FACE_PX, 2.0)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (0, 0), 0.8)
    # OpenCV's types do not say that nothing may be found.
    found: object = cv2.createLineSegmentDetector().detect(grey)[0]
    if found is None:
        return np.empty((0, 4)), np.empty((0, 4))
    rows = np.asarray(found, np.float64).reshape(-1, 4)
    rows = rows[~_on_edge(rows, grey.shape[1], grey.shape[0])]
    middle = np.array((x + width / 2, y + height / 2) * 2)
    rows = (rows - middle) / max(1.0, width)
    rows = rows[
        (np.hypot(rows[:, 2] - rows[:, 0], rows[:, 3] - rows[:, 1]) > _LEAST_LENGTH)
        & (np.abs(rows).max(axis=1) < 2 * _FAR)
    ]
    lean = np.degrees(np.arctan2(np.abs(rows[:, 2] - rows[:, 0]), np.abs(rows[:, 3] - rows[:, 1])))
    return rows[lean < _LEAN_DEG], rows[lean > 90 - _LEAN_DEG]


def _on_edge(rows: Segments, width: int, height: int) -> NDArray[np.bool_]:
    x, y = rows[:, [0, 2]], rows[:, [1, 3]]
    beside = (x < _TOUCH_PX).all(axis=1) | (x > width - 1 - _TOUCH_PX).all(axis=1)
    return np.asarray(beside | (y < _TOUCH_PX).all(axis=1) | (y > height - 1 - _TOUCH_PX).all(axis=1), np.bool_)


def _within(rows: Segments, across: tuple[float, float], along: tuple[float, float]) -> Segments:
    """Upright pieces whose middle is inside ``across`` and that run between ``along``; cut there."""
    middle = (rows[:, 0] + rows[:, 2]) / 2
    chosen = rows[(middle > across[0]) & (middle < across[1])].copy()
    chosen[:, [1, 3]] = np.clip(chosen[:, [1, 3]], *along)
    return np.asarray(chosen[np.abs(chosen[:, 3] - chosen[:, 1]) > 0], np.float64)


def _longest(upright: Segments) -> float:
    """The most that pieces lying on one line cover of it together."""
    best = 0.0
    for x1, y1, x2, y2 in upright:
        slope = (x2 - x1) / (y2 - y1) if abs(y2 - y1) > _ALONG_LINE else 0.0
        ends = upright[:, [0, 2]] - (x1 + slope * (upright[:, [1, 3]] - y1))
        same = upright[(np.abs(ends) < _ALONG_LINE).all(axis=1)]
        best = max(best, _covered(np.sort(same[:, [1, 3]], axis=1)))
    return float(min(best, _MOST_LENGTH))


def _covered(spans: Segments) -> float:
    """Length of the union of spans (rows of start and end)."""
    total, reached = 0.0, -np.inf
    for start, end in spans[np.argsort(spans[:, 0])]:
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total

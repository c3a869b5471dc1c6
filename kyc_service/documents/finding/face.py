"""What a side of a card looks like from afar, and laying that over a picture.

The print of a card stands in fixed places, so its ink, blurred, has a look of its own. How
well a picture's ink agrees with it says whether a frame holds that side of that card and
which way up, and a frame that nearly fits is moved until it fits best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.documents.reading.ink import InkMap
from kyc_service.imaging.geometry import Points, is_convex, side_lengths

Homography = NDArray[np.float64]
Cells = NDArray[np.float32]

CELLS: Final = (108, 68)
_FINEST: Final = 1.4
COARSE: Final = 2.4
"""In cells: rows still stand apart, and half as many cells show them."""
_SATURATED_PERCENTILE: Final = 98.0
_STEPS: Final = 12
_DAMPING: Final = 1e-3
_FLAT: Final = 1e-9
_LEAST_BALANCE: Final = 0.5
_ASPECTS: Final = (0.62, 1.6)
"""Of the face's own: a card tilted by 45 degrees is seen at 0.7 or 1.4 of it."""


@dataclass(frozen=True, slots=True)
class Print:
    """Print on a side: its edges as shares of the card's width and height, and how dark it is from afar."""

    left: float
    right: float
    top: float
    bottom: float
    dark: float


@dataclass(frozen=True, slots=True)
class Anchor:
    """A long line that a finder of text gives whole: where it begins and ends, and its middle's height, in shares."""

    left: float
    right: float
    middle: float


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One side of a card: its look, the lines it can be found by, and its width over its height."""

    name: str
    aspect: float
    print_: tuple[Print, ...]
    silent: tuple[Print, ...]
    anchors: tuple[Anchor, ...]
    _rough: list[tuple[Cells, Cells]] = field(default_factory=list, repr=False)
    _looks: dict[float, tuple[Cells, NDArray[np.bool_]]] = field(default_factory=dict, repr=False)

    def look(self, blur: float = _FINEST) -> tuple[Cells, NDArray[np.bool_]]:
        """Its ink (68x108), blurred by so many cells, and which cells say anything."""
        if blur not in self._looks:
            self._looks[blur] = _look(self.print_, self.silent, blur)
        return self._looks[blur]

    @property
    def rough(self) -> tuple[Cells, Cells]:
        """Its coarse look, flat, of mean 0 and length 1 where it says anything, and 1 where it does, else 0."""
        if not self._rough:
            expected, counts = self.look(COARSE)
            target = np.zeros(counts.shape, np.float32)
            target[counts] = _normal(expected[counts])
            self._rough.append((target.ravel(), counts.ravel().astype(np.float32)))
        return self._rough[0]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A face laid over a picture: ``to_picture`` maps shares of the card to it; ``likeness`` is -1..1."""

    face: Face
    to_picture: Homography
    likeness: float

    @property
    def corners(self) -> Points:
        """The card's corners on the picture, clockwise from its own top left."""
        unit = np.array([[(0, 0), (1, 0), (1, 1), (0, 1)]], np.float64)
        return np.asarray(cv2.perspectiveTransform(unit, self.to_picture)[0], np.float32)

    @property
    def is_plausible(self) -> bool:
        """Whether a camera can have seen the card so: convex, neither squeezed flat nor one side far longer than the other."""
        corners = self.corners
        if not (np.isfinite(corners).all() and is_convex(corners)):
            return False
        top, right, bottom, left = side_lengths(corners)
        shortest, longest = min(top, bottom) / max(top, bottom), min(left, right) / max(left, right)
        aspect = (top + bottom) / (left + right) / self.face.aspect
        return min(shortest, longest) > _LEAST_BALANCE and _ASPECTS[0] < aspect < _ASPECTS[1]


def upright_likeness(ink: InkMap, faces: Sequence[Face]) -> list[tuple[Face, int, float]]:
    """How much a card laid flat looks like each face, upright (0) or upside down (2): (face, quarters, -1..1), best first."""
    values = _saturated(ink.values)
    small = cv2.resize(values, CELLS, interpolation=cv2.INTER_AREA)
    seen = np.asarray(cv2.GaussianBlur(small, (0, 0), _FINEST), np.float32)
    found = [(face, turns, _agreement(turned, *face.look())) for face in faces for turns, turned in _both_ways(seen)]
    return sorted(found, key=lambda entry: -entry[2])


def fitted(ink: Cells, start: Fit, blurs: Sequence[float] = (3.2, COARSE, _FINEST)) -> Fit:
    """``start`` moved to where its face agrees best with ``ink`` (HxW, of the whole picture, saturated), coarse to fine."""
    best = start
    for blur in blurs:
        best = _climbed(ink, Fit(best.face, best.to_picture, -1.0), blur)
    return best


def rough_likeness(ink: Cells, face: Face, to_picture: Homography) -> float:
    """How much ``ink`` looks like ``face`` laid over it, in half as many cells; fast."""
    seen = _warped(ink, to_picture, COARSE).ravel()
    target, counts = face.rough
    mean = float(seen @ counts) / float(counts.sum())
    spread = float((seen * seen) @ counts) - mean * mean * float(counts.sum())
    return float(seen @ target) / spread**0.5 if spread > _FLAT else 0.0


def saturated(ink: Cells) -> Cells:
    """``ink`` without its darkest places, which would outweigh all others."""
    return _saturated(ink)


def _climbed(ink: Cells, start: Fit, blur: float) -> Fit:
    """Gauss-Newton on the difference of the two looks, each brought to mean 0 and length 1, while they agree better."""
    expected, counts = start.face.look(blur)
    target = _normal(expected[counts])
    best = start
    to_picture = start.to_picture
    for _ in range(_STEPS):
        seen = _warped(ink, to_picture, blur)
        agreement = _agreement(seen, expected, counts)
        if agreement <= best.likeness + 1e-4:
            break
        best = Fit(start.face, to_picture, agreement)
        step = _step(seen, counts, target)
        if step is None:
            break
        moved = to_picture @ step
        to_picture = moved / moved[2, 2]
    return best


def _step(seen: Cells, counts: NDArray[np.bool_], target: NDArray[np.float64]) -> Homography | None:
    """The change of the frame, in shares of the card, that should bring ``seen`` to ``target``."""
    down, across = np.gradient(seen, axis=0), np.gradient(seen, axis=1)
    height, width = seen.shape
    v, u = np.mgrid[0:height, 0:width][:, counts]
    u, v = (u + 0.5) / width, (v + 0.5) / height
    gu, gv = across[counts] * width, down[counts] * height
    inward = gu * u + gv * v
    jacobian = np.stack([gu * u, gu * v, gu, gv * u, gv * v, gv, -inward * u, -inward * v], axis=1).astype(np.float64)
    jacobian -= jacobian.mean(axis=0)
    values = seen[counts].astype(np.float64)
    size = float(np.linalg.norm(values - values.mean()))
    if size < _FLAT:
        return None
    jacobian /= size
    normal = jacobian.T @ jacobian
    normal += np.diag(np.diag(normal) * _DAMPING + _FLAT)
    a, b, c, d, e, f, g, h = np.linalg.solve(normal, jacobian.T @ (target - _normal(values)))
    return np.array([(1 + a, b, c), (d, 1 + e, f), (g, h, 1)], np.float64)


def _warped(ink: Cells, to_picture: Homography, blur: float) -> Cells:
    (width, height), sigma = _grid(blur)
    seen = _sampled(ink, to_picture, width, height)
    return np.asarray(cv2.GaussianBlur(seen, (0, 0), sigma), np.float32)


def _sampled(ink: Cells, to_picture: Homography, width: int, height: int) -> Cells:
    cells = np.array([(1 / width, 0, 0.5 / width), (0, 1 / height, 0.5 / height), (0, 0, 1)], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(ink, to_picture @ cells, (width, height), flags=flags, borderMode=cv2.BORDER_CONSTANT)
    return np.asarray(seen, np.float32)


def _grid(blur: float) -> tuple[tuple[int, int], float]:
    """The cells to look at, width and height, and the blur in them: half as many where the blur hides the rest."""
    return (CELLS, blur) if blur < COARSE else ((CELLS[0] // 2, CELLS[1] // 2), blur / 2)


def _both_ways(seen: Cells) -> tuple[tuple[int, Cells], ...]:
    return (0, seen), (2, np.ascontiguousarray(seen[::-1, ::-1]))


def _agreement(seen: Cells, expected: Cells, counts: NDArray[np.bool_]) -> float:
    return float(_normal(seen[counts]) @ _normal(expected[counts]))


def _normal(values: NDArray[np.floating]) -> NDArray[np.float64]:
    centred = values.astype(np.float64) - values.mean()
    size = float(np.linalg.norm(centred))
    return np.asarray(centred / size if size > _FLAT else centred * 0.0, np.float64)


def _saturated(values: Cells) -> Cells:
    limit = max(0.02, float(np.percentile(values[::3, ::3], _SATURATED_PERCENTILE)))
    return np.minimum(values, np.float32(limit))


def _look(print_: Sequence[Print], silent: Sequence[Print], blur: float) -> tuple[Cells, NDArray[np.bool_]]:
    (width, height), sigma = _grid(blur)
    expected = np.zeros((height, width), np.float32)
    for part in print_:
        expected[_cells(part.top, part.bottom, height), _cells(part.left, part.right, width)] = part.dark
    counts = np.ones((height, width), np.bool_)
    for part in silent:
        counts[_cells(part.top, part.bottom, height), _cells(part.left, part.right, width)] = False
    return np.asarray(cv2.GaussianBlur(expected, (0, 0), sigma), np.float32), counts


def _cells(start: float, end: float, count: int) -> slice:
    return slice(round(start * count), max(round(start * count) + 1, round(end * count)))

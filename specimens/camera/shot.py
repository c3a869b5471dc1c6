"""How one picture is taken: numbers drawn from a severity's ranges, and where they put the document in the frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from specimens.flat import Homography
from specimens.severity import (
    EXIF_TURNED_PROBABILITY,
    FRAME_ASPECTS,
    QUARTER_TURN_PROBABILITY,
    WIDTH_SHARE,
    Range,
    Severity,
)

FOCAL_TO_LONG_SIDE = 1.45
"""Distance of the camera in card lengths at the frame's full use: a phone's main camera."""
EDGE_SHARE = 0.012
"""Least distance of the card from the frame's edge, as a share of the frame."""
LARGEST_FRAME_PX = 12_500_000


@dataclass(frozen=True, slots=True)
class Shot:
    """One capture. Lengths in pixels of the stored picture, angles in degrees, gain in linear light."""

    tilt_deg: float
    tilt_towards_deg: float
    roll_deg: float
    quarter_turns: int
    long_side_px: float
    blur_sigma_px: float
    motion_blur_px: float
    exposure_gain: float
    noise_sigma: float
    jpeg_quality: int
    clutter_objects: int
    low_contrast: bool
    glare: bool
    finger: bool
    uneven_light: float
    width_share: float
    aspect: tuple[int, int]
    exif_orientation: int


def shot(severity: Severity, rng: np.random.Generator) -> Shot:
    """A capture of this severity."""

    def between(limits: Range) -> float:
        return float(rng.uniform(*limits))

    return Shot(
        tilt_deg=between(severity.tilt_deg),
        tilt_towards_deg=between((0, 360)),
        roll_deg=between(severity.roll_deg),
        quarter_turns=int(rng.integers(1, 4)) if rng.random() < QUARTER_TURN_PROBABILITY else 0,
        long_side_px=between(severity.long_side_px),
        blur_sigma_px=between(severity.blur_sigma_px),
        motion_blur_px=between(severity.motion_blur_px),
        exposure_gain=between(severity.exposure_gain),
        noise_sigma=between(severity.noise_sigma),
        jpeg_quality=int(rng.integers(severity.jpeg_quality[0], severity.jpeg_quality[1] + 1)),
        clutter_objects=int(rng.integers(severity.clutter_objects[0], severity.clutter_objects[1] + 1)),
        low_contrast=bool(rng.random() < severity.low_contrast_probability),
        glare=bool(rng.random() < severity.glare_probability),
        finger=bool(rng.random() < severity.finger_probability),
        uneven_light=between(severity.uneven_light),
        width_share=between(WIDTH_SHARE),
        aspect=FRAME_ASPECTS[int(rng.integers(len(FRAME_ASPECTS)))],
        exif_orientation=int(rng.integers(2, 9)) if rng.random() < EXIF_TURNED_PROBABILITY else 1,
    )


@dataclass(frozen=True, slots=True)
class Placing:
    """The frame's width and height, the way of the document's pixels into it, and of the table's plane into it."""

    frame_px: tuple[int, int]
    flat_to_frame: Homography
    plane_to_frame: Homography


def placed(taken: Shot, size: tuple[int, int], rng: np.random.Generator) -> Placing:
    """Where a document of a width and height in pixels comes to lie, all of it inside the frame."""
    seen = _seen(taken, size)
    corners = projected(seen, outline(size))
    scale = taken.long_side_px / _long_side(corners)
    corners = corners * scale
    low, extent = corners.min(axis=0), np.ptp(corners, axis=0)
    frame = _frame(taken, extent)
    room = np.maximum(np.array(frame) * (1 - 2 * EDGE_SHARE) - extent, 0)
    at = np.array(frame) * EDGE_SHARE + room * rng.uniform(0, 1, 2) - low
    into = np.array(((scale, 0, at[0]), (0, scale, at[1]), (0, 0, 1)))
    centre = np.array(((1, 0, -frame[0] / 2), (0, 1, -frame[1] / 2), (0, 0, 1)))
    tilt = _tilted(taken, max(frame))
    back = np.array(((1, 0, frame[0] / 2), (0, 1, frame[1] / 2), (0, 0, 1)))
    return Placing(frame, into @ seen, back @ tilt @ centre)


def outline(size: tuple[int, int]) -> NDArray[np.float64]:
    """The four corners of a picture of this width and height, clockwise from the left top, shape (4, 2)."""
    width, height = size
    return np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float64)


def projected(homography: Homography, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of shape (n, 2) through a homography."""
    through = np.column_stack((points, np.ones(len(points)))) @ homography.T
    return np.asarray(through[:, :2] / through[:, 2:], np.float64)


def _seen(taken: Shot, size: tuple[int, int]) -> Homography:
    """Quarter turn and roll in the table's plane, then tilt: from the document's pixels to an unscaled view."""
    angle = np.radians(taken.roll_deg + 90 * taken.quarter_turns)
    turn = np.array(((np.cos(angle), -np.sin(angle), 0), (np.sin(angle), np.cos(angle), 0), (0, 0, 1)))
    centre = np.array(((1, 0, -size[0] / 2), (0, 1, -size[1] / 2), (0, 0, 1)))
    return np.asarray(_tilted(taken, max(size)) @ turn @ centre, np.float64)


def _tilted(taken: Shot, length_px: float) -> Homography:
    """A pinhole camera looking at a plane turned by the tilt about an axis in the picture."""
    towards, tilt = np.radians((taken.tilt_towards_deg, taken.tilt_deg))
    axis = np.array((np.cos(towards), np.sin(towards), 0.0))
    cross = np.array(((0, -axis[2], axis[1]), (axis[2], 0, -axis[0]), (-axis[1], axis[0], 0)))
    turned = np.eye(3) + np.sin(tilt) * cross + (1 - np.cos(tilt)) * cross @ cross
    focal = FOCAL_TO_LONG_SIDE * length_px
    plane = np.column_stack((turned[:, 0], turned[:, 1], (0.0, 0.0, focal)))
    return np.asarray(np.diag((focal, focal, 1.0)) @ plane, np.float64)


def _long_side(corners: NDArray[np.float64]) -> float:
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
    return float(max((sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2))


def _frame(taken: Shot, extent: NDArray[np.float64]) -> tuple[int, int]:
    """The frame whose width the document takes its share of; larger where it would not fit, smaller where it is huge."""
    across, down = taken.aspect
    width = extent[0] / taken.width_share
    width = min(width, float(np.sqrt(LARGEST_FRAME_PX * across / down)))
    slack = 1 - 2 * EDGE_SHARE
    width = max(width, extent[0] / slack, extent[1] / slack * across / down)
    return int(np.ceil(width / 2) * 2), int(np.ceil(width * down / across / 2) * 2)

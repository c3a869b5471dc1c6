"""What is behind: walls with frames, shelves and windows, or streets out of focus; straight lines occur behind everyone."""

from typing import Final

import cv2
import numpy as np

from fixtures.patterns import fractal_noise
from specimens.attack_protocol import Split
from specimens.presentations.faces import Light, to_light

_BOXES_MOST: Final = 9


def background(size: tuple[int, int], split: Split, rng: np.random.Generator) -> Light:
    """A place of ``size`` (width, height)."""
    width, height = size
    tone = rng.uniform(40, 235) * (1 + rng.uniform(-0.12, 0.12, 3))
    slope = rng.uniform(-50, 50, 2)
    y, x = np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j].astype(np.float32)
    scene = (tone + (slope[0] * x + slope[1] * y)[..., None]).astype(np.float32)
    scene += np.float32(rng.uniform(0, 7)) * fractal_noise(rng, size, cell_px=float(rng.uniform(20, 200)))[..., None]
    scene = np.ascontiguousarray(np.clip(scene, 0, 255).astype(np.uint8))
    if split is Split.TRAIN or rng.random() < 0.4:
        _furnish(scene, rng)
    else:
        _crowd(scene, rng)
    blur = float(rng.choice((0.6, rng.uniform(1, 3), rng.uniform(3, 9)))) * width / 640
    return to_light(np.asarray(cv2.GaussianBlur(scene, (0, 0), blur), np.uint8))


def _furnish(scene: np.ndarray, rng: np.random.Generator) -> None:
    """Door and window frames, shelves, pictures on the wall; a little turned as cameras are."""
    height, width = scene.shape[:2]
    lean = float(rng.normal(0, 3))
    for _ in range(int(rng.integers(0, _BOXES_MOST))):
        middle = (float(rng.uniform(0, width)), float(rng.uniform(0, height)))
        sides = (float(rng.uniform(0.03, 0.6)) * width, float(rng.uniform(0.03, 0.9)) * height)
        colour = [int(v) for v in np.clip(rng.uniform(20, 250) * (1 + rng.uniform(-0.2, 0.2, 3)), 0, 255)]
        corners = cv2.boxPoints((middle, sides, lean)).astype(np.int32)
        cv2.fillConvexPoly(scene, corners, colour, cv2.LINE_AA)
        if rng.random() < 0.4:
            edge = [int(v * 0.6) for v in colour]
            cv2.polylines(
                scene, [corners], isClosed=True, color=edge, thickness=int(rng.integers(1, 9)), lineType=cv2.LINE_AA
            )


def _crowd(scene: np.ndarray, rng: np.random.Generator) -> None:
    """Leaves, lamps, bricks, people far away: blobs, rows and strokes."""
    height, width = scene.shape[:2]
    kind = int(rng.integers(3))
    if kind == 0:
        step, tone = int(rng.integers(18, 60)), rng.uniform(60, 200, 3)
        for row, top in enumerate(range(0, height, step)):
            for left in range(-(row % 2) * step, width, step * 2):
                colour = [int(v) for v in np.clip(tone * rng.uniform(0.85, 1.1), 0, 255)]
                cv2.rectangle(scene, (left + 1, top + 1), (left + 2 * step - 2, top + step - 2), colour, -1)
        return
    for _ in range(int(rng.integers(5, 90))):
        middle = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        axes = (int(rng.uniform(0.01, 0.14) * width), int(rng.uniform(0.01, 0.14) * width))
        colour = [int(v) for v in rng.uniform(5, 255, 3)]
        if kind == 1:
            cv2.ellipse(scene, middle, axes, float(rng.uniform(0, 180)), 0, 360, colour, -1, cv2.LINE_AA)
        else:
            end = (middle[0] + int(rng.normal(0, 0.2) * width), middle[1] + int(rng.normal(0, 0.4) * height))
            cv2.line(scene, middle, end, colour, int(rng.integers(1, 14)), cv2.LINE_AA)

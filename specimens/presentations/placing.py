"""Where a face, or a picture of one, is before the camera: a pose, and for each point of the frame the point it shows."""

from dataclasses import dataclass, replace

import numpy as np

from specimens.presentations.faces import Plane

FOCAL_TO_WIDTH = 1.1


@dataclass(frozen=True, slots=True)
class Pose:
    """Face's middle and width in shares of the frame's width (y: of its height), and how it is turned, in degrees."""

    x: float
    y: float
    face_share: float
    roll_deg: float
    yaw_deg: float
    pitch_deg: float


def pose(rng: np.random.Generator, *, is_flat: bool, share: tuple[float, float] = (0.3, 0.52)) -> Pose:
    """As people hold themselves, or hold a picture. A person's own photograph has the head's turn in it already."""
    turn = 9.0 if is_flat else 0.01
    return Pose(
        x=float(np.clip(rng.normal(0.5, 0.05), 0.36, 0.64)),
        y=float(np.clip(rng.normal(0.48, 0.05), 0.36, 0.6)),
        face_share=float(rng.uniform(*share)),
        roll_deg=float(rng.normal(0, 4)),
        yaw_deg=float(np.clip(rng.normal(0, turn), -25, 25)),
        pitch_deg=float(np.clip(rng.normal(0, turn), -20, 20)),
    )


def moved(start: Pose, seconds: float, sway: np.ndarray) -> Pose:
    """The pose a while later; ``sway`` (3 x 4) holds speeds, sizes and phases of a hand or a head, of four slow waves."""
    wave = sway[1] * (np.sin(sway[0] * seconds + sway[2]) - np.sin(sway[2]))
    return replace(
        start,
        x=start.x + float(wave[0]),
        y=start.y + float(wave[1]),
        face_share=start.face_share * (1 + float(wave[2])),
        roll_deg=start.roll_deg + 60 * float(wave[3]),
    )


def sway(rng: np.random.Generator, size: float) -> np.ndarray:
    """Speeds, sizes and phases for :func:`moved`."""
    return np.stack((rng.uniform(1.0, 5.0, 4), rng.uniform(0.2, 1.0, 4) * size, rng.uniform(0, 2 * np.pi, 4)))


def rays(sampled_px: tuple[int, int]) -> tuple[Plane, Plane]:
    """Each sample's place in the frame, in shares of its width, the middle being 0, 0."""
    width, height = sampled_px
    across = ((np.arange(width, dtype=np.float32) + 0.5) / width - 0.5)[None]
    down = ((np.arange(height, dtype=np.float32) + 0.5 - height / 2) / width)[:, None]
    return np.broadcast_to(across, (height, width)), np.broadcast_to(down, (height, width))


def onto_plane(sampled_px: tuple[int, int], placed: Pose) -> tuple[Plane, Plane]:
    """For each sample the point of the plane it shows, in face widths from the face's middle (two planes)."""
    x, y = rays(sampled_px)
    roll, yaw, pitch = np.radians((placed.roll_deg, placed.yaw_deg, placed.pitch_deg))
    turn_z = np.array(((np.cos(roll), -np.sin(roll), 0), (np.sin(roll), np.cos(roll), 0), (0, 0, 1)))
    turn_y = np.array(((np.cos(yaw), 0, np.sin(yaw)), (0, 1, 0), (-np.sin(yaw), 0, np.cos(yaw))))
    turn_x = np.array(((1, 0, 0), (0, np.cos(pitch), -np.sin(pitch)), (0, np.sin(pitch), np.cos(pitch))))
    turned = turn_x @ turn_y @ turn_z
    aspect = sampled_px[1] / sampled_px[0]
    distance = FOCAL_TO_WIDTH / placed.face_share
    at = np.array((placed.x - 0.5, (placed.y - 0.5) * aspect, FOCAL_TO_WIDTH)) * distance / FOCAL_TO_WIDTH
    plane = np.column_stack((turned[:, 0], turned[:, 1], at))
    back = np.linalg.inv(np.diag((FOCAL_TO_WIDTH, FOCAL_TO_WIDTH, 1.0)) @ plane).astype(np.float32)
    depth = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    across = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / depth
    down = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / depth
    return np.asarray(across, np.float32), np.asarray(down, np.float32)

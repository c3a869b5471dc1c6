"""Where and how a clip is recorded: light, room, camera, frame rate; everything from one seed."""

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np

from specimens.heads.parts import ByteImage
from specimens.heads.scene import Camera, Light

LIGHTS = {
    "front": Light(),
    "side": Light(key=(1.2, 0.3, 0.5), strength=0.8, ambient=0.32),
    "dim": Light(strength=0.3, ambient=0.2),
    "warm": Light(key=(-0.4, 0.6, 0.9), colour=(0.72, 0.92, 1.08)),
    "above": Light(key=(0.1, 1.4, 0.5), strength=0.7, ambient=0.4),
    "cold": Light(key=(-0.9, 0.4, 0.7), colour=(1.1, 1.0, 0.88), strength=0.65, ambient=0.5),
}
TRAIN_LIGHTS, TEST_LIGHTS = ("front", "side", "warm"), ("above", "cold", "dim")


@dataclass(frozen=True, slots=True)
class Setting:
    """One recording: the camera, the light by name, the room's and the sensor's seed, frames a second."""

    camera: Camera
    light: str
    room: int
    fps: float


def setting_of(seed: int, split: str, fps: float, width: int = 400) -> Setting:
    """A setting of ``split``: lights, distances and noise of train and test differ."""
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(f"{split}/{seed}".encode()).digest()[:8]))
    is_train = split == "train"
    lights = TRAIN_LIGHTS if is_train else TEST_LIGHTS
    camera = Camera(
        width=width, height=width * 3 // 4,
        distance=float(rng.uniform(3.5, 5.0) if is_train else rng.uniform(3.2, 6.0)),
        face_share=float(rng.uniform(0.42, 0.55)),
        noise=float(rng.uniform(1.0, 3.0) if is_train else rng.uniform(1.5, 4.5)),
    )  # fmt: skip
    return Setting(camera, lights[seed % len(lights)], int(rng.integers(1 << 30)), fps)


def room(seed: int, width: int, height: int) -> ByteImage:
    """A wall with a few things on and before it, out of focus."""
    rng = np.random.default_rng(seed)
    across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    wall = 150 + 40 * rng.uniform(-1, 1) + 25 * rng.uniform(-1, 1) * across + 15 * rng.uniform(-1, 1) * down
    picture = wall[..., None] * rng.uniform(0.85, 1.1, 3)
    for _ in range(int(rng.integers(5, 11))):
        x, y = int(rng.integers(-20, width)), int(rng.integers(-20, height))
        corner = (x + int(rng.integers(20, width // 3)), y + int(rng.integers(20, height // 2)))
        cv2.rectangle(picture, (x, y), corner, tuple(rng.uniform(30, 230, 3)), -1)
    picture += 6 * cv2.resize(rng.normal(0, 1, (height // 6, width // 6, 3)), (width, height))
    return np.asarray(np.clip(cv2.GaussianBlur(picture, (0, 0), 2.0), 0, 255), np.uint8)

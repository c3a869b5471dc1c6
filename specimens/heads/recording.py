"""From drawn frames to a clip: exposure, sensor, compression, times."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_service.imaging.clip import Clip, TimedFrame
from specimens.heads.parts import ByteImage
from specimens.heads.scene import Camera
from specimens.heads.setting import Setting

Drawn = Callable[[float, Camera], NDArray[np.float32]]
"""What the camera sees at a time (ms), as float BGR."""


def record(drawn: Drawn, setting: Setting, length_ms: float, rng: np.random.Generator) -> Clip:
    """Frames at the setting's rate, with jitter, hand shake, noise, drifting exposure and JPEG."""
    times = _times(length_ms, setting.fps, rng)
    phases = rng.uniform(0, 2 * np.pi, (3, 4))
    quality = int(rng.integers(70, 95))
    frames = []
    for at in times:
        camera = _shaken(setting.camera, phases, at)
        seen = drawn(at, camera) * (1 + 0.03 * np.sin(phases[2, 3] + at / 1500))
        frames.append(TimedFrame(sensed(seen, camera.noise, quality, rng), round(at)))
    return Clip(tuple(frames))


def sensed(seen: NDArray[np.float32], noise: float, quality: int, rng: np.random.Generator) -> ByteImage:
    """What the sensor and the encoder make of it: noise that grows with the light, then JPEG."""
    grain = rng.standard_normal(seen.shape, np.float32) * noise * np.sqrt(0.3 + np.maximum(seen, 0) / 180)
    picture = np.clip(seen + grain, 0, 255).astype(np.uint8)
    _, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)


def _times(length_ms: float, fps: float, rng: np.random.Generator) -> list[float]:
    period = 1000 / fps
    count = int(length_ms / period) + 2
    times = np.arange(count) * period + rng.normal(0, 0.06 * period, count)
    return [float(at) for at in times - times[0]]


def _shaken(camera: Camera, phases: NDArray[np.float64], at: float) -> Camera:
    """A phone held by hand: slow sway and a faster tremor, in decimetres of the face's plane."""
    waves = np.sin(phases + at / 1000 * 2 * np.pi * np.array([0.2, 0.7, 1.9, 6.0])) @ np.array(
        [0.06, 0.03, 0.012, 0.004]
    )
    return Camera(
        camera.width, camera.height, camera.distance, camera.face_share, camera.noise,
        (float(waves[0]), float(waves[1])), camera.screen,
    )  # fmt: skip

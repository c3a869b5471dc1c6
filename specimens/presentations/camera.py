"""A phone's front camera: lens, sensor with its colour mosaic, the phone's own processing, a frame, a file.

Everything that is photographed goes through it, persons as well as pictures of persons, so that nothing in it tells
the two apart.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from specimens.attack_protocol import Split
from specimens.presentations.faces import Light, Pixels

_FULL_WELL = 60000.0


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera and how it is set. Lengths in pixels of the sensor."""

    frame_px: tuple[int, int]
    sensor_factor: float
    samples: int
    blur_px: float
    motion_px: float
    motion_deg: float
    photons: float
    read_noise: float
    mosaic: bool
    denoise: float
    sharpen: float
    sharpen_px: float
    white: tuple[float, float, float]
    level: float
    flare: float
    stretch: float
    gamma: float
    contrast: float
    saturation: float
    jpeg_quality: int

    @property
    def sensor_px(self) -> tuple[int, int]:
        """Width and height of what the sensor delivers."""
        width, height = self.frame_px
        return round(width * self.sensor_factor), round(height * self.sensor_factor)

    @property
    def trim_px(self) -> tuple[int, int]:
        """What is cut off at the left and at the top: as arbitrary as the noise, and one for all frames of a clip."""
        return round(self.photons) % 8, round(1e6 * self.read_noise) % 8

    @property
    def sampled_px(self) -> tuple[int, int]:
        """Width and height of the grid on which light is given to :func:`expose`."""
        width, height = self.sensor_px
        return width * self.samples, height * self.samples


def camera(split: Split, rng: np.random.Generator) -> Camera:
    """A camera of the split's kind."""
    is_test = split is Split.TEST
    train = ((240, 320), (300, 300), (360, 480), (480, 640), (480, 360))
    sizes = ((270, 360), (320, 320), (400, 400), (450, 600), (480, 640)) if is_test else train
    frame = sizes[int(rng.integers(len(sizes)))]
    factor = float(rng.choice((1.0, 1.2, 1.4)))
    return Camera(
        frame_px=frame,
        sensor_factor=factor,
        samples=2,
        blur_px=float(rng.uniform(0.35, 1.3) if is_test else rng.uniform(0.3, 1.5)),
        motion_px=float(max(0.0, rng.normal(0, 1.2))),
        motion_deg=float(rng.uniform(0, 180)),
        photons=float(np.exp(rng.uniform(np.log(400), np.log(12000)))),
        read_noise=float(rng.uniform(0.0005, 0.004)),
        mosaic=bool(rng.random() < 0.7),
        denoise=float(rng.choice((0.0, rng.uniform(0.3, 1.0)))),
        sharpen=float(rng.uniform(0, 1.4) if is_test else rng.uniform(0, 1.1)),
        sharpen_px=float(rng.uniform(0.7, 1.8)),
        white=tuple(float(v) for v in np.exp(rng.normal(0, 0.05, 3))),  # type: ignore[arg-type]
        level=float(rng.uniform(0.14, 0.34)),
        flare=float(rng.uniform(0, 0.06)),
        stretch=float(rng.uniform(0.3, 1.0)),
        gamma=float(rng.uniform(1.9, 2.5)),
        contrast=float(rng.uniform(0.0, 0.5)),
        saturation=float(rng.uniform(0.85, 1.3)),
        jpeg_quality=int(rng.integers(55, 97)),
    )


def expose(light: Light, middle: tuple[float, float, float, float], taken: Camera, rng: np.random.Generator) -> Pixels:
    """The frame as the service gets it.

    Args:
        light: On the grid ``taken.sampled_px``.
        middle: The part that exposure is metered on: left, top, right, bottom as shares of the frame.
        taken: The camera.
        rng: Noise.
    """
    seen = _through_lens(light, taken)
    width, height = taken.sensor_px
    sensed = np.asarray(cv2.resize(seen, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    left, top, right, bottom = middle
    part = sensed[int(top * height) : int(bottom * height) + 1, int(left * width) : int(right * width) + 1]
    sensed *= np.float32(taken.level / max(1e-4, float(part.mean())))
    return _processed(_noisy(sensed, taken, rng), taken)


def _through_lens(light: Light, taken: Camera) -> Light:
    blurred = cv2.GaussianBlur(light, (0, 0), taken.blur_px * taken.samples * 0.6)
    if taken.motion_px > 0.5:
        length = max(3, round(taken.motion_px * taken.samples) | 1)
        kernel = np.zeros((length, length), np.float32)
        kernel[length // 2] = 1
        turn = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), taken.motion_deg, 1.0)
        kernel = np.asarray(cv2.warpAffine(kernel, turn, (length, length)), np.float32)
        blurred = cv2.filter2D(blurred, -1, kernel / kernel.sum())
    # Light strewn in the lens lifts the blacks of every picture.
    return np.asarray(blurred + np.float32(taken.flare * float(blurred[::8, ::8].mean())), np.float32)


def _noisy(sensed: Light, taken: Camera, rng: np.random.Generator) -> Light:
    """Shot and read noise on each colour of the mosaic, then the missing colours interpolated."""
    clean = np.clip(sensed, 0, 1)
    if not taken.mosaic:
        noise = rng.standard_normal(clean.shape).astype(np.float32)
        return np.asarray(clean + noise * np.sqrt(clean / taken.photons + taken.read_noise**2), np.float32)
    height, width = clean.shape[:2]
    raw = clean[..., 1].copy()
    raw[0::2, 0::2] = clean[0::2, 0::2, 2]
    raw[1::2, 1::2] = clean[1::2, 1::2, 0]
    noise = rng.standard_normal((height, width)).astype(np.float32)
    raw += noise * np.sqrt(raw / taken.photons + taken.read_noise**2)
    counts = np.clip(raw * _FULL_WELL + 500, 0, 65535).astype(np.uint16)
    colours = cv2.cvtColor(counts, cv2.COLOR_BayerBG2BGR)
    return np.asarray((colours.astype(np.float32) - 500) / _FULL_WELL, np.float32)


def _processed(sensed: Light, taken: Camera) -> Pixels:
    black = np.float32(taken.stretch * float(np.percentile(sensed[::4, ::4], 1)))
    sensed = np.asarray((sensed - black) / (1 - black), np.float32)
    tone = np.power(np.clip(sensed * np.array(taken.white, np.float32), 0, 1), 1 / taken.gamma)
    tone = tone + np.float32(taken.contrast) * tone * (1 - tone) * (2 * tone - 1)
    grey = tone.mean(axis=2, keepdims=True)
    pixels = np.clip((grey + (tone - grey) * np.float32(taken.saturation)) * 255, 0, 255).astype(np.float32)
    if taken.denoise > 0:
        pixels = np.asarray(cv2.bilateralFilter(pixels, 5, 18 * taken.denoise, 2.0), np.float32)
    if taken.sharpen > 0:
        pixels += np.float32(taken.sharpen) * (pixels - cv2.GaussianBlur(pixels, (0, 0), taken.sharpen_px))
    if taken.sensor_factor != 1.0:
        pixels = np.asarray(cv2.resize(pixels, taken.frame_px, interpolation=cv2.INTER_AREA), np.float32)
    # The file's blocks must not lie where the drawing's grid does.
    left, top = taken.trim_px
    file = np.clip(pixels[top:, left:], 0, 255).astype(np.uint8)
    _, encoded = cv2.imencode(".jpg", file, [cv2.IMWRITE_JPEG_QUALITY, taken.jpeg_quality])
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)

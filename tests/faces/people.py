"""Pictures and engines for tests that look at faces."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np

from kyc_service.domain.captures import CaptureKind
from kyc_service.domain.measurements import Region
from kyc_service.imaging.decode import decode
from kyc_service.imaging.picture import Picture
from kyc_service.inference.engines import DetectedFace, FaceEngines, Pixels
from kyc_service.inference.load import load_face_engines
from kyc_service.inference.manifest import read_manifest
from kyc_service.inference.threads import ThreadSettings

MODELS = Path(__file__).parents[2] / "models"
PICTURES = Path(__file__).parent / "pictures"
PEOPLE = ("collins", "hopper")
NOWHERE = Region(CaptureKind.DOCUMENT_FRONT, (), "")
LANDMARKS = np.array([[38, 52], [74, 52], [56, 72], [42, 92], [70, 92]], dtype=np.float32)


@cache
def engines() -> FaceEngines:
    """The real models, loaded once for all tests."""
    return load_face_engines(read_manifest(MODELS), MODELS, ThreadSettings(parallel_inferences=2))


@cache
def person(name: str) -> Pixels:
    """One photograph, BGR; not to be written to."""
    pixels = np.asarray(cv2.imread(str(PICTURES / f"{name}.jpg")), dtype=np.uint8)
    pixels.setflags(write=False)
    return pixels


def resized(pixels: Pixels, factor: float) -> Pixels:
    interpolation = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=interpolation), dtype=np.uint8)


def exposed(pixels: Pixels, factor: float) -> Pixels:
    return np.clip(pixels * factor, 0, 255).astype(np.uint8)


def blurred(pixels: Pixels, sigma: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), dtype=np.uint8)


def rolled(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(pixels, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, dtype=np.uint8)


def shown_on_a_screen(pixels: Pixels) -> Pixels:
    """The picture on a screen with visible pixels and a bezel, photographed at a slight angle."""
    generator = np.random.default_rng(0)
    height, width = pixels.shape[:2]
    shown = resized(pixels, 2).astype(np.float32)
    shown[::3] *= 0.7
    shown[:, ::3] *= 0.8
    scene = np.full((height * 3, width * 3, 3), 90, dtype=np.float32)
    top, left = height // 2, width // 2
    scene[top - 30 : top + 2 * height + 30, left - 30 : left + 2 * width + 30] = 12
    scene[top : top + 2 * height, left : left + 2 * width] = shown * (1.1, 1.0, 0.9)
    matrix = cv2.getRotationMatrix2D((width * 1.5, height * 1.5), 4, 0.55)
    matrix[:, 2] -= (width * 0.4, height * 0.4)
    seen = cv2.warpAffine(scene, matrix, (int(width * 2.2), int(height * 2.2)))
    seen = cv2.GaussianBlur(seen, (0, 0), 0.6) + generator.normal(0, 2, seen.shape)
    return np.clip(seen, 0, 255).astype(np.uint8)


def picture(pixels: Pixels, *, target_long_side_px: int | None = None) -> Picture:
    """As if uploaded without loss."""
    _, encoded = cv2.imencode(".png", pixels)
    return decode(encoded.tobytes(), target_long_side_px=target_long_side_px)


def detected(x: float = 0, y: float = 0, scale: float = 1.0, confidence: float = 0.95) -> DetectedFace:
    """A face as a detector would report it, with a 112 px template at (x, y)."""
    landmarks = (LANDMARKS * scale + np.array([x, y])).astype(np.float32)
    return DetectedFace((x + 16 * scale, y + 12 * scale, 80 * scale, 96 * scale), landmarks, confidence)

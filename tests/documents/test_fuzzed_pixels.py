"""Pixels damaged at random never crash the stage and never clear the number of a card whose check digit is wrong."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from kyc_service.consistency.document import measure
from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.stage import read_front
from kyc_service.domain.checks import CheckName
from kyc_service.domain.measurements import Finding
from kyc_service.imaging.picture import Pixels
from tests.documents.samples import TODAY, picture_of, sample

pytestmark = pytest.mark.models
SEEDS = range(16)
SHAPES = ((64, 64), (65, 900), (900, 65), (400, 640))
Damage = Callable[[Pixels, np.random.Generator], Pixels]


def _patches(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    damaged = pixels.copy()
    height, width = pixels.shape[:2]
    for _ in range(int(rng.integers(1, 12))):
        top, left = int(rng.integers(height - 40)), int(rng.integers(width - 120))
        damaged[top : top + int(rng.integers(4, 40)), left : left + int(rng.integers(8, 120))] = rng.integers(
            256, size=3
        )
    return damaged


def _noise(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    noise = rng.normal(0, rng.uniform(5, 60), pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


def _moved_rows(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    shifts = rng.integers(-6, 7, len(pixels))
    return np.stack([np.roll(row, int(shift), axis=0) for row, shift in zip(pixels, shifts, strict=True)])


def _copied_columns(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    damaged = pixels.copy()
    width = pixels.shape[1]
    for _ in range(6):
        source, target = (int(v) for v in rng.integers(width - 40, size=2))
        damaged[:, target : target + 40] = pixels[:, source : source + 40]
    return damaged


def _coarse(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(1, 12))])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


DAMAGES: tuple[Damage, ...] = (_patches, _noise, _moved_rows, _copied_columns, _coarse)


@pytest.mark.parametrize("seed", SEEDS)
def test_damage_never_clears_a_wrong_number(seed: int, engines: DocumentEngines) -> None:
    rng = np.random.default_rng(seed)
    pixels = sample("wrong_check_digit", long_side_px=1100).pixels
    for damage in rng.permutation(len(DAMAGES))[: int(rng.integers(1, 3))]:
        pixels = DAMAGES[damage](pixels, rng)
    reading = read_front(picture_of(pixels), None, engines, TODAY).reading
    for found in measure(reading, TODAY):
        is_clear = isinstance(found, Finding) and not found.reasons
        assert found.check is not CheckName.ID_NUMBER or not is_clear


@pytest.mark.parametrize("shape", SHAPES)
def test_pixels_at_random_are_no_document(shape: tuple[int, int], engines: DocumentEngines) -> None:
    pixels = np.random.default_rng(sum(shape)).integers(256, size=(*shape, 3)).astype(np.uint8)
    assert read_front(picture_of(pixels), None, engines, TODAY).reading is None

from __future__ import annotations

import numpy as np
import pytest

from kyc_service.imaging.decode import decode
from kyc_service.imaging.encode import fit_within, thumbnail_jpeg
from tests.imaging.drawn import QUADRANTS_BGR, corner_colours, is_close, quadrants

CARD = np.asarray(quadrants())[..., ::-1].copy()


def test_a_thumbnail_is_small_and_true() -> None:
    data = thumbnail_jpeg(CARD, 160)
    picture = decode(data)
    assert picture.pixels.shape == (120, 160, 3)
    assert len(data) < 5_000
    assert is_close(corner_colours(picture.pixels), QUADRANTS_BGR)


def test_quality_costs_bytes() -> None:
    noise = np.random.default_rng(5).integers(0, 255, (100, 100, 3), dtype=np.uint8)
    assert len(thumbnail_jpeg(noise, 100, quality=30)) < len(thumbnail_jpeg(noise, 100, quality=95))


def test_nothing_is_enlarged() -> None:
    assert fit_within(CARD, 1000) is CARD


def test_a_thin_strip_keeps_a_pixel() -> None:
    assert fit_within(np.zeros((2, 1000, 3), np.uint8), 100).shape == (1, 100, 3)


@pytest.mark.parametrize(("shape", "side"), [((0, 5, 3), 10), ((5, 5), 10), ((5, 5, 4), 10), ((5, 5, 3), 0)])
def test_what_cannot_be_a_thumbnail(shape: tuple[int, ...], side: int) -> None:
    with pytest.raises(ValueError, match="thumbnail"):
        thumbnail_jpeg(np.zeros(shape, np.uint8), side)

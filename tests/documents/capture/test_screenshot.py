from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kyc_service.documents.capture.screenshot import is_screenshot
from kyc_service.imaging.metadata import Metadata
from kyc_service.imaging.picture import Pixels
from tests.documents.samples import picture_of, sample


def viewer(size: tuple[int, int] = (1170, 2532), *, with_bars: bool = True) -> Pixels:
    """A screen of ``size`` (width, height) that shows a card between bars."""
    rng = np.random.default_rng(3)
    width, height = size
    screen = np.full((height, width, 3), 12, np.uint8)
    top = (height - width // 2) // 2
    screen[top : top + width // 2] = rng.integers(90, 240, (width // 2, width, 3))
    if with_bars:
        screen[30:60, 60:200] = rng.integers(0, 256, (30, 140, 3))
    return screen


def test_a_viewer_on_a_phone_is_a_screenshot() -> None:
    assert is_screenshot(picture_of(viewer()))


@pytest.mark.parametrize(
    "pixels",
    [viewer((1172, 2532)), viewer(with_bars=False), np.full((2532, 1170, 3), 255, np.uint8)],
    ids=["no screen's size", "a letterboxed photograph", "an empty scan"],
)
def test_weaker_evidence_tells_nothing(pixels: Pixels) -> None:
    assert not is_screenshot(picture_of(pixels))


def test_a_picture_that_names_its_camera_is_none() -> None:
    assert not is_screenshot(replace(picture_of(viewer()), metadata=Metadata(camera_model="X100")))


def test_a_photograph_is_none() -> None:
    assert not is_screenshot(sample("genuine_cn_card"))

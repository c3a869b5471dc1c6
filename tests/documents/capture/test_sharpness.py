from __future__ import annotations

import cv2
import numpy as np
import pytest

from kyc_service.documents.capture import limits
from kyc_service.documents.capture.sharpness import sharpness_of
from kyc_service.imaging.picture import Pixels


@pytest.fixture
def print_() -> Pixels:
    page = np.full((400, 640, 3), 225, np.uint8)
    for y in range(40, 400, 36):
        cv2.putText(page, "8B29K4 SPECIMEN 5S07", (30, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (30, 30, 30), 2, cv2.LINE_AA)
    return page


def test_sharp_print_is_sharp_and_even(print_: Pixels) -> None:
    seen = sharpness_of(print_)
    assert seen.smear > limits.MIN_SHARPNESS
    assert seen.evenness > limits.MIN_EVENNESS


@pytest.mark.parametrize("kernel", [(25, 1), (1, 25)], ids=["along", "across"])
def test_a_shake_shows_in_either_direction(print_: Pixels, kernel: tuple[int, int]) -> None:
    shaken = cv2.filter2D(print_, -1, np.full((kernel[1], kernel[0]), 1 / 25, np.float32))
    assert sharpness_of(np.asarray(shaken, np.uint8)).evenness < 0.5 * sharpness_of(print_).evenness


def test_defocus_shows_as_smear(print_: Pixels) -> None:
    blurred = sharpness_of(np.asarray(cv2.GaussianBlur(print_, (0, 0), 5.0), np.uint8))
    assert blurred.smear < limits.MIN_SHARPNESS


def test_an_empty_surface_crashes_nothing() -> None:
    assert 0 <= sharpness_of(np.full((9, 9, 3), 7, np.uint8)).evenness <= 1

from __future__ import annotations

import numpy as np
import pytest

from specimens.attack_protocol import Split
from specimens.portraits.printed import printed_portrait
from specimens.portraits.ranges import RANGES, Screen
from specimens.portraits.screening import screened


def ramp() -> np.ndarray:
    """A picture that grows lighter from left to right."""
    return np.repeat(np.repeat(np.linspace(20, 235, 160)[np.newaxis], 200, axis=0)[..., np.newaxis], 3, axis=2).astype(
        np.uint8
    )


@pytest.mark.parametrize("split", list(Split))
def test_the_same_seed_gives_the_same_print_and_another_another(split: Split) -> None:
    one, same, other = (printed_portrait(ramp(), split, np.random.default_rng(seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert one.shape != other.shape or not np.array_equal(one, other)


def test_what_was_light_is_light_on_the_print() -> None:
    print_ = printed_portrait(ramp(), Split.TRAIN, np.random.default_rng(5)).astype(float)
    height, width = print_.shape[:2]
    inner = print_[int(height * 0.35) : int(height * 0.65)]
    assert (
        inner[:, int(width * 0.6) : int(width * 0.7)].mean() > inner[:, int(width * 0.3) : int(width * 0.4)].mean() + 30
    )


def test_train_and_test_share_no_screen() -> None:
    assert not set(RANGES[Split.TRAIN].screens) & set(RANGES[Split.TEST].screens)
    assert {screen for ranges in RANGES.values() for screen in ranges.screens} == set(Screen)


@pytest.mark.parametrize("screen", list(Screen))
def test_a_screen_knows_only_ink_and_paper_and_keeps_the_tone(screen: Screen) -> None:
    """Ink's gamma of 0.9 lets half of the light through 53.6 % of the dots."""
    grey = np.full((180, 180, 3), 0.5, np.float32)
    dots = screened(grey, screen, 12.0, np.random.default_rng(1))
    assert set(np.unique(dots)) == {0.0, 1.0}
    assert float(dots.mean()) == pytest.approx(0.536, abs=0.05)


def test_a_picture_too_small_to_print_is_refused() -> None:
    with pytest.raises(ValueError, match="too small"):
        printed_portrait(np.zeros((40, 20, 3), np.uint8), Split.TEST, np.random.default_rng(0))

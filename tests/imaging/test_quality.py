from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kyc_service.imaging.quality import MAX_BLUR_SIGMA_PX, measure_patch

Pixels = NDArray[np.uint8]


def _steps(contrast: int = 160, low: int = 40) -> Pixels:
    """640 x 480 with 80-pixel squares like a chess board: step edges in both directions."""
    rows, columns = np.indices((480, 640)) // 80
    grey = np.where((rows + columns) % 2 == 0, low, low + contrast).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def _blurred(patch: Pixels, sigma: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(patch, (0, 0), sigma), dtype=np.uint8)


def _noisy(patch: Pixels, sigma: float) -> Pixels:
    noise = np.random.default_rng(3).normal(0, sigma, patch.shape)
    return np.clip(patch + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("sigma", [1.0, 2.0, 3.0, 4.0])
@pytest.mark.parametrize(("contrast", "noise"), [(60, 0.0), (160, 0.0), (160, 5.0), (60, 2.0)])
def test_the_blur_that_was_put_in_is_read_out(sigma: float, noise: float, contrast: int) -> None:
    patch = _noisy(_blurred(_steps(contrast), sigma), noise)
    assert measure_patch(patch).blur_sigma_px == pytest.approx(sigma, abs=0.3 + 0.12 * sigma)


def test_blur_orders_patches_whatever_their_contrast() -> None:
    """The variance of the Laplacian would rank the faint sharp patch below the strong blurred one."""
    faint_sharp, strong_blurred = measure_patch(_steps(30)), measure_patch(_blurred(_steps(200, 20), 3.0))
    assert faint_sharp.blur_sigma_px < strong_blurred.blur_sigma_px
    assert faint_sharp.sharpness > strong_blurred.sharpness
    assert faint_sharp.contrast < strong_blurred.contrast


def test_noise_is_no_sharpness() -> None:
    flat = np.full((480, 640, 3), 128, np.uint8)
    for patch in (flat, _noisy(flat, 6.0)):
        quality = measure_patch(patch)
        assert quality.edge_fraction < 0.001
        assert quality.blur_sigma_px == MAX_BLUR_SIGMA_PX


def test_blur_is_measured_at_one_size() -> None:
    patch = _blurred(_steps(), 2.0)
    double = np.asarray(cv2.resize(patch, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    assert measure_patch(double).blur_sigma_px == pytest.approx(measure_patch(patch).blur_sigma_px, abs=0.3)
    assert (measure_patch(double).width_px, measure_patch(double).height_px) == (1280, 960)
    assert measure_patch(patch, 1280).blur_sigma_px == pytest.approx(4.0, abs=0.6)


def test_light() -> None:
    patch = np.full((100, 200, 3), 20, np.uint8)
    patch[:, 150:] = 255
    quality = measure_patch(patch)
    assert quality.overexposed_fraction == pytest.approx(0.25, abs=0.01)
    assert quality.luma_mean == pytest.approx(20 * 0.75 + 255 * 0.25, abs=2)
    assert (quality.luma_p05, quality.luma_p50, quality.luma_p95) == pytest.approx((20, 20, 255), abs=1)
    assert quality.contrast == pytest.approx(101.8, abs=1.5)


@pytest.mark.parametrize("shape", [(7, 100, 3), (100, 100), (0, 0, 3)])
def test_too_little_to_measure(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="at least 8 x 8"):
        measure_patch(np.zeros(shape, np.uint8))

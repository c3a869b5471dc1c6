from __future__ import annotations

import cv2
import pytest

from kyc_service.inference.threads import ThreadSettings, configure, openvino_properties


def test_each_stream_has_the_threads_of_one_inference() -> None:
    properties = openvino_properties(ThreadSettings(per_inference=2, parallel_inferences=3))
    assert (properties["NUM_STREAMS"], properties["INFERENCE_NUM_THREADS"]) == (3, 6)


def test_every_machine_computes_in_the_same_precision() -> None:
    assert openvino_properties(ThreadSettings())["INFERENCE_PRECISION_HINT"] == "f32"


@pytest.mark.parametrize("counts", [(0, 1), (1, 0), (-1, 1)])
def test_zero_would_mean_all_cores_and_is_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="start at 1"):
        ThreadSettings(*counts)


def test_opencv_and_the_environment_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    before = cv2.getNumThreads()
    try:
        configure(ThreadSettings(per_inference=1))
        assert cv2.getNumThreads() == 1
    finally:
        cv2.setNumThreads(before)

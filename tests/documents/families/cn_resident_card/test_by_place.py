from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.stage import read_back, read_front
from kyc_service.imaging.picture import Pixels
from kyc_service.inference.ocr import Character, Quad, TextLine
from tests.documents.samples import picture_of

TODAY = date(2026, 11, 23)
SPOKEN = (
    "",
    "11010519491231002X",
    "2016.05.04-2036.05.04",
    "2016.05.04-长期",
    "1990年3月7日",
    "男",
    "艾力·吐尔地",
    "�",
    "I<<" * 9,
)


@dataclass(frozen=True, slots=True)
class Babbler:
    """Finds lines anywhere and reads whatever it likes, by a seed."""

    seed: int
    model_id: str = "babbler"

    def detect(self, pixels: Pixels, long_side_px: int) -> tuple[Quad, ...]:
        rng = np.random.default_rng((self.seed, long_side_px))
        size = np.array(pixels.shape[1::-1])
        return tuple((rng.uniform(0, 1, (4, 2)) * size).astype(np.float32) for _ in range(int(rng.integers(0, 6))))

    def recognise(self, crops: Sequence[Pixels]) -> tuple[TextLine, ...]:
        rng = np.random.default_rng((self.seed, len(crops)))
        return tuple(self._line(rng) for _ in crops)

    def _line(self, rng: np.random.Generator) -> TextLine:
        text = SPOKEN[int(rng.integers(len(SPOKEN)))]
        confidence = float(rng.choice((0.3, 0.7, 0.99)))
        return TextLine(tuple(Character(c, confidence, (i + 0.5) / len(text)) for i, c in enumerate(text)))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    height=st.integers(1, 300),
    width=st.integers(1, 300),
    kind=st.sampled_from(["noise", "black", "white", "card"]),
)
def test_no_pixels_and_no_reader_break_the_stage(seed: int, height: int, width: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    pixels = np.zeros((height, width, 3), np.uint8)
    if kind == "noise":
        pixels = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    elif kind == "white":
        pixels[:] = 255
    elif kind == "card":
        pixels[:] = 60
        corners = (rng.uniform(0, 1, (4, 2)) * (width, height)).astype(np.int32)
        cv2.fillPoly(pixels, [corners], (230, 230, 230))
    engines = DocumentEngines(Babbler(seed))
    for read in (read_front, read_back):
        stage = read(picture_of(pixels), None, engines, TODAY)
        assert stage.measurements

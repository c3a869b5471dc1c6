from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from kyc_service.documents.engines import DocumentEngines
from kyc_service.documents.reading.bounded_reader import SIDE_PX, BoundedReader, width_px
from kyc_service.documents.stage import read_front
from kyc_service.domain.measurements import Finding
from kyc_service.domain.reasons import Reason
from kyc_service.imaging.picture import Pixels
from kyc_service.inference.ocr import Character, Quad, TextLine, TextReader
from tests.documents.samples import TODAY, picture_of, sample, truths

READABLE = [case for case, _ in truths() if case != "blurred_card"]


class CountingReader:
    """Reads an x on every crop, or what ``inner`` reads, and counts the width."""

    model_id = "counting"

    def __init__(self, inner: TextReader | None = None) -> None:
        self._inner = inner
        self.read_px = 0

    def detect(self, pixels: Pixels, long_side_px: int) -> tuple[Quad, ...]:
        return self._inner.detect(pixels, long_side_px) if self._inner else ()

    def recognise(self, crops: Sequence[Pixels]) -> tuple[TextLine, ...]:
        self.read_px += sum(map(width_px, crops))
        return self._inner.recognise(crops) if self._inner else tuple(TextLine((Character("x", 0.9),)) for _ in crops)


def crop(width: int) -> Pixels:
    return np.zeros((48, width, 3), np.uint8)


def test_widths_are_counted_as_the_recogniser_sees_them() -> None:
    wide = np.zeros((12, 900, 3), np.uint8)
    assert [width_px(c) for c in (crop(1), crop(32), crop(33), wide)] == [32, 32, 64, 1600]


def test_what_is_beyond_the_bound_comes_back_empty_and_in_order() -> None:
    reader = BoundedReader(CountingReader(), 320)
    texts = [line.text for line in reader.recognise([crop(160), crop(320), crop(160)])]
    assert texts == ["x", "", "x"]
    assert (reader.has_refused, reader.left_px) == (True, 0)


def test_a_part_of_the_work_leaves_the_rest_its_share() -> None:
    reader = BoundedReader(CountingReader(), 320)
    reader.begin(64)
    assert [line.text for line in reader.recognise([crop(64), crop(32)])] == ["x", ""]
    reader.begin(320)
    assert not reader.has_refused
    assert [line.text for line in reader.recognise([crop(256)])] == ["x"]


@pytest.mark.models
@pytest.mark.parametrize("size", [(1800, 1350), (1350, 1800)])
def test_a_page_full_of_text_is_read_up_to_the_bound_only(size: tuple[int, int], engines: DocumentEngines) -> None:
    page = np.full((*size, 3), 250, np.uint8)
    for y in range(30, size[0] - 10, 24):
        cv2.putText(
            page, "P UTO 1990 ABC12345 " * 7, (14, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (20, 20, 20), 1, cv2.LINE_AA
        )
    reader = CountingReader(engines.text)
    stage = read_front(picture_of(page), None, DocumentEngines(reader), TODAY)
    assert stage.reading is None
    assert SIDE_PX / 2 < reader.read_px <= SIDE_PX
    reasons = {reason for m in stage.measurements if isinstance(m, Finding) for reason in m.reasons}
    assert reasons <= {Reason.DOCUMENT_UNSUPPORTED, Reason.DOCUMENT_UNREADABLE}
    assert reasons


@pytest.mark.models
@pytest.mark.parametrize("case", READABLE)
def test_genuine_documents_stay_far_below_the_bound(case: str, engines: DocumentEngines) -> None:
    reader = CountingReader(engines.text)
    assert read_front(sample(case), None, DocumentEngines(reader), TODAY).reading is not None
    assert reader.read_px < 0.6 * SIDE_PX

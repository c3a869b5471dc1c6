from __future__ import annotations

import numpy as np
import pytest

from kyc_service.documents.reading.certainty import (
    CHECKED_LIMIT,
    DEFAULT_LIMIT,
    confidences_of,
    is_certain,
    is_gapless,
)
from kyc_service.documents.reading.lines import Line
from kyc_service.documents.reading.rows import Row
from kyc_service.domain.document import FieldName
from kyc_service.inference.ocr import Character
from tests.documents.samples import line


def spaced(positions: list[float]) -> Row:
    """A line 500 px long and 50 px high with characters at ``positions``."""
    quad = np.array([(0, 0), (500, 0), (500, 50), (0, 50)], np.float32)
    return Row((Line(quad, tuple(Character("区", 0.99, p) for p in positions)),))


def test_confidences_leave_fillers_out() -> None:
    assert confidences_of([Row((line("AB", confidence=0.9), line("<<", confidence=0.1)))]) == pytest.approx((0.9, 0.9))
    assert confidences_of([]) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("lowest", "confirmed", "expected"),
    [
        (DEFAULT_LIMIT, False, True),
        (DEFAULT_LIMIT - 0.01, False, False),
        (CHECKED_LIMIT, True, True),
        (CHECKED_LIMIT - 0.01, True, False),
    ],
)
def test_limits(lowest: float, *, confirmed: bool, expected: bool) -> None:
    assert is_certain(FieldName.DOCUMENT_NUMBER, lowest, is_confirmed=confirmed) is expected


def test_room_for_a_dropped_character_is_a_gap() -> None:
    even = [0.05 + 0.1 * i for i in range(10)]
    assert is_gapless([spaced(even)])
    assert not is_gapless([spaced(even[:4] + even[6:])])
    assert not is_gapless([spaced(even[2:])])
    assert not is_gapless([spaced(even[:-2])])
    assert is_gapless([spaced([])])

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.evaluation.calibration import DataSet
from kyc_service.evaluation.documents.certainty_limits import Reader, certainty_limits, limit_of, write_limits
from kyc_service.evaluation.documents.seen import PictureSeen
from tests.evaluation.documents.builders import labelled, read, seen

READER = Reader("pp_ocrv6_rec_small", "0" * 64)
DATA = DataSet("drawn cards", "1" * 64, 4, 4)


@pytest.mark.parametrize(
    ("readings", "wrong_at_most", "limit"),
    [
        ([], 0.001, None),
        ([(0.9, False)], 0.001, 0.9),
        ([(0.9, True)], 0.001, None),
        ([(0.9, False), (0.8, True), (0.7, False)], 0.001, 0.9),
        # One wrong in three is too many, one in four is not.
        ([(0.9, False), (0.8, True), (0.7, False)], 0.25, 0.9),
        ([(0.9, False), (0.8, True), (0.7, False), (0.6, False)], 0.25, 0.6),
        # Right and wrong at the same confidence cannot be parted.
        ([(0.9, False), (0.8, False), (0.8, True)], 0.001, 0.9),
        ([(0.8, False), (0.8, True)], 0.001, None),
    ],
)
def test_the_limit_is_the_lowest_that_holds(
    readings: list[tuple[float, bool]], wrong_at_most: float, limit: float | None
) -> None:
    assert limit_of(readings, wrong_at_most) == limit


@given(st.lists(st.tuples(st.sampled_from([0.5, 0.6, 0.7, 0.8, 0.9]), st.booleans())), st.sampled_from([0.0, 0.1, 0.4]))
def test_no_lower_limit_holds_and_this_one_does(readings: list[tuple[float, bool]], wrong_at_most: float) -> None:
    def holds(limit: float) -> bool:
        above = [wrong for confidence, wrong in readings if confidence >= limit]
        return bool(above) and sum(above) <= wrong_at_most * len(above)

    found = limit_of(readings, wrong_at_most)
    assert found == min((c for c, _ in readings if holds(c)), default=None)


def sample() -> list[PictureSeen]:
    def number(row: int, value: str, confidence: float, attack: str = "none") -> PictureSeen:
        picture = labelled(row, {"id_number": "12"}, attack=attack)
        return seen(picture, {"id_number": read(value, confidence)})

    return [
        number(2, "12", 0.98),
        number(3, "12", 0.91234567),
        number(4, "13", 0.7),
        number(5, "12", 0.6),
        number(6, "99", 0.99, attack="copy_move"),
    ]


def test_the_file_says_what_was_measured_and_with_which_model(tmp_path: Path) -> None:
    limits = certainty_limits(sample(), DATA, READER, "2026-11-23")
    write_limits(limits, tmp_path / "new" / "limits.json")
    written = json.loads((tmp_path / "new" / "limits.json").read_text("utf-8"))
    assert written["model"] == {"id": READER.id, "sha256": READER.sha256}
    number = written["fields"]["id_number"]
    assert number["limit"] == 0.912345
    assert (number["readings"], number["documents"], number["wrong"], number["highest_wrong"]) == (4, 4, 1, 0.7)
    assert number["wrong_of_certain"]["count"] == 0
    assert number["wrong_of_certain"]["ci_high"] == pytest.approx(0.6576, abs=1e-4)
    assert (number["certain_of_read"]["count"], number["certain_of_read"]["n"]) == (2, 4)


def test_a_field_whose_surest_reading_is_wrong_has_no_limit() -> None:
    picture = seen(labelled(2, {"id_number": "12"}), {"id_number": read("13", 1.0)})
    number = certainty_limits([picture], DATA, READER, "2026-11-23")["fields"]["id_number"]
    assert number["limit"] is None
    assert number["wrong_of_certain"]["rate"] is None

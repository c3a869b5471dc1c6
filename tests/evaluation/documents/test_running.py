"""Real processes: one that raises, one that dies, one that cannot be opened."""

from __future__ import annotations

import pytest

from kyc_service.errors import Unavailable
from kyc_service.evaluation.documents.running import DIED, read_all
from kyc_service.evaluation.documents.seen import State
from tests.evaluation.documents.stand_ins import StandIn, closed, picture


def test_an_exception_and_a_death_are_rows_and_the_others_are_read() -> None:
    cases = [(picture(row),) for row in (2, 3, 4, 5)]
    seen = {s.picture.row: s for found in read_all(cases, StandIn, jobs=2) for s in found}
    assert {row: s.state for row, s in seen.items()} == {
        2: State.KEPT,
        3: State.CRASHED,
        4: State.CRASHED,
        5: State.KEPT,
    }
    assert (seen[3].cause, seen[4].cause) == ("ZeroDivisionError", DIED)


def test_a_reader_that_cannot_be_opened_ends_the_run() -> None:
    with pytest.raises(Unavailable, match="no models"):
        list(read_all([(picture(2),)], closed, jobs=1))

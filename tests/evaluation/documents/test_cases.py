from __future__ import annotations

from kyc_service.evaluation.documents.cases import cases_of
from tests.evaluation.documents.builders import labelled


def test_front_and_back_of_one_document_are_one_case() -> None:
    back, front = labelled(2, side="back", document="d"), labelled(3, document="d", attack="screen_phone")
    alone = labelled(4)
    assert cases_of([back, front, alone]) == [(front, back), (alone,)]


def test_of_several_pictures_like_goes_with_like_and_the_rest_alone() -> None:
    mild_front, mild_back = labelled(2, document="d"), labelled(3, document="d", side="back")
    severe_front = labelled(4, document="d", severity="severe")
    attacked_back = labelled(5, document="d", side="back", attack="photocopy")
    cases = cases_of([mild_front, mild_back, severe_front, attacked_back])
    assert cases == [(mild_front, mild_back), (severe_front,), (attacked_back,)]


def test_every_picture_is_in_exactly_one_case() -> None:
    rows = [labelled(row, document="d" if row % 3 else "", side="back" if row % 2 else "front") for row in range(2, 20)]
    found = [picture.row for case in cases_of(rows) for picture in case]
    assert sorted(found) == list(range(2, 20))

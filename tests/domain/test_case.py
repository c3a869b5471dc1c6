from __future__ import annotations

import pytest

from kyc_service.domain.case import CaseQueue, queue_of
from kyc_service.domain.checks import CheckName
from kyc_service.domain.outcome import Outcome

REJECTED, CONSIDER, UNASSESSED = Outcome.REJECTED, Outcome.CONSIDER, Outcome.NOT_ASSESSED


@pytest.mark.parametrize("name", [name for name in CheckName if not name.value.startswith("policy.")])
def test_every_check_has_a_queue(name: CheckName) -> None:
    found = queue_of([(CheckName.COMBINATIONS, REJECTED), (name, CONSIDER)])
    starts = {
        "authority": CaseQueue.REGISTER,
        "liveness": CaseQueue.LIVENESS,
        "face": CaseQueue.FACES,
        "document": CaseQueue.DOCUMENTS,
        "phone": CaseQueue.PLACE_AND_PHONE,
        "geolocation": CaseQueue.PLACE_AND_PHONE,
        "velocity": CaseQueue.HISTORY,
    }
    assert found is starts[name.value.partition(".")[0]]


@pytest.mark.parametrize(
    ("raised", "queue"),
    [
        ([], CaseQueue.DOCUMENTS),
        ([(CheckName.CROSS_CHECKS, UNASSESSED)], CaseQueue.DOCUMENTS),
        ([(CheckName.PHONE_VALID, REJECTED), (CheckName.FACE_MATCH, CONSIDER)], CaseQueue.PLACE_AND_PHONE),
        ([(CheckName.PHONE_VALID, CONSIDER), (CheckName.FACE_MATCH, UNASSESSED)], CaseQueue.PLACE_AND_PHONE),
        ([(CheckName.FACE_MATCH, CONSIDER), (CheckName.LIVENESS_PASSIVE, CONSIDER)], CaseQueue.LIVENESS),
        ([(CheckName.LIVENESS_PASSIVE, CONSIDER), (CheckName.AUTHORITY_SANCTIONS, CONSIDER)], CaseQueue.REGISTER),
        ([(CheckName.VELOCITY_FACE, UNASSESSED), (CheckName.MRZ, UNASSESSED)], CaseQueue.DOCUMENTS),
    ],
)
def test_the_gravest_check_says_the_queue(raised: list[tuple[CheckName, Outcome]], queue: CaseQueue) -> None:
    assert queue_of(raised) is queue
    assert queue_of(raised[::-1]) is queue

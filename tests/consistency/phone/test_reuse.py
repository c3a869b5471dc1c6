from __future__ import annotations

import pytest

from kyc_service.consistency.phone.reuse import measure
from kyc_service.domain.history import History, Subject
from kyc_service.domain.measurements import Finding, NotAssessed, Score
from kyc_service.domain.reasons import Reason

BOTH = frozenset({Subject.PERSON, Subject.PHONE})


@pytest.mark.parametrize("others", [0, 1, 7])
def test_other_identities_are_counted(others: int) -> None:
    count, change = measure(History(BOTH, phone_other_identities=others))
    assert isinstance(count, Score)
    assert (count.name, count.native) == ("other_identities", others)
    assert isinstance(change, Finding)
    assert change.reasons == ()


@pytest.mark.parametrize("subjects", [BOTH, BOTH - {Subject.PERSON}, BOTH - {Subject.PHONE}])
def test_another_phone_than_the_last_time_is_found(subjects: frozenset[Subject]) -> None:
    found = measure(History(subjects, person_had_other_phone=True))
    assert [m.reasons for m in found if isinstance(m, Finding)] == [(Reason.PHONE_CHANGED,)]


def test_without_the_person_nobody_can_say_that_the_phone_is_the_same() -> None:
    (count,) = measure(History(frozenset({Subject.PHONE})))
    assert isinstance(count, Score)


@pytest.mark.parametrize("history", [None, History(frozenset()), History(frozenset({Subject.PERSON}))])
def test_what_was_not_looked_for_is_not_counted(history: History | None) -> None:
    (found,) = measure(history)
    assert isinstance(found, NotAssessed)
    assert found.reason is Reason.NOT_MEASURED

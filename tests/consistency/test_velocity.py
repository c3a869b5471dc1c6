from __future__ import annotations

from itertools import permutations

import pytest

from kyc_service.consistency.velocity import measure
from kyc_service.domain.checks import CheckName
from kyc_service.domain.history import WINDOWS, Count, History, Subject
from kyc_service.domain.measurements import Finding, Measurement, NotAssessed, Score
from kyc_service.domain.reasons import Reason

CHECKS = {subject: CheckName(f"velocity.{subject}") for subject in Subject}
ALL = frozenset(Subject)


def scores(found: tuple[Measurement, ...], subject: Subject) -> dict[str, float]:
    return {m.name: m.native for m in found if isinstance(m, Score) and m.check is CHECKS[subject]}


@pytest.mark.parametrize("subject", Subject)
def test_attempts_and_identities_are_counted_by_window(subject: Subject) -> None:
    counts = tuple(Count(subject, window, 10 + n, n) for n, (window, _) in enumerate(WINDOWS))
    found = measure(History(ALL, counts))
    attempts = {"attempts_1h": 10.0, "attempts_24h": 11.0, "attempts_30d": 12.0}
    identities = {"identities_1h": 0.0, "identities_24h": 1.0, "identities_30d": 2.0}
    assert scores(found, subject) == (attempts if subject is Subject.PERSON else attempts | identities)
    assert all(sum(scores(found, other).values()) == 0 for other in Subject if other is not subject)


@pytest.mark.parametrize("subject", Subject)
def test_what_is_not_there_to_look_for_is_not_assessed(subject: Subject) -> None:
    found = measure(History(ALL - {subject}))
    (missing,) = (m for m in found if m.check is CHECKS[subject])
    assert isinstance(missing, NotAssessed)
    assert missing.reason is Reason.NOT_PROVIDED


def test_without_history_nothing_is_measured() -> None:
    found = measure(None)
    assert [m.check for m in found] == list(CHECKS.values())
    assert all(isinstance(m, NotAssessed) and m.reason is Reason.NOT_MEASURED for m in found)


def test_the_order_of_the_counts_does_not_matter() -> None:
    counts = (
        Count(Subject.PHONE, "1h", 1, 2),
        Count(Subject.PHONE, "1h", 2, 1),
        Count(Subject.FACE, "24h", 3, 3),
        Count(Subject.FACE, "a week", 9, 9),
    )
    answers = [measure(History(ALL, order)) for order in permutations(counts)]
    assert all(answer == answers[0] for answer in answers)
    assert scores(answers[0], Subject.PHONE)["attempts_1h"] == 2.0
    assert scores(answers[0], Subject.PHONE)["identities_1h"] == 2.0


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (History(ALL), [()]),
        (History(ALL, person_had_other_device=True), [(Reason.DEVICE_CHANGED,)]),
        (History(ALL - {Subject.PERSON}, person_had_other_device=True), [(Reason.DEVICE_CHANGED,)]),
        (History(ALL - {Subject.DEVICE}, person_had_other_device=True), [(Reason.DEVICE_CHANGED,)]),
        (History(ALL - {Subject.PERSON}), []),
        (History(ALL - {Subject.DEVICE}), []),
    ],
)
def test_a_changed_device_is_found(history: History, expected: list[tuple[Reason, ...]]) -> None:
    found = [m for m in measure(history) if isinstance(m, Finding)]
    assert [m.reasons for m in found] == expected
    assert all(m.check is CheckName.VELOCITY_DEVICE for m in found)

from __future__ import annotations

import pytest

from kyc_service.domain.outcome import Verdict
from kyc_service.domain.verification import (
    TRANSITIONS,
    TransitionNotAllowed,
    VerificationStatus,
    check_transition,
    next_status,
)

S = VerificationStatus


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (Verdict.APPROVE, S.VERIFIED),
        (Verdict.DECLINE, S.DECLINED),
        (Verdict.REVIEW, S.IN_REVIEW),
        (Verdict.RETAKE, S.REQUIRES_INPUT),
    ],
)
def test_every_verdict_leads_to_one_status(verdict: Verdict, status: VerificationStatus) -> None:
    assert next_status(verdict) is status


def test_every_verdict_is_reachable_from_processing() -> None:
    for verdict in Verdict:
        check_transition(S.PROCESSING, next_status(verdict))


def test_every_status_has_its_row() -> None:
    assert set(TRANSITIONS) == set(S)


@pytest.mark.parametrize("current", S)
@pytest.mark.parametrize("wanted", S)
def test_only_the_steps_of_the_table_are_taken(current: VerificationStatus, wanted: VerificationStatus) -> None:
    if wanted in TRANSITIONS[current]:
        check_transition(current, wanted)
    else:
        with pytest.raises(TransitionNotAllowed) as caught:
            check_transition(current, wanted)
        assert caught.value.code == "transition_not_allowed"


def test_a_decision_is_never_turned_without_a_review() -> None:
    assert S.DECLINED not in TRANSITIONS[S.VERIFIED]
    assert S.VERIFIED not in TRANSITIONS[S.DECLINED]
